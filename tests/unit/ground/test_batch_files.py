"""Batches as files: whole and signed, or refused with a reason that names the file."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import duckdb
import pytest

from tiemchung.ground import batch_files
from tiemchung.ground.batch_files import ANSWERS, QUESTIONS, Manifest
from tiemchung.ground.errors import InvalidInputError

BATCH = UUID("018bcfe5-6800-7000-8000-000000000001")
ROWS = [("1", "Nguyễn, «Hạnh»"), ("2", ""), ("3", 'said "x"')]


def genuine(text: str, signature: dict[str, str]) -> bool:
    return batch_files.is_signed_by_secret(text, signature, "secret")


@pytest.fixture(params=["csv", "parquet"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    file = batch_files.write_rows(tmp_path / f"data-0000.{request.param}", ("id", "name"), ROWS)
    manifest = Manifest(QUESTIONS, BATCH, datetime(2022, 5, 14, tzinfo=UTC), ("a", "b"), (file,))
    batch_files.write(tmp_path, manifest, batch_files.sign_by_secret(manifest.text, "secret"))
    return tmp_path


def data(folder: Path) -> Path:
    return next(folder.glob("data-*"))


def test_a_batch_is_read_as_it_was_written(folder: Path) -> None:
    found = batch_files.read(folder, QUESTIONS, genuine)
    assert (found.batch, found.rows, found.period, found.format) == (BATCH, 3, ("a", "b"), QUESTIONS)
    assert batch_files.is_finished(folder)
    assert not list(folder.glob("*.part*"))


def half(folder: Path) -> None:
    data(folder).write_bytes(data(folder).read_bytes()[:-10])


def changed(folder: Path) -> None:
    content = bytearray(data(folder).read_bytes())
    content[-12] ^= 1
    data(folder).write_bytes(content)


def other_rows(folder: Path) -> None:
    """The manifest itself says another number of rows, and is signed."""
    file = batch_files.DataFile(**{**batch_files.DataFile.of(data(folder)).__dict__, "rows": 4})
    manifest = Manifest(QUESTIONS, BATCH, datetime(2022, 5, 14, tzinfo=UTC), ("a", "b"), (file,))
    batch_files.write(folder, manifest, batch_files.sign_by_secret(manifest.text, "secret"))


def other_text(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"rows":3', '"rows":2'))


def other_key(folder: Path) -> None:
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.sig").write_text(str(batch_files.sign_by_secret(text, "guessed")).replace("'", '"'))


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "manifest_absent"),
        (lambda folder: (folder / "manifest.sig").unlink(), "manifest_absent"),
        (lambda folder: (folder / "manifest.sig").write_text("{"), "manifest_unreadable"),
        (lambda folder: (folder / "manifest.sig").write_text("[]"), "manifest_unreadable"),
        (lambda folder: (folder / "manifest.json").write_bytes(b"\xff" * (2 << 20)), "manifest_unreadable"),
        (other_text, "manifest_signature"),
        (other_key, "manifest_signature"),
        (lambda folder: data(folder).unlink(), "file_absent"),
        (half, "file_half"),
        (changed, "file_changed"),
        (other_rows, "file_rows"),
    ],
)
def test_what_is_not_whole_is_refused_with_its_name(folder: Path, harm: Callable[[Path], object], code: str) -> None:
    harm(folder)
    with pytest.raises(InvalidInputError) as refused:
        batch_files.read(folder, QUESTIONS, genuine)
    assert refused.value.code == code
    assert refused.value.field
    assert refused.value.vi.rstrip(".") != refused.value.en.rstrip(".")


def test_questions_are_no_answers(folder: Path) -> None:
    with pytest.raises(InvalidInputError) as refused:
        batch_files.read(folder, ANSWERS, genuine)
    assert (refused.value.code, refused.value.field) == ("manifest_format", "format")


@pytest.mark.parametrize("name", ["../data.csv", "/etc/passwd"])
def test_a_manifest_names_no_file_outside_its_folder(tmp_path: Path, name: str) -> None:
    file = batch_files.DataFile(name, 1, 1, "0" * 64)
    manifest = Manifest(QUESTIONS, BATCH, datetime(2022, 5, 14, tzinfo=UTC), ("", ""), (file,))
    batch_files.write(tmp_path, manifest, batch_files.sign_by_secret(manifest.text, "secret"))
    with pytest.raises(InvalidInputError) as refused:
        batch_files.read(tmp_path, QUESTIONS, genuine)
    assert refused.value.code == "manifest_unreadable"


@pytest.mark.parametrize("name", ["a;b;c", "'a'", "#a", 'say "a", b', "a\nb", "a|b\tc"])
def test_no_value_changes_how_a_csv_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "data.csv"
    rows = [("1", name), ("2", name)]
    assert batch_files.write_rows(path, ("id", "name"), rows).rows == 2
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT id, name FROM {batch_files.reading([path])}").fetchall() == rows


def test_what_cannot_be_read_is_refused_without_its_values(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text('id,name\n1,"Hạnh\n')
    with pytest.raises(InvalidInputError) as refused, batch_files.readable("data.csv"), duckdb.connect() as connection:
        connection.execute(f"SELECT id, name FROM {batch_files.reading([path])}").fetchall()
    assert (refused.value.code, refused.value.field) == ("file_unreadable", "data.csv")
    assert "Hạnh" not in refused.value.vi + refused.value.en
