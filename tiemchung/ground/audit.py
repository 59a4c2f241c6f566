"""How is an act or a look written down? By the one who acts, inside the transaction of the act."""

from typing import Any
from uuid import UUID

from tiemchung.ground import clock
from tiemchung.ground.models import AuditEntry, ReadEntry


def record(
    act: str,
    *,
    by: UUID | None,
    subject: UUID | None = None,
    person_id: UUID | None = None,
    facility_id: UUID | None = None,
    **detail: Any,
) -> None:
    """Write one act. `detail` holds ids, codes and counts, never a name, number or phone."""
    AuditEntry.objects.create(
        at=clock.now(), act=act, by=by, subject=subject, person_id=person_id, facility_id=facility_id, detail=detail
    )


def read(*, person_id: UUID, by: UUID | None, reason: str, facility_id: UUID | None = None) -> None:
    """Write one look at a person's record."""
    ReadEntry.objects.create(at=clock.now(), by=by, person_id=person_id, facility_id=facility_id, reason=reason)
