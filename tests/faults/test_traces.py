"""What a day leaves behind: no log names anybody, and the health side's database holds no number that can be read.

A day was played with everybody's processes, the server killed in its middle; then every file is searched for every
person of it.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.played import PlayedDay
from tiemchung.cli.installation import HEALTH_DATABASE, Installation

SHORTEST_NAME = 8  # signs: shorter names are words that anything may contain


@dataclass(frozen=True)
class Marks:
    """What names a person: numbers, names, phones in both forms."""

    numbers: frozenset[str]
    names: frozenset[str]
    phones: frozenset[str]


@pytest.fixture(scope="module")
def marks(played_day: PlayedDay) -> Marks:
    with (played_day.folder / "register.csv").open(encoding="utf-8", newline="") as file:
        citizens = list(csv.DictReader(file))
    numbers = {row[name] for row in citizens for name in ("number", "old_number")} - {""}
    names = {row["full_name"] for row in citizens} | set(column(played_day, "SELECT full_name FROM people_person"))
    phones = set(column(played_day, "SELECT value FROM people_contact WHERE kind = 'phone'"))
    national = {"0" + phone.removeprefix("+84") for phone in phones}
    return Marks(
        frozenset(numbers),
        frozenset(name for name in names if len(name) >= SHORTEST_NAME),
        frozenset(phones | national),
    )


def column(day: PlayedDay, query: str) -> list[str]:
    server = Installation(day.folder).start_database()
    try:
        with psycopg.connect(server.url(HEALTH_DATABASE)) as connection:
            return [value for (value,) in connection.execute(query)]
    finally:
        server.release()


def log_files(day: PlayedDay) -> list[Path]:
    return [*(day.folder / "logs").glob("*.log"), *(day.folder / "pg").glob("server.log*")]


def test_every_process_has_left_a_log(played_day: PlayedDay) -> None:
    names = {path.name for path in log_files(played_day)}
    assert {"server.log", "worker.log", "population.log"} <= names
    assert any(path.parent.name == "pg" and path.stat().st_size for path in log_files(played_day))


def test_no_log_names_anybody(played_day: PlayedDay, marks: Marks) -> None:
    assert min(map(len, (marks.numbers, marks.names, marks.phones))) > 20
    for path in log_files(played_day):
        text = path.read_text(errors="replace")
        for kind in (marks.numbers, marks.names, marks.phones):
            assert sum(mark in text for mark in kind) == 0, path.name  # said without the mark itself


def test_the_health_sides_database_holds_no_number_that_can_be_read(played_day: PlayedDay, marks: Marks) -> None:
    copy = "\n".join(tables_of(played_day))
    assert sum(name in copy for name in marks.names) > 20  # what is there is found
    assert sum(number in copy or number.encode().hex() in copy for number in marks.numbers) == 0


def tables_of(day: PlayedDay) -> Iterator[str]:
    """Every table of the health side, as COPY writes it."""
    server = Installation(day.folder).start_database()
    try:
        with psycopg.connect(server.url(HEALTH_DATABASE)) as connection:
            query = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
            for (table,) in connection.execute(query).fetchall():
                with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                    yield b"".join(bytes(part) for part in copy).decode()
    finally:
        server.release()
