"""What do a person's doses amount to? The rules' answer over the ledger: what is due, whether complete, which card.

Superseded and void entries are out; an unresolved possible double counts once. An entry with an open finding is in the
arm, so that what is due reckons with it; but it bars the passport, and the card shows what the other entries amount to.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from uuid import UUID

from tiemchung.doses import histories
from tiemchung.doses.histories import Entry
from tiemchung.dosing import Answer, GivenDose, Rules, Subject, Verdict, coverage
from tiemchung.ground import clock
from tiemchung.people import merges
from tiemchung.people.models import Person
from tiemchung.visits.facts import PersonFacts

NONE, YELLOW, GREEN = "none", "yellow", "green"
ADULT = 18  # full years
MONTHS = 12  # of a year
_SHOWN = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}


@dataclass(frozen=True, slots=True)
class Course:
    """A person's doses and what they amount to. `answer.doses` stands beside `doses`, one for one."""

    person_id: UUID
    doses: tuple[Entry, ...]  # counted, in the order of injection
    answer: Answer  # over all counted doses
    barred: bool  # an entry waits for somebody to resolve its finding
    card: str  # none, yellow, green: what entries without open findings amount to

    @property
    def has_waiting(self) -> bool:
        """Say whether the card would show more, once the findings are resolved."""
        return self.card != self.answer.card


def of(person_id: UUID, as_of: date | None = None) -> Course:
    """The course of one person as of a day in Viet Nam, today unless told otherwise."""
    return of_many([person_id], as_of)[person_id]


def of_many(person_ids: Iterable[UUID], as_of: date | None = None) -> dict[UUID, Course]:
    """The courses of many persons as of one day, over all records of each human; ids of nobody are left out."""
    day = as_of or clock.today()
    kept = merges.kept_of(person_ids)
    persons = Person.objects.only("id", "sex", "birth_date", "birth_precision").in_bulk(list(set(kept.values())))
    taken = histories.of_many(persons)
    courses = {kept_id: compute(PersonFacts.of(person), taken[kept_id], day) for kept_id, person in persons.items()}
    return {asked_id: courses[kept_id] for asked_id, kept_id in kept.items() if kept_id in courses}


def compute(person: PersonFacts, entries: Sequence[Entry], day: date, area: str = "") -> Course:
    """The course that these entries make; `area` is the province asked about, by GSO code."""
    standing = [entry for entry in entries if entry.day <= day]
    counted = [entry for entry in standing if not entry.possible_double]
    clean = [entry for entry in counted if not entry.has_finding]
    answer = assess(person, counted, day, area)
    card = answer.card if len(clean) == len(counted) else assess(person, clean, day, area).card
    return Course(
        person_id=person.id,
        doses=tuple(counted),
        answer=answer,
        barred=any(entry.has_finding for entry in standing),
        card=card,
    )


def assess(person: PersonFacts, entries: Sequence[Entry], day: date, area: str = "") -> Answer:
    """Ask the rules what these entries amount to on that day."""
    return rules().assess(_subject(person), given(entries), area=area or None, as_of=day)


def may_give(person: PersonFacts, entries: Sequence[Entry], product: str, day: date, area: str) -> Verdict:
    """Ask the rules whether this product may be given on that day at a site in that province."""
    return rules().may_give(_subject(person), given(entries), product=product, area=area or None, on=day)


def is_allowed(person: PersonFacts, entries: Sequence[Entry], product: str, day: date, area: str) -> bool:
    """Ask the rules yes or no, and remember the answer for everybody who is alike to them.

    A day of a campaign asks the same question a million times. Two adults are alike when they have the same doses on
    the same days and were on each of them between the same ages at which some rule begins or ends: above 18 every such
    age is in full years.
    """
    return _is_allowed(_Case.of(person, entries, product, day, area))


@dataclass(frozen=True, slots=True)
class _Case:
    """A question by what its answer hangs on. Whoever asks first answers for all that are equal."""

    product: str
    day: date
    area: str
    sex: str
    birth_precision: str
    ages: tuple[int, ...] | date  # on the day and on that of each dose, as `_band`; or the birth date itself
    doses: tuple[tuple[str, date, str, int | None], ...]
    person: PersonFacts = field(compare=False)
    entries: Sequence[Entry] = field(compare=False)

    @classmethod
    def of(cls, person: PersonFacts, entries: Sequence[Entry], product: str, day: date, area: str) -> "_Case":
        return cls(
            product=product,
            day=day,
            area=area,
            sex=person.sex,
            birth_precision=person.birth_precision,
            ages=_ages(person, [day, *(entry.day for entry in entries)]),
            doses=tuple((entry.product, entry.day, entry.province, entry.stated_number) for entry in entries),
            person=person,
            entries=entries,
        )


def _ages(person: PersonFacts, days: Sequence[date]) -> tuple[int, ...] | date:
    leap_day = (person.birth_date.month, person.birth_date.day) == (2, 29)
    ages = tuple(person.age(day) for day in days)
    exact = person.birth_precision == "day" and not leap_day and min(ages) >= ADULT
    return tuple(map(_band, ages)) if exact else person.birth_date


def _band(age: int) -> int:
    """Which of the ages at which some rule begins or ends somebody of so many full years has last reached."""
    return bisect_right(_limits(), age)


@cache
def _limits() -> tuple[int, ...]:
    return tuple(sorted({months // MONTHS for months in coverage.limits(rules()) if months >= ADULT * MONTHS}))


@lru_cache(maxsize=20_000)
def _is_allowed(case: _Case) -> bool:
    return rules().allows(
        _subject(case.person), given(case.entries), product=case.product, area=case.area or None, on=case.day
    )


@cache
def rules() -> Rules:
    """The campaign's dated rules."""
    return Rules.load()


def name_of(product: str) -> str:
    """What a product is called: its name in the rules, or its code when they do not know it."""
    known = rules().products.get(product)
    return known.names.vi if known else product


def triple(product: str) -> dict[str, str]:
    """The EU's codes of a product, mp, ma and vp, which a passport states. Raises KeyError for one without codes."""
    codes = rules().products[product].eu
    if codes is None:
        raise KeyError(product)
    return {"mp": codes.mp, "ma": codes.ma, "vp": codes.vp}


def given(entries: Sequence[Entry]) -> tuple[GivenDose, ...]:
    """The entries as the rules read them."""
    return tuple(
        GivenDose(entry.product, entry.day, entry.province, typed=_typed(entry.stated_number)) for entry in entries
    )


def _typed(number: int | None) -> str:
    return f"mũi {number}" if number else ""


def _subject(person: PersonFacts) -> Subject:
    return Subject(person.birth_date.strftime(_SHOWN[person.birth_precision]), person.sex)
