"""What did a facility's devices send that could not be taken? It waits until an event of the same id was taken."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tiemchung.ground import sql
from tiemchung.visits.facts import queries

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """One event that waits; `vi` and `en` say why, as its sender was told."""

    id: UUID
    kind: str  # empty: cannot be read
    made_at: datetime | None  # None: cannot be read
    received_at: datetime
    vi: str
    en: str


def of(facility_id: UUID) -> list[Waiting]:
    """What waits at a facility, the first to come first; at most a hundred, as they go the next ones appear."""
    rows = sql.fetch_all(queries.quarantined, {"facility": facility_id, "most": MOST_SHOWN})
    return [Waiting(**row) for row in rows]


def count(facility_id: UUID) -> int:
    """How many events wait at a facility."""
    row = sql.fetch_one(queries.count_quarantined, {"facility": facility_id})
    return int(row["waiting"]) if row else 0
