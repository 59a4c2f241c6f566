"""What would a passport say of a person, and what stands in the way of one?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tiemchung.doses import completion, course, histories
from tiemchung.doses.completion import Given
from tiemchung.doses.histories import Entry
from tiemchung.hcert.forms import Form
from tiemchung.hcert.problems import HcertProblem
from tiemchung.passports import content
from tiemchung.people.models import Person
from tiemchung.visits.facts import PersonFacts


@dataclass(frozen=True, slots=True)
class Latest:
    """The entry of the ledger that a passport states: which, given where, of what and when."""

    id: UUID
    facility_id: UUID
    product: str
    day: date


@dataclass(frozen=True, slots=True)
class Stated:
    """What a passport of a person would say, and of which entry of the ledger."""

    person_id: UUID
    entry: Latest
    content: dict[str, Any]
    digest: str  # the same for the same facts


@dataclass(frozen=True, slots=True)
class Barred:
    """A person whose course is complete and whose record cannot be certified: which entry, and why."""

    person_id: UUID
    entry: Latest
    problem: HcertProblem


@dataclass(frozen=True, slots=True)
class Named:
    """Of a person what a passport asks: a row of the statement `due`, and one of `given`."""

    id: UUID
    full_name: str
    sex: str
    birth_date: date
    birth_precision: str
    dose_id: UUID  # of the last one
    facility_id: UUID
    products: list[str]
    days: list[date]
    provinces: list[str]
    numbers: list[int | None]

    @property
    def facts(self) -> PersonFacts:
        """What the rules ask; the record speaks for itself."""
        return PersonFacts(self.id, self.sex, self.birth_date, self.birth_precision, self.id)

    @property
    def given(self) -> Given:
        """His doses, of which none is doubted: who has an open finding is not due."""
        return Given(self.facts, self.products, self.days, self.provinces, self.numbers)

    @property
    def latest(self) -> Latest:
        """The last of his doses."""
        return Latest(self.dose_id, self.facility_id, self.products[-1], self.days[-1])


def of_many(persons: Sequence[Named], form: Form, day: date) -> list[Stated | Barred]:
    """What may be said of each person whose course is complete and doubted by nobody; the others are left out.

    The persons are records that speak for themselves; their doses are those of all records of the human. Of whom a set
    cannot tell, the rules are asked one by one.
    """
    answers = completion.of_columns([person.given for person in persons], day)
    stated = [_stated(one, one.latest, *said, form) for one, said in zip(persons, answers, strict=True) if said]
    open_ones = [one for one, said in zip(persons, answers, strict=True) if said is None]
    return stated + _one_by_one(open_ones, form, day)


def _one_by_one(persons: Sequence[Named], form: Form, day: date) -> list[Stated | Barred]:
    by_id = {person.id: person for person in persons}
    complete = completion.of_many([one.facts for one in persons], histories.of_many(by_id), day) if persons else {}
    return [_stated(by_id[person_id], _latest(one.entry), one.dn, one.sd, form) for person_id, one in complete.items()]


def _latest(entry: Entry) -> Latest:
    return Latest(entry.id, entry.facility_id, entry.product, entry.day)


def _stated(person: Named, latest: Latest, dn: int, sd: int, form: Form) -> Stated | Barred:
    try:
        return of_dose(person, latest, dn, sd, form)
    except HcertProblem as problem:
        return Barred(person.id, latest, problem)


def of_dose(person: Named | Person, entry: Latest | Entry, dn: int, sd: int, form: Form) -> Stated:
    """What a passport says of one dose, the `dn`th of `sd`. Raises HcertProblem when it cannot be said."""
    said = content.of(
        person, version=form.version, product=course.triple(entry.product), dn=dn, sd=sd, injected_on=entry.day
    )
    latest = entry if isinstance(entry, Latest) else _latest(entry)
    return Stated(person.id, latest, said, content.digest(said))
