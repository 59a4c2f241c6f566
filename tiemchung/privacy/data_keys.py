"""Which encrypted values stand under which data key? Only read here; `actions_data_keys` writes them anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models.expressions import RawSQL

from tiemchung.ground.encrypted_fields import EncryptedField
from tiemchung.privacy import contents

BATCH = 2000  # rows in one transaction


@dataclass(frozen=True)
class Column:
    """One encrypted column: how many of its values stand under which key, and whether they can be written anew."""

    model: type[models.Model]
    name: str
    can_change: bool

    @property
    def title(self) -> str:
        return f"{self.model._meta.db_table}.{self.name}"

    def by_key(self) -> dict[int, int]:
        """Key number → how many values."""
        numbered = self._numbered().values_list("under").annotate(models.Count("pk")).order_by("under")
        return dict(numbered)

    def older_than(self, number: int, after: Any) -> list[tuple[Any, Any]]:
        """Keys and opened values of a batch that stands under another key, in the order of the keys."""
        rows = self._numbered().exclude(under=number).order_by("pk")
        rows = rows.filter(pk__gt=after) if after is not None else rows
        return list(rows.values_list("pk", self.name)[:BATCH])

    def _numbered(self) -> "models.QuerySet[Any]":
        quoted = connection.ops.quote_name(self.name)
        some = self.model._default_manager.filter(**{f"{self.name}__isnull": False})
        numbered: models.QuerySet[Any] = some.annotate(under=RawSQL(f"get_byte({quoted}, 1)", []))  # noqa: S611 (a column's name of ours)
        return numbered


def columns() -> Iterator[Column]:
    """All encrypted columns of the platform."""
    fixed = contents.sealed_as_they_are()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedField):
                yield Column(model, field.name, (model._meta.db_table, field.name) not in fixed)


def status() -> dict[str, dict[int, int]]:
    """Column → key number → how many values."""
    return {column.title: column.by_key() for column in columns()}
