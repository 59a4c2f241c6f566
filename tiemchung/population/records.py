"""Whom of the register may a record mean, and how do the two stand to each other? Read by officers, never sent out."""

from collections.abc import Iterable
from dataclasses import dataclass

from tiemchung.linkage.kinds import HARMLESS, Kind
from tiemchung.linkage.verdict import Asked, compare
from tiemchung.population.actions import known_as, read_sex
from tiemchung.population.models import Citizen, Confirmation
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.names import fold

FIELDS = ("number", "full_name", "birth_date", "sex")
MOST = 8  # candidates on one page


@dataclass(frozen=True)
class Compared:
    """One field of a record beside the register's: what each says, and whether they differ."""

    field: str
    said: str
    known: str
    differs: bool
    in_doubt: bool


@dataclass(frozen=True)
class Candidate:
    """A citizen of the commune whom the record may mean."""

    citizen: Citizen
    fields: tuple[Compared, ...]

    @property
    def differing(self) -> int:
        """How many fields differ."""
        return sum(each.differs for each in self.fields)


def candidates(record: Confirmation) -> list[Candidate]:
    """Citizens of the record's commune whom it may mean, the likeliest first.

    Who has the number, or the same name, or the same birth date with part of the name. Nobody of another commune is
    shown: an officer sees the values of his own commune's people only.
    """
    residents = Citizen.objects.filter(residence_code=record.commune_code)
    likely = {*residents.filter(numbers__value=record.number).values_list("id", flat=True)} if record.number else set()
    words = set(fold(record.full_name).split())
    for citizen_id, name, born in residents.values_list("id", "full_name", "birth_date"):
        theirs = fold(name).split()
        if set(theirs) == words or (born == record.birth_date and len(words & set(theirs)) > 1):
            likely.add(citizen_id)
    found = Citizen.objects.filter(id__in=likely).prefetch_related("numbers")
    return sorted((beside(record, each) for each in found), key=lambda each: each.differing)[:MOST]


def beside(record: Confirmation, citizen: Citizen) -> Candidate:
    """A record and a citizen side by side."""
    known = known_as(citizen)
    asked = Asked(record.number, record.full_name, read_date(record.birth_date), read_sex(record.sex))
    return Candidate(citizen, tuple(_compared(record, citizen, compare(asked, known))))


def value_of(citizen: Citizen, field: str) -> str:
    """What the register says in a field, as a correction slip carries it."""
    if field == "number":
        return known_as(citizen).number
    value: str = getattr(citizen, field)
    return value


def read_date(text: str) -> PartialDate | None:
    """Read a date as it came; what cannot be read is not stated."""
    try:
        return PartialDate.parse(text)
    except InputError:
        return None


def _compared(record: Confirmation, citizen: Citizen, kinds: dict[str, Kind]) -> Iterable[Compared]:
    for field in FIELDS:
        yield Compared(
            field=field,
            said=getattr(record, field),
            known=value_of(citizen, field),
            differs=kinds[field] not in HARMLESS,
            in_doubt=field == record.field,
        )
