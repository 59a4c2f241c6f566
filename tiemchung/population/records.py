"""Whom of the register may a record mean, and how do the two stand to each other? Read by officers, never sent out.

Keys, weights and decision are those of `linkage` (docs/adr/0050). Nobody of another commune is shown: an officer sees
the values of his own commune's people only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from tiemchung.ground import sql
from tiemchung.linkage.decision import Candidate as Weighed
from tiemchung.linkage.decision import Outcome, Prior, decide, probabilities
from tiemchung.linkage.evidence import COMMON_FIELDS, Evidence, Veto, weigh
from tiemchung.linkage.kinds import HARMLESS, Kind
from tiemchung.linkage.verdict import Asked, compare
from tiemchung.population import keys
from tiemchung.population.actions import known_as, read_sex
from tiemchung.population.models import Citizen, Confirmation
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError

FIELDS = ("number", "full_name", "birth_date", "sex")
MOST = 8  # candidates on one page
LIVES_HERE = 0.5  # even odds that the person is a citizen of the record's commune: nobody has measured it
RESIDENTS = 1_000  # at least: where the register has fewer of a commune, it is no smaller for that
LEAST = 0.01  # a candidate of a smaller chance is not shown: he is somebody else, whose values are nobody's business
LIKELY, POSSIBLE = 0.95, 0.2
queries = sql.load(__package__)


class Likelihood(StrEnum):
    """How likely a candidate is meant; a person decides."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


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
    vetoes: frozenset[Veto] = frozenset()
    chance: float = 0.0

    @property
    def likelihood(self) -> Likelihood:
        """In words: the chance rests on weights that are set by hand. Whom a veto speaks against is never «likely»."""
        likely = Likelihood.LIKELY if self.chance >= LIKELY and not self.vetoes else Likelihood.POSSIBLE
        return likely if self.chance >= POSSIBLE else Likelihood.UNLIKELY

    @property
    def differing(self) -> int:
        """How many fields differ."""
        return sum(each.differs for each in self.fields)


@dataclass(frozen=True)
class Found:
    """Whom a record may mean, the likeliest first; the chance that it is none of them; whether several fit alike."""

    candidates: tuple[Candidate, ...] = ()
    none: float = 1.0
    alike: bool = False


def search(record: Confirmation) -> Found:
    """Search the citizens of the record's commune for whom it may mean."""
    asked = asked_by(record)
    ids = [found for (found,) in sql.fetch_tuples(queries["candidates"], keys.keys(record, asked.birth_date))]
    weighed = [(one, weigh(asked, known_as(one))) for one in _citizens(ids)]
    if not weighed:
        return Found()
    prior = Prior(LIVES_HERE, _residents(record.commune_code))
    chances, none = probabilities([evidence.bits for _, evidence in weighed], prior)
    decided = decide([Weighed(str(one.id), evidence) for one, evidence in weighed], prior)
    ranked = sorted(zip(weighed, chances, strict=True), key=lambda each: (-each[1], each[0][0].id))
    shown = [_shown(record, *pair, chance) for pair, chance in ranked[:MOST] if chance >= LEAST]
    return Found(tuple(shown), none, decided.outcome is Outcome.AMBIGUOUS and len(shown) > 1)


def beside(record: Confirmation, citizen: Citizen) -> Candidate:
    """A record and a citizen side by side."""
    return Candidate(citizen, tuple(_compared(record, citizen, compare(asked_by(record), known_as(citizen)))))


def rests_on_common_fields(record: Confirmation, citizen: Citizen) -> bool:
    """Whether nothing but name, birth date and sex speaks for the two being one: too many people share these."""
    return not weigh(asked_by(record), known_as(citizen)).strong_fields - COMMON_FIELDS


def asked_by(record: Confirmation) -> Asked:
    """A record as the library that compares takes it."""
    return Asked(record.number, record.full_name, read_date(record.birth_date), read_sex(record.sex))


def _citizens(ids: list[UUID]) -> list[Citizen]:
    return list(Citizen.objects.filter(id__in=ids).prefetch_related("numbers"))


def _residents(commune_code: str) -> int:
    row = sql.fetch_one(queries["residents"], {"commune": commune_code})
    return max(int(row["residents"]) if row else 0, RESIDENTS)


def _shown(record: Confirmation, citizen: Citizen, evidence: Evidence, chance: float) -> Candidate:
    found = beside(record, citizen)
    return Candidate(citizen, found.fields, evidence.vetoes, chance)


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
