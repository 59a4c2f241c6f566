"""How is a domain's SQL written, named and run?

Each domain keeps its statements in `queries/*.sql`. A statement has a name, a sentence that says what it answers, and
its text:

    -- lots_in_hand --
    -- The lots of a facility that still have doses, the first to expire first.
    SELECT ... WHERE facility_id = %(facility_id)s;

A statement of the hot paths has `prepared` behind its name: each connection has the server parse and plan it once,
and then only sends the values. Its plan must fit whatever the values and however large the tables, so it goes by keys.

Values are never written into a statement: they travel beside it and the server binds them. So a parameter whose type
the statement does not show needs a cast (`%(day)s::date IS NULL`), and a list is `= ANY(%(ids)s)`. A percent sign
is written twice in a statement that has parameters.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections
from psycopg.rows import dict_row, tuple_row

HEADER = re.compile(r"^-- (\S+)( prepared)? --$")
NAME = re.compile(r"[a-z][a-z0-9_]*")
Parameters = Mapping[str, Any] | Sequence[Any] | None


class QueryFileError(Exception):
    """A file of statements breaks its form; the message names file, line and cure."""


class UnknownQueryError(AttributeError, KeyError):
    """No statement of that name is in the domain; the message names those that are."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Query:
    """One named statement, with the sentence that says what it answers."""

    name: str
    about: str
    statement: str
    prepared: bool = False  # kept by the server for each connection, parsed and planned


class Queries:
    """The statements of one domain, by name: `queries.due` or `queries["due"]`."""

    def __init__(self, package: str, found: Iterable[Query]) -> None:
        self._package = package
        self._found = {query.name: query for query in found}

    def __getitem__(self, name: str) -> Query:
        try:
            return self._found[name]
        except KeyError:
            known = ", ".join(sorted(self._found))
            raise UnknownQueryError(f"{self._package} has no statement “{name}”; it has: {known}") from None

    def __getattr__(self, name: str) -> Query:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __iter__(self) -> Iterator[Query]:
        return iter(self._found.values())


