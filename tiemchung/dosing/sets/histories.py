"""Histories as columns: one array per fact, one row per person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tiemchung.dosing.dates import PartialDate
from tiemchung.dosing.history import GivenDose, Subject
from tiemchung.dosing.ruleset import RuleSet
from tiemchung.dosing.sets.days import NEVER, Array, day_of, number, numbers

UNKNOWN_AREA, NO_SUCH_AREA = -1, -2


class Person(NamedTuple):
    """One question as the single answer takes it."""

    subject: Subject
    given: tuple[GivenDose, ...]
    area: str | None


def codes_of(rules: RuleSet) -> tuple[str, ...]:
    """Give the product codes in the order in which columns number them."""
    return tuple(rules.products)


def group_codes(rules: RuleSet) -> tuple[str, ...]:
    """Give the conditions that a bit of `groups` can state: those without date or product of their own."""
    return tuple(code for code, kind in rules.conditions.items() if not kind.dated and not kind.product)


@dataclass(frozen=True)
class Histories:
    """Columns of equal length. Days are numbers as `days.number` gives them, NEVER where there is none.

    birth, birth_latest: first and last possible day of birth. products, dates: people × doses; products number the
    codes of `codes_of`, NEVER where there is no dose. groups: bits in the order of `group_codes`. area: number of the
    province's code as an integer, UNKNOWN_AREA or NO_SUCH_AREA. infected: the day of illness, NEVER for none.
    odd: rows with anything that columns cannot say, as questions of their own.
    """

    birth: Array
    birth_latest: Array
    products: NDArray[np.int8]
    dates: Array
    groups: NDArray[np.int64]
    area: NDArray[np.int16]
    infected: Array
    female: NDArray[np.int8]
    odd: dict[int, Person] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.birth)

    @classmethod
    def of_columns(cls, columns: Mapping[str, NDArray[Any]]) -> "Histories":
        """Take columns as a database gives them.

        `birth_date`, optionally `birth_latest`, `infected` (datetime64); `product_1`, `date_1` and on, products as
        numbers of `codes_of` or NEVER; optionally `groups` (bits), `area` (integer code), `female` (1, 0, -1).
        """
        size = len(columns["birth_date"])
        count = sum(1 for name in columns if name.startswith("date_"))
        birth = numbers(columns["birth_date"])
        dates = [numbers(columns[f"date_{at}"]) for at in range(1, count + 1)]
        products = [np.asarray(columns[f"product_{at}"], np.int8) for at in range(1, count + 1)]
        none = np.full(size, NEVER, np.int32)
        return cls(
            birth=birth,
            birth_latest=numbers(columns["birth_latest"]) if "birth_latest" in columns else birth,
            products=np.stack(products, axis=1) if products else np.empty((size, 0), np.int8),
            dates=np.stack(dates, axis=1) if dates else np.empty((size, 0), np.int32),
            groups=np.asarray(columns.get("groups", np.zeros(size)), np.int64),
            area=np.asarray(columns.get("area", np.full(size, UNKNOWN_AREA)), np.int16),
            infected=numbers(columns["infected"]) if "infected" in columns else none,
            female=np.asarray(columns.get("female", none), np.int8),
        )

    @classmethod
    def of_people(cls, rules: RuleSet, people: Sequence[Person]) -> "Histories":
        """Take questions one by one; what columns cannot say stays a question of its own in `odd`."""
        width = max((len(person.given) for person in people), default=0)
        found = cls._empty(len(people), width)
        for at, person in enumerate(people):
            if not _fill(found, at, rules, person):
                found.odd[at] = person
        return found

    @classmethod
    def _empty(cls, size: int, width: int) -> "Histories":
        def none(*shape: int) -> Array:
            return np.full(shape, NEVER, np.int32)

        return cls(
            birth=none(size),
            birth_latest=none(size),
            products=np.full((size, width), NEVER, np.int8),
            dates=none(size, width),
            groups=np.zeros(size, np.int64),
            area=np.full(size, UNKNOWN_AREA, np.int16),
            infected=none(size),
            female=np.full(size, -1, np.int8),
        )

    def person(self, rules: RuleSet, row: int) -> Person:
        """Give a row as a question."""
        if row in self.odd:
            return self.odd[row]
        born, latest = day_of(self.birth[row]), day_of(self.birth_latest[row])
        groups = group_codes(rules)
        codes = codes_of(rules)
        stated = frozenset(code for bit, code in enumerate(groups) if self.groups[row] >> bit & 1)
        ill = day_of(self.infected[row])
        subject = Subject(
            PartialDate(born or date.min, latest or date.min),
            {1: "female", 0: "male"}.get(int(self.female[row]), "unknown"),
            stated,
            (ill,) if ill else (),
        )
        doses = tuple(
            GivenDose(codes[product], day_of(day))
            for product, day in zip(self.products[row], self.dates[row], strict=True)
            if product >= 0
        )
        return Person(subject, doses, _area_of(int(self.area[row])))


def _area_of(code: int) -> str | None:
    return None if code == UNKNOWN_AREA else f"{code:02d}"


def _fill(found: Histories, at: int, rules: RuleSet, person: Person) -> bool:
    """Write a question into row `at`; False if columns cannot say it."""
    subject, given, area = person
    groups, codes = group_codes(rules), codes_of(rules)
    birth = PartialDate.parse(subject.birth_date, "birth_date")
    plain_doses = all(_plain(dose, codes) for dose in given)
    if not plain_doses or not subject.conditions <= set(groups) or not _plain_infections(subject.infections):
        return False
    if area is not None and area not in rules.areas:
        return False
    found.birth[at], found.birth_latest[at] = number(birth.earliest), number(birth.latest)
    found.area[at] = UNKNOWN_AREA if area is None else int(area)
    found.groups[at] = sum(1 << groups.index(code) for code in _implied(rules, subject.conditions))
    found.female[at] = {"female": 1, "male": 0}.get(subject.sex, -1)
    for place, dose in enumerate(given):
        found.products[at, place] = codes.index(dose.product)
        found.dates[at, place] = number(PartialDate.parse(dose.date or "", "date").earliest)
    if subject.infections:
        found.infected[at] = number(PartialDate.parse(subject.infections[0], "infections").earliest)  # type: ignore[arg-type]
    return True


def _implied(rules: RuleSet, conditions: Iterable[str]) -> set[str]:
    return {code for one in conditions for code in (one, *rules.conditions[one].implies)}


def _plain(dose: GivenDose, codes: tuple[str, ...]) -> bool:
    return (
        dose.product in codes
        and not (dose.abroad or dose.typed or dose.area)
        and dose.date not in (None, "", "unknown")
        and PartialDate.parse(dose.date or "", "date").exact
    )


def _plain_infections(infections: tuple[object, ...]) -> bool:
    if not infections:
        return True
    one = infections[0]
    return len(infections) == 1 and isinstance(one, (str, date)) and "/" not in str(one) and _exact(one)


def _exact(value: str | date) -> bool:
    return value != "unknown" and PartialDate.parse(value, "infections").exact
