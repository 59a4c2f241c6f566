"""How do many new rows get into their tables? By COPY, so that a set costs little more than a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from psycopg.types.json import Jsonb

from tiemchung.ground import sql
from tiemchung.ground.encrypted_fields import EncryptedField


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
        for model, planned in self._rows.items():
            if planned:
                layout = _layout(model)
                sql.copy_rows(layout.table, layout.columns, planned)
        self._rows.clear()


def insert(objects: Sequence[models.Model]) -> None:
    """Insert new objects of one model, all or none; they keep the ids they were made with.

    Constraints and triggers hold as ever. Raises django.db.IntegrityError as single inserts do.
    """
    planned = Planned()
    for each in objects:
        layout = _layout(type(each))
        planned.add(type(each), **{name: each.__dict__[name] for name in layout.defaults})
    planned.write()


@dataclass(frozen=True)
class _Layout:
    """A table's columns, and in their order what stands there unless something else is said."""

    table: str
    columns: tuple[str, ...]
    defaults: dict[str, Any]
    written: dict[str, Callable[[Any], Any]]  # how values are written that the driver cannot write as they are


@cache
def _layout(model: type[models.Model]) -> _Layout:
    """What COPY needs of a model. The database makes serial ids itself; ids that a maker gives have no default."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    return _Layout(
        table=model._meta.db_table,
        columns=tuple(str(field.column) for field in fields),
        defaults={field.attname: None if field.primary_key else field.get_default() for field in fields},
        written={field.attname: write for field in fields if (write := _writing(field))},
    )


def _writing(field: Any) -> Callable[[Any], Any] | None:
    if isinstance(field, EncryptedField):
        return field.get_prep_value
    return Jsonb if isinstance(field, models.JSONField) else None
