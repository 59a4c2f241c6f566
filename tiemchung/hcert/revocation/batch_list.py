"""The list of batches as a gateway serves it: what was added or deleted since a moment, oldest first.

Source: EU DCC revocation B2B specification, GET /revocation-list and /revocation-list/{batchId}.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tiemchung.hcert.revocation.batches import Batch

FIRST = datetime(2021, 6, 1, tzinfo=UTC)
"""The moment to ask for when nothing was fetched before."""

PAGE_SIZE = 1_000
DELETED_SHOWN = timedelta(days=7)
"""How long a deletion stays in the list; a partner that asks less often must start anew."""

_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Item:
    """A batch in the list: when it came or, if `deleted`, when it went."""

    id: UUID
    country: str
    date: datetime
    deleted: bool = False

    def as_json(self) -> dict[str, Any]:
        """Give the item as gateways do."""
        date = self.date.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"batchId": str(self.id), "country": self.country, "date": date, "deleted": self.deleted}


@dataclass(frozen=True, slots=True)
class Page:
    """At most 1,000 items; with `more`, ask again from the date of the last one."""

    items: tuple[Item, ...]
    more: bool

    def as_json(self) -> dict[str, Any]:
        """Give the page as gateways do."""
        return {"more": self.more, "batches": [item.as_json() for item in self.items]}


@dataclass(frozen=True, slots=True)
class Gone:
    """The batch was here and was deleted (HTTP 410)."""

    item: Item


class BatchList:
    """Batches that were added, and those that went. Times carry a time zone, and are taken in rising order."""

    def __init__(self) -> None:
        self._items: dict[UUID, Item] = {}
        self._batches: dict[UUID, Batch] = {}
        self._last = FIRST

    def add(self, batch: Batch, *, at: datetime) -> None:
        """Add a batch. Adding the same again does nothing; an id never gets another content, nor comes back."""
        known = self._batches.get(batch.id)
        if known is None and batch.id not in self._items:
            self._items[batch.id] = Item(batch.id, batch.country, self._tick(at))
            self._batches[batch.id] = batch
        elif known != batch:
            raise ValueError(f"batch {batch.id} was here before with another content, or was deleted")

    def delete(self, id: UUID, *, at: datetime) -> bool:
        """Delete a batch; False when it is unknown or gone already."""
        if self._batches.pop(id, None) is None:
            return False
        self._items[id] = replace(self._items.pop(id), date=self._tick(at), deleted=True)
        return True

    def delete_expired(self, *, at: datetime) -> int:
        """Delete the batches whose certificates have all expired; give their number."""
        expired = [id for id, batch in self._batches.items() if batch.expires <= at]
        return sum(self.delete(id, at=at) for id in expired)

    def get(self, id: UUID) -> Batch | Gone | None:
        """Give a batch, say that it is gone, or None for an id that never was here."""
        batch = self._batches.get(id)
        if batch is not None:
            return batch
        item = self._items.get(id)
        return Gone(item) if item else None

    def page(self, *, since: datetime = FIRST, at: datetime) -> Page:
        """Give what came or went after `since`, oldest first; deletions for seven days only."""
        changed = [item for item in self._items.values() if item.date > since and _shown(item, at)]
        changed.sort(key=lambda item: item.date)
        return Page(tuple(changed[:PAGE_SIZE]), more=len(changed) > PAGE_SIZE)

    def __iter__(self) -> Iterator[Batch]:
        return iter(self._batches.values())

    def _tick(self, at: datetime) -> datetime:
        """No two changes share a moment, so that paging by date neither repeats nor loses one."""
        self._last = max(at, self._last + _TICK)
        return self._last


def _shown(item: Item, at: datetime) -> bool:
    return not item.deleted or at - item.date <= DELETED_SHOWN
