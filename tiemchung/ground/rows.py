"""How do many new objects of one model get into their table? By COPY, so that a set costs little more than a row."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import models
from psycopg.types.json import Jsonb

from tiemchung.ground import sql


def insert(objects: Sequence[models.Model]) -> None:
    """Insert new objects of one model, all or none. Raises django.db.IntegrityError as single inserts do.

    Constraints and triggers hold as ever; the objects keep the ids they were made with, serial ids stay unknown.
    """
    if objects:
        table, columns, attributes, as_json = _layout(type(objects[0]))
        rows = ([_value(each.__dict__[name], name in as_json) for name in attributes] for each in objects)
        sql.copy_rows(table, columns, rows)


def _value(value: Any, as_json: bool) -> Any:
    return Jsonb(value) if as_json else value


@cache
def _layout(model: type[models.Model]) -> tuple[str, tuple[str, ...], tuple[str, ...], frozenset[str]]:
    """Table, columns, attribute names in the same order, and which of them are JSON. The database makes serial ids."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    as_json = frozenset(field.attname for field in fields if isinstance(field, models.JSONField))
    columns = tuple(str(field.column) for field in fields)
    return model._meta.db_table, columns, tuple(field.attname for field in fields), as_json
