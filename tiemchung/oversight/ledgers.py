"""What is sealed? Every table that only grows; found in the catalogue, not listed."""

from dataclasses import dataclass, replace

from django.db import connection
from psycopg import sql as composing

from tiemchung.ground import sql
from tiemchung.ground.sql import Query

OWN = frozenset({"oversight_seal", "oversight_sealedleaves"})  # each seal is bound by the next, not by itself
queries = sql.load(__package__)


@dataclass(frozen=True)
class Ledger:
    """A table that only grows, as it is to be read: which columns, and by which of them a row is named."""

    table: str
    columns: tuple[str, ...]
    key: str
    guarded: bool = True
    types: tuple[str, ...] = ()  # of the columns, as PostgreSQL names them; the first seals do not say them

    def filled(self, query: Query, **values: int | str) -> Query:
        """A statement for this table, its names in place of {table}, {key}, {values} and {texts}.

        `values` are for statements that take no parameters, as COPY.
        """
        composed = composing.SQL(query.statement).format(
            table=composing.Identifier(self.table),
            key=composing.Identifier(self.key),
            values=self._values(),
            texts=self._texts(),
            **{name: composing.Literal(value) for name, value in values.items()},
        )
        connection.ensure_connection()
        return replace(query, statement=composed.as_string(connection.connection))

    def _values(self) -> composing.Composed:
        """Each column in the type it was sealed in, which costs nothing where that is still its own."""
        typed = zip(self.columns, self.types, strict=False)
        cast = composing.SQL("{}::{}")
        return composing.SQL(", ").join(cast.format(*map(composing.Identifier, each)) for each in typed)

    def _texts(self) -> composing.Composed:
        """The table's name and each value as text: what the first seals are over."""
        texts: list[composing.Composable] = [composing.Literal(self.table)]
        texts += [composing.SQL("{}::text").format(composing.Identifier(column)) for column in self.columns]
        return composing.SQL(", ").join(texts)


def all_ledgers() -> dict[str, Ledger]:
    """The tables to be sealed, by name."""
    rows = sql.fetch_all(queries["ledgers"])
    return {
        row["table"]: Ledger(row["table"], tuple(row["columns"]), row["key"], row["guarded"], tuple(row["types"]))
        for row in rows
        if row["table"] not in OWN
    }


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


def highest(ledger: Ledger) -> int:
    """The highest number of a transaction in a table, 0 for an empty one."""
    row = sql.fetch_one(ledger.filled(queries["highest"]))
    return int(row["highest"]) if row else 0


def upcoming() -> int | None:
    """The number above those of all transactions that wrote what was read before; none on a standby."""
    row = sql.fetch_one(queries["upcoming"])
    return row["upcoming"] if row else None
