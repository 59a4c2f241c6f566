"""Which doses has a person had? The entries of the ledger that stand, in the order of injection."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tiemchung.ground import clock, sql

queries = sql.load(__package__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One standing entry of the ledger.

    `person_id`: the record that it was written under, of all the human's records; `province`: of the site, by GSO code.
    """

    id: UUID
    person_id: UUID
    facility_id: UUID
    visit_id: UUID | None
    product: str
    lot_number: str
    injected_at: datetime
    stated_number: int | None
    has_finding: bool
    possible_double: bool
    province: str

    @property
    def day(self) -> date:
        """The day of injection in Viet Nam."""
        return clock.local(self.injected_at).date()


def of_many(person_ids: Iterable[UUID]) -> dict[UUID, list[Entry]]:
    """Give the standing entries of each person under the id asked for, possible doubles among them.

    They are those of all records of the human; a person without any has an empty list.
    """
    found: dict[UUID, list[Entry]] = defaultdict(list)
    for asked_id, *entry in sql.fetch_tuples(queries.histories, {"persons": list(person_ids)}, binary=True):
        found[asked_id].append(Entry(*entry))
    return found


def lock(person_ids: Iterable[UUID]) -> None:
    """Make other recorders of these persons' doses wait until this transaction ends."""
    sql.execute(queries.lock_persons, {"persons": list(person_ids)})


def province_of(facility_id: UUID) -> str:
    """The GSO code of the province that a facility lies in."""
    row = sql.fetch_one(queries.province_of, {"facility": facility_id})
    return str(row["province"]) if row else ""
