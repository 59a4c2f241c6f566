"""Which encrypted values stand under which data key, and which of them open? `actions_data_keys` writes them anew."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models.expressions import RawSQL

from tiemchung.complaints import photos
from tiemchung.complaints.models import ComplaintPhoto
from tiemchung.ground import encryption
from tiemchung.ground.encrypted_fields import EncryptedField
from tiemchung.privacy import contents

BATCH = 2000  # rows in one transaction
LARGE_BATCH = 20  # values read at once where one may have hundreds of kilobytes
Numbers = dict[int, int]  # key number → how many


@dataclass(frozen=True)
class Column:
    """One encrypted column: how many of its values stand under which key, and whether they can be written anew."""

    model: type[models.Model]
    name: str
    can_change: bool
    opened: Callable[[bytes], Any]
    large: bool = False  # its values are pictures

    @property
    def title(self) -> str:
        return f"{self.model._meta.db_table}.{self.name}"

    def by_key(self) -> Numbers:
        """Key number → how many values."""
        numbered = self._numbered().values_list("under").annotate(models.Count("pk")).order_by("under")
        return dict(numbered)

    def older_than(self, number: int, after: Any) -> list[Any]:
        """Keys of a batch of rows whose value stands under another key, in the order of the keys."""
        rows = self._numbered().exclude(under=number).order_by("pk")
        rows = rows.filter(pk__gt=after) if after is not None else rows
        return list(rows.values_list("pk", flat=True)[:BATCH])

    def held(self, pks: list[Any], number: int) -> list[tuple[Any, Any]]:
        """Keys and opened values of those that still stand under another key; nobody writes them until the commit.

        Who is writing one of them is waited for, and then his value is read.
        """
        rows = self._numbered().filter(pk__in=pks).exclude(under=number).order_by("pk")
        return list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", self.name))

    def broken(self) -> Iterator[str]:
        """The rows whose key is at hand and whose value does not open with it: `table.column id` of each."""
        at_once = LARGE_BATCH if self.large else BATCH
        readable = self._numbered().filter(under__in=encryption.numbers_at_hand())
        for pk, kept in readable.annotate(kept=_bytes_of(self.name)).values_list("pk", "kept").iterator(at_once):
            try:
                self.opened(bytes(kept))
            except encryption.UnreadableValueError:
                yield f"{self.title} {pk}"

    def _numbered(self) -> "models.QuerySet[Any]":
        """With the number of the key, which stands at the head of a value: the rest of a large one is not fetched."""
        head = f"get_byte(substring({connection.ops.quote_name(self.name)} FROM 1 FOR 2), 1)"
        some = self.model._default_manager.filter(**{f"{self.name}__isnull": False})
        numbered: models.QuerySet[Any] = some.annotate(under=RawSQL(head, []))  # noqa: S611 (a column's name of ours)
        return numbered


@dataclass(frozen=True)
class Status:
    """What stands under which key: values that are encrypted, digests that are keyed."""

    values: dict[str, Numbers]  # by column
    digests: dict[str, Numbers]

    @property
    def unreadable(self) -> Numbers:
        """Of each key that is not at hand: how many values nobody can read without it."""
        return _of_missing_keys(self.values)

    @property
    def incomparable(self) -> Numbers:
        """Of each key that is not at hand: how many digests nobody can compare without it."""
        return _of_missing_keys(self.digests)

    def as_json(self) -> dict[str, Any]:
        """All for machines."""
        found = {"values": self.values, "digests": self.digests}
        return found | {"unreadable": self.unreadable, "incomparable": self.incomparable}


def columns() -> Iterator[Column]:
    """All encrypted columns of the platform."""
    fixed = contents.sealed_as_they_are()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedField):
                yield Column(model, field.name, (model._meta.db_table, field.name) not in fixed, field.opened)
    yield Column(ComplaintPhoto, "content", False, photos.opened, large=True)  # bytes, so no field of ours


def status() -> Status:
    """Count values and digests by key."""
    return Status({column.title: column.by_key() for column in columns()}, contents.digests_by_key())


def broken() -> list[str]:
    """The values that do not open though their key is at hand, but for contents: `contents.altered` opens these."""
    return [row for column in columns() if column.model not in contents.kept() for row in column.broken()]


def _of_missing_keys(counts: dict[str, Numbers]) -> Numbers:
    at_hand, found = encryption.numbers_at_hand(), Counter[int]()
    for numbers in counts.values():
        found.update({number: rows for number, rows in numbers.items() if number not in at_hand})
    return dict(sorted(found.items()))


def _bytes_of(column: str) -> RawSQL:
    """The value as it is kept: the field itself would open it."""
    return RawSQL(connection.ops.quote_name(column), [], output_field=models.BinaryField())  # noqa: S611 (the same)