def load(package: str) -> Queries:
    """Read all statements beside a package, by its dotted name. Raises QueryFileError for what breaks the form."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise QueryFileError(f"{package} is not a package")
    folder = Path(spec.submodule_search_locations[0]) / "queries"
    found: dict[str, Query] = {}
    for path in sorted(folder.glob("*.sql")):
        for query in parse(path.read_text(encoding="utf-8"), path.name):
            if query.name in found:
                raise QueryFileError(f"{path.name}: the name “{query.name}” is taken already; choose another")
            found[query.name] = query
    if not found:
        raise QueryFileError(f"{folder} holds no statement")
    return Queries(package, found.values())


def parse(text: str, file: str) -> list[Query]:
    """Read the statements of one file, in their order. Raises QueryFileError."""
    parts: list[tuple[int, re.Match[str], list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        header = HEADER.match(line)
        if header:
            parts.append((number, header, []))
        elif parts:
            parts[-1][2].append(line)
        elif line.strip():
            raise QueryFileError(f"{file}:{number}: a statement begins with its name: -- name --")
    return [_query(file, number, header, lines) for number, header, lines in parts]


def _query(file: str, number: int, header: "re.Match[str]", lines: list[str]) -> Query:
    name = header[1]
    length = next((index for index, line in enumerate(lines) if not line.startswith("--")), len(lines))
    about = " ".join(line.removeprefix("--").strip() for line in lines[:length])
    statement = "\n".join(lines[length:]).strip().removesuffix(";")
    if not NAME.fullmatch(name):
        raise QueryFileError(f"{file}:{number}: “{name}” is not a name: use small letters, digits and underscores")
    if not about:
        raise QueryFileError(f"{file}:{number}: “{name}” lacks a sentence: write under its name what it answers")
    if not statement:
        raise QueryFileError(f"{file}:{number}: “{name}” lacks its statement")
    return Query(name, about, statement, prepared=bool(header[2]))


def fetch_all(query: Query, params: Parameters = None, *, using: str = "default") -> list[dict[str, Any]]:
    """Run a statement and give its rows, each by column name."""
    with _cursor(using, dict_row, query.prepared) as cursor:
        cursor.execute(query.statement, params)
        rows: list[dict[str, Any]] = cursor.fetchall()
        return rows


def fetch_tuples(
    query: Query, params: Parameters = None, *, using: str = "default", binary: bool = False
) -> list[tuple[Any, ...]]:
    """Run a statement and give its rows by position: for large sets, where names would cost.

    With `binary` the server sends values as it holds them, which halves what many rows with times and ids cost to
    read; they are the same but for JSON, which then comes parsed.
    """
    with _cursor(using, tuple_row, query.prepared, binary=binary) as cursor:
        cursor.execute(query.statement, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def fetch_one(query: Query, params: Parameters = None, *, using: str = "default") -> dict[str, Any] | None:
    """Run a statement and give its first row by column name, or None."""
    with _cursor(using, dict_row, query.prepared) as cursor:
        cursor.execute(query.statement, params)
        row: dict[str, Any] | None = cursor.fetchone()
        return row


def execute(query: Query, params: Parameters = None, *, using: str = "default") -> int:
    """Run a statement that changes rows; gives their number."""
    with _cursor(using, tuple_row, query.prepared) as cursor:
        cursor.execute(query.statement, params)
        return int(cursor.rowcount)


def execute_many(query: Query, rows: Iterable[Mapping[str, Any] | Sequence[Any]], *, using: str = "default") -> int:
    """Run a statement once for each row of parameters, in one exchange with the server; gives the changed rows."""
    with _cursor(using, tuple_row) as cursor:
        cursor.executemany(query.statement, rows)
        return int(cursor.rowcount)


def copy_rows(
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    types: Sequence[str] | None = None,
    using: str = "default",
) -> int:
    """Write many rows into a table by COPY, the fastest way in; gives their number.

    With the columns' `types`, as PostgreSQL names them, values travel in binary, a third cheaper on both sides; each
    must then be of its column's own type: a date, not the text of one.
    """
    statement = psycopg.sql.SQL("COPY {} ({}) FROM STDIN {}").format(
        psycopg.sql.Identifier(table),
        psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, columns)),
        psycopg.sql.SQL("(FORMAT binary)" if types else ""),
    )
    with _cursor(using, tuple_row) as cursor, connections[using].wrap_database_errors:
        with cursor.copy(statement) as copy:
            if types:
                copy.set_types(types)
            for row in rows:
                copy.write_row(row)
        return int(cursor.rowcount)


class _Once(psycopg.Cursor[Any]):
    """Has the server parse and plan a statement anew each time."""

    def execute(self, query: Any, params: Parameters = None, **options: Any) -> Any:
        return super().execute(query, params, prepare=False, **options)


class _Prepared(psycopg.Cursor[Any]):
    """Has the server keep a statement, parsed and planned, as long as the connection lasts.

    A migration that changed a column's type makes the server refuse the statement as it was kept. Then it is kept
    anew; a transaction that was begun is lost with it, and its end lets psycopg forget what was kept.
    """

    def execute(self, query: Any, params: Parameters = None, **options: Any) -> Any:
        try:
            return super().execute(query, params, prepare=True, **options)
        except psycopg.errors.FeatureNotSupported:
            if self.connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                raise
            self.connection.execute("DEALLOCATE ALL")
            return super().execute(query, params, prepare=True, **options)


def _cursor(using: str, rows: Any, prepared: bool = False, *, binary: bool = False) -> Any:
    """A cursor on Django's connection, in its transaction, seen by its query log, whose parameters the server binds."""
    connection: Any = connections[using]
    connection.ensure_connection()
    plain = (_Prepared if prepared else _Once)(connection.connection, row_factory=rows)
    plain.format = psycopg.pq.Format.BINARY if binary else psycopg.pq.Format.TEXT
    return connection.make_debug_cursor(plain) if connection.queries_logged else connection.make_cursor(plain)
