"""After a whole day: everything that the population process ever sent, word for word, read for a value of a citizen.

Its process writes down each answer before it goes out (`population_sent`), and what goes as files lies in the exchange
folder; a value may stand in a slip alone, one field, of a record that the health side asked about.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from tests.played import PlayedDay
from tiemchung.cli.installation import POPULATION_DATABASE, Installation

SLIP = {"number", "id", "kind", "record", "at", "field", "value", "officer", "ground"}
OUTCOME = {"number", "id", "kind", "record", "at", "outcome"}


@pytest.fixture(scope="module")
def store(played_day: PlayedDay) -> Iterator["psycopg.Connection[Any]"]:
    """The population side's own database, as the day left it."""
    server = Installation(played_day.folder).start_database()
    with psycopg.connect(server.url(POPULATION_DATABASE)) as connection:
        yield connection
    server.release()


def sent(store: "psycopg.Connection[Any]") -> list[tuple[str, str]]:
    return list(store.execute("SELECT what, body FROM population_sent ORDER BY id"))


def notices(store: "psycopg.Connection[Any]") -> list[dict[str, Any]]:
    bodies = [json.loads(body) for what, body in sent(store) if what == "/notices"]
    return [json.loads(one["body"]) for body in bodies for one in body["notices"]]


def values(store: "psycopg.Connection[Any]") -> set[str]:
    """Every name, birth date and number of the register, and every commune of residence as a word of its own."""
    found = store.execute(
        "SELECT full_name FROM population_citizen UNION SELECT birth_date FROM population_citizen"
        " UNION SELECT value FROM population_citizennumber"
        " UNION SELECT '\"' || residence_code || '\"' FROM population_citizen WHERE residence_code <> ''"
    )
    return {value for (value,) in found}


def test_the_day_asked_and_was_answered_on_every_way(store: "psycopg.Connection[Any]") -> None:
    ways = {what.split()[0] for what, _ in sent(store)}
    assert ways == {"/check", "/confirmations", "/notices", "batch", "changes"}
    assert len(values(store)) > 100
    assert any(one["kind"] == "slip" for one in notices(store))


def test_no_answer_but_a_slip_holds_a_value(store: "psycopg.Connection[Any]") -> None:
    known = values(store)
    for what, body in sent(store):
        if what != "/notices":
            assert not [value for value in known if value in body], what


def files_sent(day: PlayedDay) -> list[Path]:
    """What the population side put into the exchange folder, whatever became of it there."""
    arrived = [day.folder / "exchange" / name for name in ("in", "taken", "refused")]
    return [path for folder in arrived for path in sorted(folder.rglob("*")) if path.is_file()]


def text_of(path: Path) -> str:
    """Everything in a file, its name, and the raw bytes too."""
    read = ""
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            read = str(connection.execute("FROM read_parquet(?)", [str(path)]).fetchall())
    return path.name + read + path.read_bytes().decode(errors="replace")


def test_the_day_sent_a_batch_of_answers_and_a_list_of_changes_as_files(played_day: PlayedDay) -> None:
    names = {path.name for path in files_sent(played_day)}
    assert {"manifest.json", "manifest.sig", "errors.csv", "report.json", "answers-unchecked.parquet"} <= names
    assert any(name.startswith("changes-") for name in names)
    answers = [text_of(path) for path in files_sent(played_day) if path.name.startswith("answers-0")]
    assert any("accents_lost" in text for text in answers)  # what is there is read


def test_nothing_but_the_agreed_files_lies_in_the_exchange_folder(played_day: PlayedDay) -> None:
    agreed = re.compile(
        r"manifest\.(json|sig)|errors\.csv|report\.json|answers-(\d+|unchecked)\.parquet|changes-\d+\.json"
    )
    assert not [path.name for path in files_sent(played_day) if not agreed.fullmatch(path.name)]


def test_the_register_is_left_nowhere_after_a_batch(played_day: PlayedDay) -> None:
    work = played_day.folder / "population-work"
    assert work.stat().st_mode & 0o077 == 0
    assert not list(work.iterdir())


def test_no_file_holds_a_value(store: "psycopg.Connection[Any]", played_day: PlayedDay) -> None:
    known = values(store)
    for path in files_sent(played_day):
        assert not [value for value in known if value in text_of(path)], path.name


def test_what_went_as_a_file_is_written_down_word_for_word(
    store: "psycopg.Connection[Any]", played_day: PlayedDay
) -> None:
    bodies = {body for _, body in sent(store)}
    files = {path.name: path for path in files_sent(played_day)}
    assert files["manifest.json"].read_text() in bodies
    for name in files:
        if name.startswith("changes-"):
            assert json.loads(files[name].read_text())["list"] in bodies


def test_a_slip_holds_one_field_of_one_record_that_was_asked_about(store: "psycopg.Connection[Any]") -> None:
    known = values(store)
    asked = {str(record): field for record, field in store.execute("SELECT id, field FROM population_confirmation")}
    for one in notices(store):
        assert set(one) == (SLIP if one["kind"] == "slip" else OUTCOME)
        assert one["record"] in asked
        rest = json.dumps({name: said for name, said in one.items() if name != "value"}, ensure_ascii=False)
        assert not [value for value in known if value in rest]
        if one["kind"] == "slip":
            assert one["field"] == asked[one["record"]]


def test_the_envelope_of_a_notice_holds_nothing_else(store: "psycopg.Connection[Any]") -> None:
    for what, body in sent(store):
        for one in json.loads(body)["notices"] if what == "/notices" else []:
            assert set(one) == {"number", "body", "signature", "key"}
