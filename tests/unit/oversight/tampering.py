"""What somebody with the whole database in his hands does: as superuser, triggers switched off."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def unguarded() -> Iterator[Any]:
    """A cursor for which no trigger fires, foreign keys included."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


def tamper(statement: str, values: list[Any] | None = None) -> None:
    with unguarded() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount != 0, statement


def one(statement: str, values: list[Any] | None = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
        assert row, statement
        return row[0]
