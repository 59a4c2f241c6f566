"""What does a version take for granted of its schema? Compared as databases, not as migrations: what is, counts.

The version before still serves while the schema of the next one is there already (docs/guide/upgrade.md). It reads
and writes its own columns and knows nothing of new ones: so each must still be there with its type, a row without the
new ones must be taken, and no new bound may refuse what it writes.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection

from tiemchung.ground import sql

queries = sql.load(__package__)
WIDER = {("integer", "bigint"), ("smallint", "integer"), ("smallint", "bigint")}


@dataclass(frozen=True)
class Column:
    """A column as whoever reads and writes it sees it."""

    type: str
    required: bool  # who inserts a row must give it
    filled: bool  # it is never null
    given: str  # what the database gives where a row does not; empty where nothing


@dataclass(frozen=True)
class Contract:
    """The tables and views of a schema with their columns, and the bounds by which a row may be refused.

    `not_by_null`: the bounds of a table that refuse a row in which all that they name is null.
    """

    columns: Mapping[str, Mapping[str, Column]]
    bounds: Mapping[str, Mapping[str, str]]
    not_by_null: Mapping[str, Sequence[str]]

    def as_json(self) -> str:
        """To be recorded with a release; a line for each table."""
        tables = {
            name: {each: asdict(column) for each, column in found.items()} for name, found in self.columns.items()
        }
        lines = {
            name: json.dumps(
                {
                    "columns": tables[name],
                    "bounds": self.bounds.get(name, {}),
                    "not_by_null": self.not_by_null.get(name, []),
                }
            )
            for name in tables
        }
        return "{\n" + ",\n".join(f"{json.dumps(name)}: {line}" for name, line in sorted(lines.items())) + "\n}\n"

    @classmethod
    def read(cls, text: str) -> "Contract":
        found: dict[str, Any] = json.loads(text)
        columns = {
            name: {each: Column(**column) for each, column in table["columns"].items()} for name, table in found.items()
        }
        bounds = {name: table["bounds"] for name, table in found.items() if table["bounds"]}
        return cls(
            columns, bounds, {name: table["not_by_null"] for name, table in found.items() if table["not_by_null"]}
        )


def as_it_is() -> Contract:
    """The contract of the database that Django is connected to."""
    columns: dict[str, dict[str, Column]] = {}
    for row in sql.fetch_all(queries["columns"]):
        found = Column(row["type"], row["required"], row["filled"], row["given"])
        columns.setdefault(row["table"], {})[row["column"]] = found
    bounds: dict[str, dict[str, str]] = {}
    for row in sql.fetch_all(queries["bounds"]):
        bounds.setdefault(row["table"], {})[row["name"]] = row["definition"]
    return Contract(columns, bounds, _not_by_null())


def _not_by_null() -> dict[str, list[str]]:
    """The database itself says what its bounds make of nulls: IS, coalesce and num_nonnulls answer them, = does not."""
    found: dict[str, list[str]] = {}
    for row in sql.fetch_all(queries["bounds_of_nulls"]):
        with connection.cursor() as cursor:
            cursor.execute(row["asked"])
            if cursor.fetchall() == [(True,)]:
                found.setdefault(row["table"], []).append(row["name"])
    return found


def broken(before: Contract, now: Contract) -> list[str]:
    """What the version before cannot live with, each with its table and cure; empty when it goes on as it did."""
    return [problem for table in before.columns for problem in _broken_in(table, before, now)]


def _broken_in(table: str, before: Contract, now: Contract) -> Iterator[str]:
    if table not in now.columns:
        yield f"{table} is gone: drop or rename it after the deploy"
        return
    was, found = before.columns[table], now.columns[table]
    for name, column in was.items():
        yield from _of_column(f"{table}.{name}", column, found.get(name))
    for name in found.keys() - was.keys():
        if found[name].required:
            yield f"{table}.{name} is new and must be given: let it be null, or give it a db_default"
    known = set(before.bounds.get(table, {}).values())
    for name, definition in now.bounds.get(table, {}).items():
        met = name not in now.not_by_null.get(table, ()) and _is_met_without(definition, was, found)
        if definition not in known and not met:
            yield f"{table}: {name} is new and may refuse what the old version writes: add it after the deploy"


def _of_column(name: str, was: Column, now: Column | None) -> Iterator[str]:
    if now is None:
        yield f"{name} is gone: drop or rename it after the deploy"
        return
    if now.type != was.type and (was.type, now.type) not in WIDER:
        yield f"{name} was {was.type} and is {now.type}: add a new column, and drop this one after the deploy"
    if now.filled and not was.filled:
        yield f"{name} may no longer be null: add that after the deploy"
    elif now.required and not was.required:
        yield f"{name} has lost its default: take it away after the deploy"


def _is_met_without(definition: str, was: Mapping[str, Column], found: Mapping[str, Column]) -> bool:
    """Whether a bound names new columns alone and takes any row that does not give them, as the old version's.

    Where all are null it does, unless the bound asks for nulls themselves (`not_by_null`). What the database fills may
    be refused, at once or, by the same default, in the second row; but for a number's bound at zero, which its default
    shows to be met.
    """
    words = set(definition.replace("(", " ").replace(")", " ").replace(",", " ").replace('"', " ").split())
    named = {name: found[name] for name in words & found.keys()}
    if not named or named.keys() & was.keys() or "NULLS NOT DISTINCT" in definition:
        return False
    return all(
        not (column.given or column.filled) or (definition == f"CHECK (({name} >= 0))" and column.given.isdigit())
        for name, column in named.items()
    )
