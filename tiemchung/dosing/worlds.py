"""What may be the case: each way to fill in what a question leaves open, and the answer that follows from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from tiemchung.dosing.answers import Due, Unknown
from tiemchung.dosing.conditions import Conditions, Fact, read_conditions, read_infection
from tiemchung.dosing.course import Course, Person, place_all
from tiemchung.dosing.dates import PartialDate
from tiemchung.dosing.explain import Why, due_of, questions, why_nothing
from tiemchung.dosing.forecast import forecast
from tiemchung.dosing.history import History, Subject, Taken
from tiemchung.dosing.ruleset import RuleSet

MANY = 400  # more ways than this are not tried one by one: only the first and last way of each open point
SEXES = ("male", "female")


@dataclass(frozen=True)
class Open:
    """One point that may be open: its ways (one when certain), the question to ask, and where."""

    ways: tuple[Any, ...]
    code: str
    field: str


@dataclass(frozen=True)
class Outcome:
    """The answer in one world."""

    person: Person
    course: Course
    due: Due | None
    why: Why
    asks: tuple[Unknown, ...]

    @property
    def card(self) -> str:
        """none, yellow or green."""
        if not self.course.placed:
            return "none"
        return "green" if self.course.complete else "yellow"

    def gist(self, day: date) -> tuple[object, ...]:
        """What must be the same in two worlds for the difference not to matter, but for the products offered."""
        due = self.due
        numbers = tuple((p.dn, p.sd) for p in self.course.placed)
        held = any(found.holds for p in self.course.placed for found in p.findings)
        course = (self.card, self.course.complete_since, held, numbers)
        if due is None:
            return (course, None)
        return (course, due.kind, due.from_ if due.from_ > day else "now")


@dataclass(frozen=True)
class Question:
    """A question as asked: all that is open, in a fixed order (birth, sex, area, facts, slots)."""

    points: tuple[Open, ...]
    conditions: Conditions
    facts: int


def question_of(
    rules: RuleSet, subject: Subject, history: History, birth: PartialDate, area: str | None, day: date
) -> Question:
    """Gather the open points of a question. Raises InputError for conditions or infections that cannot be read."""
    conditions = read_conditions(subject.conditions, rules.conditions, day)
    recovery = rules.conventions.presumed_recovery
    infections = [read_infection(one, day, recovery) for one in subject.infections]
    sexes = SEXES if subject.sex not in SEXES and any(row.sex for row in rules.rows) else (subject.sex,)
    areas = (area,) if area in rules.areas else (None, *rules.local_areas) if area is None else (None,)
    points = [
        Open(birth.ends, "birth_date", "birth_date"),
        Open(sexes, "sex", "sex"),
        Open(areas, "area", "area"),
        *(Open(ways, "infection", f"infections[{at}]") for at, ways in enumerate(infections)),
        *(Open(ways, "condition", "conditions") for ways in conditions.facts),
        *(Open(slot.choices, "dose", slot.field) for slot in history.slots),
    ]
    return Question(tuple(points), conditions, len(infections) + len(conditions.facts))


def ways_of(asked: Question) -> tuple[list[tuple[Any, ...]], bool]:
    """Give every way to fill in the open points, and whether that is all of them."""
    count = 1
    for point in asked.points:
        count *= len(point.ways)
    if count <= MANY:
        return list(product(*(point.ways for point in asked.points))), True
    first = tuple(point.ways[0] for point in asked.points)
    alone = [(*first[:at], way, *first[at + 1 :]) for at, point in enumerate(asked.points) for way in point.ways[1:]]
    return [first, *alone], False


def world(rules: RuleSet, asked: Question, way: tuple[Any, ...]) -> tuple[Person, Course]:
    """The person and his course in one world."""
    birth, sex, area = way[:3]
    facts: tuple[Fact, ...] = tuple(way[3 : 3 + asked.facts])
    person = Person(birth, sex, asked.conditions.groups, facts)
    return person, place_all(rules, person, _taken(way[3 + asked.facts :], birth), area)


def outcome(rules: RuleSet, asked: Question, way: tuple[Any, ...], day: date) -> Outcome:
    """Answer in one world."""
    person, course = world(rules, asked, way)
    area = way[2]
    found = forecast(rules, person, course, area, day)
    due = due_of(rules, person, course, found, day) if found and found.options else None
    nothing = Why(due.reason, due.rule, tuple(d.id for d in due.dispatch), due.mark) if due else None
    why = nothing or why_nothing(rules, person, course, area, found, day)
    return Outcome(person, course, due, why, tuple(questions(rules, person, course, area, found, day)))


def _taken(choices: tuple[Taken | None, ...], birth: date) -> Iterator[Taken]:
    return (taken for taken in choices if taken and taken.date >= birth)


def mattering(
    asked: Question, ways: list[tuple[Any, ...]], gists: Sequence[object], products: Sequence[object] | None = None
) -> list[Open]:
    """Give the open points on which the answer hangs: two worlds that differ in them alone differ in the answer.

    `products` joins the comparison for open doses alone: that a birth date adds one product more is not worth asking.
    """
    found = []
    for at, point in enumerate(asked.points):
        groups: dict[Any, set[Any]] = {}
        for number, way in enumerate(ways):
            more = products[number] if products and point.code == "dose" else None
            groups.setdefault((way[:at], way[at + 1 :]), set()).add((gists[number], more))
        if any(len(group) > 1 for group in groups.values()):
            found.append(point)
    return found
