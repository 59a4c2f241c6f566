"""Whose course is complete, and what may be certified of it? For many persons at once, equal to `course.of`.

Nearly all histories are plain: the birth date known to the day, all doses in one province, nothing found about any.
Those the rules answer as a set; the others one by one. A passport needs no forecast, which is most of an answer's work.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from tiemchung.doses import course
from tiemchung.doses.histories import Entry
from tiemchung.dosing.sets import Histories, assess_all, codes_of
from tiemchung.visits.facts import PersonFacts

_NONE = -1
_FEMALE = {"female": 1, "male": 0}


@dataclass(frozen=True, slots=True)
class Completion:
    """The latest dose that the rules count of a complete course that nobody doubts: dose `dn` of `sd`."""

    entry: Entry
    dn: int
    sd: int


class _Case(NamedTuple):
    """A person with his entries up to the day asked about, and the day in Viet Nam of each."""

    person: PersonFacts
    entries: Sequence[Entry]
    days: tuple[date, ...]

    @classmethod
    def of(cls, person: PersonFacts, entries: Sequence[Entry], until: date) -> "_Case":
        days = tuple(entry.day for entry in entries)
        if all(day <= until for day in days):
            return cls(person, entries, days)
        kept = [(entry, day) for entry, day in zip(entries, days, strict=True) if day <= until]
        return cls(person, [entry for entry, _ in kept], tuple(day for _, day in kept))


def of_many(
    persons: Iterable[PersonFacts], entries: Mapping[UUID, Sequence[Entry]], day: date
) -> dict[UUID, Completion]:
    """What may be certified of each person as of a day; whose course is not complete, or is barred, is left out."""
    plain: list[_Case] = []
    alone: list[_Case] = []
    for person in persons:
        case = _Case.of(person, entries[person.id], day)
        (plain if _is_plain(case) else alone).append(case)
    found: dict[UUID, Completion] = {}
    for case, said in zip(plain, _as_set(plain, day), strict=True):
        if said is None:
            alone.append(case)
        elif said != _NOTHING:
            found[case.person.id] = Completion(case.entries[-1], *said)
    found |= {case.person.id: one for case in alone if (one := _single(case, day))}
    return found


def _single(case: _Case, day: date) -> Completion | None:
    taken = course.compute(case.person, case.entries, day)
    if taken.barred or not taken.answer.passport:
        return None
    place = max(place for place, answer in enumerate(taken.answer.doses) if answer.dn is not None)
    answer = taken.answer.doses[place]
    if answer.dn is None or answer.sd is None:
        return None
    return Completion(taken.doses[place], answer.dn, answer.sd)


# -- as a set ------------------------------------------------------------------------------------------------

_NOTHING = (0, 0)


def _is_plain(case: _Case) -> bool:
    """Whether columns can say all that the rules would be asked, and a passport may state every product."""
    if case.person.birth_precision != "day" or not case.entries:
        return False
    where = {entry.province for entry in case.entries}
    if len(where) > 1 and len(set(map(course.rules().area, where))) > 1:
        return False
    return (
        where <= course.rules().areas
        and all(_is_plain_entry(entry, place) for place, entry in enumerate(case.entries, start=1))
        and all(earlier < later for earlier, later in pairwise(case.days))
    )


def _is_plain_entry(entry: Entry, place: int) -> bool:
    return (
        entry.product in _certifiable()
        and not (entry.has_finding or entry.possible_double)
        and entry.stated_number in (None, place)
    )


@cache
def _certifiable() -> Mapping[str, int]:
    """The products that a passport may state, with the number that columns know each by."""
    products = course.rules().products
    numbers = {code: place for place, code in enumerate(codes_of(course.rules()))}
    return {code: numbers[code] for code, product in products.items() if product.passport and product.eu}


def _as_set(cases: Sequence[_Case], day: date) -> list[tuple[int, int] | None]:
    """Number and series of the last dose of each; _NOTHING to certify; None where a set cannot tell."""
    begun = course.rules().passport_from
    if not cases or begun is None or day < begun:
        return [_NOTHING] * len(cases)
    said = assess_all(course.rules(), _columns(cases), day, smallest=2, forecasts=False)
    rows = zip(cases, said.complete_since, said.held, said.dn.tolist(), said.sd.tolist(), said.open, strict=True)
    return [_said(case, since >= 0 and not held, dn, sd, is_open) for case, since, held, dn, sd, is_open in rows]


def _said(case: _Case, is_certified: bool, dn: int, sd: int, is_open: bool) -> tuple[int, int] | None:
    if is_open or dn != len(case.entries) or not sd:
        return None
    return (dn, sd) if is_certified else _NOTHING


def _columns(cases: Sequence[_Case]) -> Histories:
    columns: dict[str, Any] = {
        "birth_date": np.array([case.person.birth_date for case in cases], "datetime64[D]"),
        "area": np.array([int(case.entries[0].province) for case in cases], np.int16),
        "female": np.array([_FEMALE.get(case.person.sex, _NONE) for case in cases], np.int8),
    }
    for at in range(max(len(case.entries) for case in cases)):
        products = [_certifiable()[case.entries[at].product] if at < len(case.entries) else _NONE for case in cases]
        columns[f"product_{at + 1}"] = np.array(products, np.int8)
        days = [case.days[at] if at < len(case.days) else None for case in cases]
        columns[f"date_{at + 1}"] = np.array(days, "datetime64[D]")
    return Histories.of_columns(columns)
