"""How is an act or a look written down? By the one who acts, inside the transaction of the act."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from tiemchung.ground import clock, origin, rows
from tiemchung.ground.models import AuditEntry, NumberLookup, ReadEntry

BLOCK = 100  # numbers that differ in their last two digits only lie in one block


def entry(
    act: str,
    *,
    by: UUID | None,
    subject: UUID | None = None,
    person_id: UUID | None = None,
    facility_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """One act as a row of AuditEntry, for those who write many rows together by `Planned.add`."""
    return {
        "at": clock.now(),
        "act": act,
        "by": by,
        "subject": subject,
        "person_id": person_id,
        "facility_id": facility_id,
        "detail": detail or {},
        **origin.current().as_columns(),
    }


def record(
    act: str,
    *,
    by: UUID | None,
    subject: UUID | None = None,
    person_id: UUID | None = None,
    facility_id: UUID | None = None,
    **detail: Any,
) -> None:
    """Write one act. `detail` holds ids, codes and counts, never a name, number or phone.

    Raises TransactionManagementError outside a transaction: an act without its entry, or an entry without its act,
    could then remain.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{act}: an act and its entry belong in one transaction")
    row = entry(act, by=by, subject=subject, person_id=person_id, facility_id=facility_id, detail=detail)
    AuditEntry.objects.create(**row)


def read(*, person_id: UUID, by: UUID | None, reason: str, facility_id: UUID | None = None) -> None:
    """Write one look at a person's record."""
    read_many(person_ids=[person_id], by=by, reason=reason, facility_id=facility_id)


def read_many(*, person_ids: Iterable[UUID], by: UUID | None, reason: str, facility_id: UUID | None = None) -> None:
    """Write one look at each of several persons' records, such as a page of names."""
    said = {"at": clock.now(), "by": by, "facility_id": facility_id, "reason": reason}
    came_from = origin.current().as_columns()
    rows.insert([ReadEntry(person_id=person_id, **said, **came_from) for person_id in person_ids])


def looked_up(number: str, *, by: UUID | None, found: bool) -> None:
    """Write that somebody was looked for by an identity number, which itself is not written: only that two are near.

    `number` is the normalised text of an identity number; what ends in no two digits lies in a block of its own.
    """
    NumberLookup.objects.create(
        at=clock.now(),
        by=by,
        number=_keyed("number", number),
        block=_keyed("block", number[:-2] if number[-2:].isdigit() else number),
        found=found,
        **origin.current().as_columns(),
    )


def _keyed(what: str, value: str) -> str:
    """Who has the table and not the installation's secret cannot try out numbers."""
    return salted_hmac(f"ground.lookup.{what}", value, algorithm="sha256").hexdigest()[:32]
