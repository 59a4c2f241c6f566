"""What a person first wants to see of all that is kept about him: who he is here, his doses, and who looked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tiemchung.doses.models import Dose
from tiemchung.oversight import readers
from tiemchung.oversight.readers import Reading
from tiemchung.people import merges, personal_qr
from tiemchung.people.models import Person

NOBODY = UUID(int=0)  # no account: everybody's looks are told
MOST_LOOKS = 10_000  # all are in the tables that follow


@dataclass(frozen=True)
class Given:
    """One entry of the ledger."""

    injected_at: datetime
    product: str
    lot: str
    place: str
    stands: bool  # not void, and nothing took its place


@dataclass(frozen=True)
class Summary:
    """In the order in which it is read."""

    person: Person
    born: str
    number: str
    phones: list[str]
    doses: list[Given]
    looks: list[Reading]


def of(person_id: UUID) -> Summary:
    """Gather it, of all records of the human."""
    person = Person.objects.select_related("residence").get(id=person_id)
    records = merges.records_of(person_id)
    return Summary(
        person=person,
        born=personal_qr.born(person).vi,
        number=personal_qr.number_of(person),
        phones=list(person.contacts.filter(withdrawn_at=None).values_list("value", flat=True)),
        doses=_doses(records),
        looks=readers.latest(records, but_by=NOBODY, limit=MOST_LOOKS),
    )


def _doses(records: list[UUID]) -> list[Given]:
    entries = Dose.objects.filter(person_id__in=records).select_related("facility").order_by("injected_at", "id")
    replaced = set(entries.filter(supersedes__isnull=False).values_list("supersedes_id", flat=True))
    return [
        Given(
            injected_at=dose.injected_at,
            product=dose.product,
            lot=dose.lot_number,
            place=dose.facility.name,
            stands=not dose.void_reason and dose.id not in replaced,
        )
        for dose in entries
    ]
