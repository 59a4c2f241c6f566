"""What is sealed? Every table that only grows, row by row in one canonical text; found in the catalogue, not listed.

The text of a row is a JSON array: the table's name, then the value of each column as PostgreSQL writes it. The columns
are named by the seal.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import connection
from psycopg import sql as composing

from tiemchung.ground import sql
from tiemchung.ground.sql import Query

OWN = frozenset({"oversight_seal", "oversight_sealedleaves"})  # each seal is bound by the next, not by itself
PART = 65_536  # leaves; a power of two, so that roots of parts have the root of the whole
queries = sql.load(__package__)


@dataclass(frozen=True)
class Ledger:
    """A table that only grows, as it is to be read: which columns, and by which of them a row is named."""

    table: str
    columns: tuple[str, ...]
    key: str
    guarded: bool = True

    def filled(self, query: Query) -> Query:
        """A statement for this table: its names in place of {table}, {key} and {content}."""
        parts: list[composing.Composable] = [composing.Literal(self.table)]
        parts += [composing.SQL("{}::text").format(composing.Identifier(column)) for column in self.columns]
        composed = composing.SQL(query.statement).format(
            table=composing.Identifier(self.table),
            key=composing.Identifier(self.key),
            content=composing.SQL(", ").join(parts),
        )
        connection.ensure_connection()
        return replace(query, statement=composed.as_string(connection.connection))

    def of_columns(self, columns: Sequence[str]) -> "Ledger":
        """The same table read as it was when it had these columns."""
        return replace(self, columns=tuple(columns))


@dataclass(frozen=True)
class Leaves:
    """Rows of one table in the order of the tree: their keys, and the hash of each."""

    keys: tuple[str, ...]
    hashes: bytes  # 32 bytes a row

    def __len__(self) -> int:
        return len(self.keys)

    def each(self) -> list[bytes]:
        """The hashes one by one."""
        return [self.hashes[start : start + 32] for start in range(0, len(self.hashes), 32)]


def all_ledgers() -> dict[str, Ledger]:
    """The tables to be sealed, by name."""
    rows = sql.fetch_all(queries["ledgers"])
    return {
        row["table"]: Ledger(row["table"], tuple(row["columns"]), row["key"], row["guarded"])
        for row in rows
        if row["table"] not in OWN
    }


def leaves(ledger: Ledger, first: int, until: int) -> list[Leaves]:
    """The leaves of the rows that transactions first ≤ … < until wrote, in parts; call after `plain_text`."""
    row = sql.fetch_one(ledger.filled(queries["leaves"]), {"first": first, "until": until})
    if row is None or row["keys"] is None:
        return []
    keys, hashes = row["keys"].split("\n"), bytes(row["hashes"])
    starts = range(0, len(keys), PART)
    return [Leaves(tuple(keys[at : at + PART]), hashes[32 * at : 32 * (at + PART)]) for at in starts]


def plain_text() -> None:
    """Fix how values are written, until the end of the transaction."""
    sql.fetch_one(queries["plain_text"])


def count(ledger: Ledger, first: int, until: int) -> int:
    """How many rows transactions first ≤ … < until wrote."""
    row = sql.fetch_one(ledger.filled(queries["count_range"]), {"first": first, "until": until})
    return int(row["rows"]) if row else 0


def horizon() -> int:
    """The transaction below which all are over."""
    row = sql.fetch_one(queries["horizon"])
    assert row is not None
    return int(row["horizon"])
