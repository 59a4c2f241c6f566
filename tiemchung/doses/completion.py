"""Whose course is complete, and what may be certified of it? For many persons at once, equal to `course.of`.

Nearly all histories are plain: the birth date known to the day, all doses in one province, nothing found about any.
Those the rules answer as a set; the others one by one. A passport needs no forecast, which is most of an answer's work.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, TypeAlias
from uuid import UUID

import numpy as np

from tiemchung.doses import course
from tiemchung.doses.histories import Entry
from tiemchung.dosing.sets import Histories, assess_all, codes_of
from tiemchung.visits.facts import PersonFacts

_NONE = -1
_FEMALE = {"female": 1, "male": 0}
Said: TypeAlias = tuple[int, int] | tuple[()]


@dataclass(frozen=True, slots=True)
class Completion:
    """The latest dose that the rules count of a complete course that nobody doubts: dose `dn` of `sd`."""

    entry: Entry
    dn: int
    sd: int


@dataclass(frozen=True, slots=True)
class Given:
    """A person's standing doses by column, in the order of injection; a number is the one stated, if any."""

    person: PersonFacts
    products: Sequence[str]
    days: Sequence[date]
    provinces: Sequence[str]
    numbers: Sequence[int | None]
    doubted: bool = False  # something was found about one of them

    @classmethod
    def of(cls, person: PersonFacts, entries: Sequence[Entry]) -> "Given":
        """The same from entries of the ledger."""
        return cls(
            person,
            [entry.product for entry in entries],
            [entry.day for entry in entries],
            [entry.province for entry in entries],
            [entry.stated_number for entry in entries],
            any(entry.has_finding or entry.possible_double for entry in entries),
        )


def of_many(
    persons: Iterable[PersonFacts], entries: Mapping[UUID, Sequence[Entry]], day: date
) -> dict[UUID, Completion]:
    """What may be certified of each person as of a day; whose course is not complete, or is barred, is left out."""
    known = {person.id: person for person in persons}
    until = {one: [entry for entry in entries[one] if entry.day <= day] for one in known}
    found: dict[UUID, Completion] = {}
    for one, said in zip(known, of_columns([Given.of(known[one], until[one]) for one in known], day), strict=True):
        answer = _single(known[one], until[one], day) if said is None else said and Completion(until[one][-1], *said)
        if answer:
            found[one] = answer
    return found


def of_columns(given: Sequence[Given], day: date) -> list[Said | None]:
    """Number and series of the last dose of each, () where nothing may be certified, None where a set cannot tell."""
    plain = [place for place, one in enumerate(given) if _is_plain(one, day)]
    found: list[Said | None] = [None] * len(given)
    for place, said in zip(plain, _as_set([given[place] for place in plain], day), strict=True):
        found[place] = said
    return found


def _single(person: PersonFacts, entries: Sequence[Entry], day: date) -> Completion | None:
    taken = course.compute(person, entries, day)
    if taken.barred or not taken.answer.passport:
        return None
    place = max(place for place, answer in enumerate(taken.answer.doses) if answer.dn is not None)
    answer = taken.answer.doses[place]
    if answer.dn is None or answer.sd is None:
        return None
    return Completion(taken.doses[place], answer.dn, answer.sd)


# -- as a set ------------------------------------------------------------------------------------------------


def _is_plain(given: Given, day: date) -> bool:
    """Whether columns can say all that the rules would be asked, and a passport may state every product."""
    if given.person.birth_precision != "day" or not given.days or given.doubted or given.days[-1] > day:
        return False
    where = set(given.provinces)
    if len(where) > 1 and len(set(map(course.rules().area, where))) > 1:
        return False
    return (
        where <= course.rules().areas
        and _certifiable().keys() >= set(given.products)
        and all(number in (None, place) for place, number in enumerate(given.numbers, start=1))
        and all(earlier < later for earlier, later in pairwise(given.days))
    )


@cache
def _certifiable() -> Mapping[str, int]:
    """The products that a passport may state, with the number that columns know each by."""
    products = course.rules().products
    numbers = {code: place for place, code in enumerate(codes_of(course.rules()))}
    return {code: numbers[code] for code, product in products.items() if product.passport and product.eu}


def _as_set(given: Sequence[Given], day: date) -> list[Said | None]:
    begun = course.rules().passport_from
    if not given or begun is None or day < begun:
        return [()] * len(given)
    said = assess_all(course.rules(), _columns(given), day, smallest=2, forecasts=False)
    rows = zip(given, said.complete_since, said.held, said.dn.tolist(), said.sd.tolist(), said.open, strict=True)
    return [_said(one, since >= 0 and not held, dn, sd, is_open) for one, since, held, dn, sd, is_open in rows]


def _said(given: Given, is_certified: bool, dn: int, sd: int, is_open: bool) -> Said | None:
    if is_open or dn != len(given.days) or not sd:
        return None
    return (dn, sd) if is_certified else ()


def _columns(given: Sequence[Given]) -> Histories:
    columns: dict[str, Any] = {
        "birth_date": np.array([one.person.birth_date for one in given], "datetime64[D]"),
        "area": np.array([int(one.provinces[0]) for one in given], np.int16),
        "female": np.array([_FEMALE.get(one.person.sex, _NONE) for one in given], np.int8),
    }
    for at in range(max(len(one.days) for one in given)):
        products = [_certifiable()[one.products[at]] if at < len(one.days) else _NONE for one in given]
        columns[f"product_{at + 1}"] = np.array(products, np.int8)
        days = [one.days[at] if at < len(one.days) else None for one in given]
        columns[f"date_{at + 1}"] = np.array(days, "datetime64[D]")
    return Histories.of_columns(columns)
