"""What would a passport say of a person, and what stands in the way of one?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tiemchung.doses import completion, course, histories
from tiemchung.doses.histories import Entry
from tiemchung.hcert.forms import Form
from tiemchung.hcert.problems import HcertProblem
from tiemchung.passports import content
from tiemchung.people.models import Person
from tiemchung.visits.facts import PersonFacts


@dataclass(frozen=True, slots=True)
class Stated:
    """What a passport of a person would say, and of which entry of the ledger."""

    person_id: UUID
    entry: Entry
    content: dict[str, Any]
    digest: str  # the same for the same facts


@dataclass(frozen=True, slots=True)
class Barred:
    """A person whose course is complete and whose record cannot be certified: which entry, and why."""

    person_id: UUID
    entry: Entry
    problem: HcertProblem


@dataclass(frozen=True, slots=True)
class Named:
    """Of a person what a passport asks: a row of the statement `due`."""

    id: UUID
    full_name: str
    sex: str
    birth_date: date
    birth_precision: str

    @property
    def facts(self) -> PersonFacts:
        """What the rules ask; the record speaks for itself."""
        return PersonFacts(self.id, self.sex, self.birth_date, self.birth_precision, self.id)


def of_many(persons: Iterable[Named], form: Form, day: date) -> list[Stated | Barred]:
    """What may be said of each person whose course is complete and doubted by nobody; the others are left out.

    The persons are records that speak for themselves; their doses are those of all records of the human.
    """
    by_id = {person.id: person for person in persons}
    entries = histories.of_many(by_id)
    complete = completion.of_many([one.facts for one in by_id.values()], entries, day)
    return [_stated(by_id[person_id], one, form) for person_id, one in complete.items()]


def _stated(person: Named, complete: completion.Completion, form: Form) -> Stated | Barred:
    try:
        return of_dose(person, complete.entry, complete.dn, complete.sd, form)
    except HcertProblem as problem:
        return Barred(person.id, complete.entry, problem)


def of_dose(person: Named | Person, entry: Entry, dn: int, sd: int, form: Form) -> Stated:
    """What a passport says of one dose, the `dn`th of `sd`. Raises HcertProblem when it cannot be said."""
    said = content.of(
        person, version=form.version, product=course.triple(entry.product), dn=dn, sd=sd, injected_on=entry.day
    )
    return Stated(person.id, entry, said, content.digest(said))
