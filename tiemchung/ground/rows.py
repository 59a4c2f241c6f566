"""How do new rows get into their tables, and objects out of them?

Many rows by COPY, so that a set costs little more than a row; a few by one statement for all of their tables, so that
an act costs one exchange with the server.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from psycopg.types.json import Jsonb

from tiemchung.ground import sql
from tiemchung.ground.encrypted_fields import EncryptedField

Model = TypeVar("Model", bound=models.Model)
_EXACT = {  # types whose values in Python are of one kind
    *("uuid", "varchar", "text", "jsonb", "boolean", "smallint", "integer", "bigint", "date", "bytea"),
    "timestamp with time zone",
}
FEW = 8  # rows: more are written by a COPY for each table


class Planned:
    """New rows of several tables, gathered first and written together.

    Tables are written in the order in which they were first named, so that a row stands before what refers to it.
    """

    def __init__(self, *order: type[models.Model]) -> None:
        self._rows: dict[type[models.Model], list[Sequence[Any]]] = {model: [] for model in order}

    def add(self, model: type[models.Model], **values: Any) -> None:
        """Plan one row, by the names of its columns' attributes; what is not named has the model's default."""
        layout = _layout(model)
        row = layout.defaults | values
        if len(row) != len(layout.defaults):
            raise TypeError(f"{model.__name__} has no {sorted(row.keys() - layout.defaults.keys())}")
        for name, write in layout.written.items():
            row[name] = write(row[name])
        self._rows.setdefault(model, []).append(tuple(row.values()))

    def write(self) -> None:
        """Write everything planned, all or none. Raises django.db.IntegrityError as single inserts do."""
        planned = {model: rows for model, rows in self._rows.items() if rows}
        self._rows.clear()
        if 0 < sum(map(len, planned.values())) <= FEW:
            _write_few(planned)
        else:
            _copy(planned)


def loaded(model: type[Model], columns: Mapping[str, Any]) -> Model:
    """An object as SQL of one's own has read it, by the names of its attributes.

    What is left out is read when asked for. Values are as the driver gives them: leave out what the field converts.
    """
    read = [name for name in _names(model) if name in columns]
    return model.from_db(DEFAULT_DB_ALIAS, read, [columns[name] for name in read])


@cache
def _names(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


def insert(objects: Sequence[models.Model]) -> None:
    """Insert new objects of one model, all or none; they keep the ids they were made with.

    Constraints and triggers hold as ever. Raises django.db.IntegrityError as single inserts do.
    """
    planned = Planned()
    for each in objects:
        layout = _layout(type(each))
        planned.add(type(each), **{name: each.__dict__[name] for name in layout.defaults})
    planned.write()


_Rows = dict[type[models.Model], list[Sequence[Any]]]


def _copy(planned: _Rows) -> None:
    """Raises TransactionManagementError outside a transaction: some tables could then have the rows, and others not."""
    if len(planned) > 1 and not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("rows of several tables belong in one transaction")
    for model, rows in planned.items():
        layout = _layout(model)
        sql.copy_rows(layout.table, layout.columns, rows, types=layout.types)


def _write_few(planned: _Rows) -> None:
    """Foreign keys are checked when the transaction ends, so the order of the tables is of no account here."""
    statement = _statement(tuple((model, len(rows)) for model, rows in planned.items()))
    sql.execute(statement, [value for rows in planned.values() for row in rows for value in row])


@lru_cache(maxsize=100)
def _statement(tables: tuple[tuple[type[models.Model], int], ...]) -> sql.Query:
    """One statement that inserts so many rows into each table."""
    inserts = [_layout(model).insert(count) for model, count in tables]
    parts = ", ".join(f"part_{number} AS ({insert})" for number, insert in enumerate(inserts[:-1]))
    statement = f"WITH {parts} {inserts[-1]}" if parts else inserts[-1]
    return sql.Query("insert_few", "Insert a few rows into several tables at once.", statement, prepared=True)


@dataclass(frozen=True)
class _Layout:
    """A table's columns, and in their order what stands there unless something else is said."""

    table: str
    columns: tuple[str, ...]
    types: tuple[str, ...] | None  # for COPY in binary; none where a column's type takes values of several kinds
    defaults: dict[str, Any]
    written: dict[str, Callable[[Any], Any]]  # how values are written that the driver cannot write as they are

    def insert(self, count: int) -> str:
        """The statement that inserts so many rows."""
        row = f"({', '.join(['%s'] * len(self.columns))})"
        columns = ", ".join(f'"{column}"' for column in self.columns)
        return f'INSERT INTO "{self.table}" ({columns}) VALUES {", ".join([row] * count)}'  # noqa: S608 (names of models)


@cache
def _layout(model: type[models.Model]) -> _Layout:
    """What COPY needs of a model. The database makes serial ids itself; ids that a maker gives have no default."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    return _Layout(
        table=model._meta.db_table,
        columns=tuple(str(field.column) for field in fields),
        types=_types(fields),
        defaults={field.attname: None if field.primary_key else field.get_default() for field in fields},
        written={field.attname: write for field in fields if (write := _writing(field))},
    )


def _types(fields: Sequence[Any]) -> tuple[str, ...] | None:
    """The columns' types without their lengths, which COPY in binary does not take."""
    types = tuple(re.sub(r"\([\d, ]+\)", "", field.db_type(connection)) for field in fields)
    return types if _EXACT.issuperset(types) else None


def _writing(field: Any) -> Callable[[Any], Any] | None:
    if isinstance(field, EncryptedField):
        return field.get_prep_value
    return Jsonb if isinstance(field, models.JSONField) else None
