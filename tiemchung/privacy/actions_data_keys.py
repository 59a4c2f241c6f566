"""A change of data keys: what is encrypted under an older key is encrypted anew under the one in use.

Columns of tables that only grow can be written anew where their content may go (docs/adr/0025): the seal leaves them
out. Elsewhere the ciphertext itself is sealed; it stays, and its key has to stay too. Runs as the tables' owner.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL

from tiemchung.ground import audit, encryption
from tiemchung.ground.encrypted_fields import EncryptedField
from tiemchung.people import numbers
from tiemchung.people.models import IdentityNumber
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


def rotate(*, by: UUID | None) -> dict[str, int]:
    """Write anew what stands under older keys, a batch at a time; gives how many values of each column.

    Killed, it goes on at the next call. Raises UnreadableValueError when an older key is not at hand.
    """
    return {column.title: _rotate(column, by) for column in columns() if column.can_change}


def _rotate(column: Column, by: UUID | None) -> int:
    done: Counter[str] = Counter()
    after: Any = None
    while True:
        rows = column.older_than(encryption.number_in_use(), after)
        if not rows:
            return done[column.title]
        _write(column, rows, by)
        done[column.title] += len(rows)
        after = rows[-1][0]


@transaction.atomic
def _write(column: Column, rows: list[tuple[Any, Any]], by: UUID | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tiemchung.erasing', 'on', true)")
    anew = [column.model(pk=pk, **{column.name: value}) for pk, value in rows]
    names = [column.name]
    if column.model is IdentityNumber:
        names.append("look_up")
        for row, (_, value) in zip(anew, rows, strict=True):
            row.look_up = numbers.look_up(value)  # type: ignore[attr-defined]
    column.model._default_manager.bulk_update(anew, names)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tiemchung.erasing', 'off', true)")
    audit.record("privacy.rotate", by=by, column=column.title, rows=len(rows), key=encryption.number_in_use())
