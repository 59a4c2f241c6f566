"""How many doses of which lot does a facility have? The sum of its movements, never a field."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tiemchung.ground import sql

queries = sql.load(__package__)


@dataclass(frozen=True, slots=True)
class Balance:
    """What a facility has of one lot, in doses; less than none when reports took what was never received."""

    id: UUID  # of the lot
    product: str
    number: str
    expires_on: date
    held_since: datetime | None
    hold_reason: str
    doses: int

    def is_usable(self, on: date) -> bool:
        """Say whether a vial of this lot may be taken on that day."""
        return self.doses > 0 and self.held_since is None and self.expires_on >= on


def of(facility_id: UUID) -> list[Balance]:
    """Give the balance of every lot that a facility ever had, by product, the first to expire first."""
    return [Balance(**row) for row in sql.fetch_all(queries["balance"], {"facility": facility_id})]


def left(facility_id: UUID, lot_id: UUID) -> int:
    """Give the doses of one lot at a facility; 0 for a lot that it never had."""
    return next((balance.doses for balance in of(facility_id) if balance.id == lot_id), 0)


def is_taken(dose_id: UUID, facility_id: UUID, lot_id: UUID) -> bool:
    """Say whether an entry has its dose from stock now: what it took, gave back and took again is more than nothing."""
    values = {"dose": dose_id, "facility": facility_id, "lot": lot_id}
    row = sql.fetch_one(queries["taken"], values)
    return row is not None and row["doses"] < 0
