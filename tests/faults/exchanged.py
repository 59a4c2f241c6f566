"""A batch of questions that goes to the other side and is answered there, as the tests of batches need it."""

from pathlib import Path
from typing import Any

from tiemchung.ground import batch_files, clock
from tiemchung.ground.batch_files import QUESTIONS, Manifest
from tiemchung.ground.ids import new_id
from tiemchung.identity import actions_batches, batches, states
from tiemchung.linkage.sets.check import CheckOptions
from tiemchung.people.models import Person
from tiemchung.population import batches as theirs

SUU = {"full_name": "Lý Thị Sửu", "birth_date": "1967-09-03", "sex": "female"}
OPTIONS = CheckOptions("500MB", 1, 1, 1)


def answered(folder: Path) -> tuple[Path, theirs.Report]:
    """Send what is due in the folder, and have it answered."""
    actions_batches.export(folder=folder / "questions", by=None)
    return folder / "answers", theirs.check_batch(folder / "questions", folder / "answers", options=OPTIONS)


def standings(persons: list[Person]) -> list[str]:
    return [states.of(person.id).state.value for person in persons]


def questions(folder: Path, rows: list[tuple[str, ...]], columns: tuple[str, ...] = batches.COLUMNS) -> Path:
    """A batch that is whole and signed by the health side, whatever stands in it."""
    folder.mkdir()
    file = batch_files.write_rows(folder / "questions-0000.csv", columns, rows)
    manifest = Manifest(QUESTIONS, new_id(), clock.now(), ("", ""), (file,))
    batch_files.write(folder, manifest, batch_files.sign_by_secret(manifest.text, "tests-only"))
    return folder


def question(number: str = "001167000999", **changes: str) -> tuple[str, ...]:
    said = {"id": str(new_id()), "record": str(new_id()), "number": number, **SUU, **changes}
    return tuple(said[name] for name in batches.COLUMNS)


def rows_of(path: Path) -> list[dict[str, Any]]:
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
