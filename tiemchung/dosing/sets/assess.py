"""Answers for a whole set: sort the histories into batches that differ only in days, answer each batch at once.

A row whose birth date, area or recovery is open is answered in each of its worlds; where the worlds agree that is the
answer. Rows where they differ, and rows that columns cannot say, are answered one by one.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiemchung.dosing.assess import assess
from tiemchung.dosing.dates import exact_day
from tiemchung.dosing.rows import NATION
from tiemchung.dosing.ruleset import RuleSet
from tiemchung.dosing.sets.answers import Answers, row_of_answer
from tiemchung.dosing.sets.batch import Batch
from tiemchung.dosing.sets.days import EVER, NEVER, Mask, after, number
from tiemchung.dosing.sets.forecasting import forecast
from tiemchung.dosing.sets.histories import NO_SUCH_AREA, UNKNOWN_AREA, Histories, group_codes
from tiemchung.dosing.sets.judging import place_all

_BITS = 5  # bits a product takes in a batch's key


def assess_all(
    rules: RuleSet, histories: Histories, as_of: str | date, *, smallest: int = 12, forecasts: bool = True
) -> Answers:
    """Answer every history by the rules in force on a day: each row equals the single answer's `row_of_answer`.

    Batches of fewer rows than `smallest` are answered one by one, which is quicker for so few. Without `forecasts` it
    may stay unsaid what is due, which takes four times as long as all the rest: from `kind` to `rule` nothing is said.
    """
    day = number(exact_day(as_of, "as_of"))
    answers = Answers.empty(len(histories))
    odd = _odd(rules, histories)
    odd[list(histories.odd)] = True
    for rows in _kinds_of_rows(histories, ~odd):
        differ = _in_all_worlds(rules, histories, rows, day, answers, smallest, forecasts)
        odd[rows[differ]] = True
    _one_by_one(rules, histories, np.flatnonzero(odd), exact_day(as_of, "as_of"), answers)
    return answers


def _odd(rules: RuleSet, histories: Histories) -> Mask:
    """Tell which rows need the single answer: products that may not count, doses too close, dates out of range."""
    strange = np.array([p.status != "approved" for p in rules.products.values()] + [False])
    found: Mask = (histories.birth < 0) | (histories.birth_latest < 0) | (histories.area == NO_SUCH_AREA)
    found |= strange[histories.products].any(axis=1) if histories.products.size else False
    given = histories.products >= 0
    found |= (given & (histories.dates < histories.birth_latest[:, None])).any(axis=1)
    dates = np.sort(np.where(given, histories.dates, EVER), axis=1)
    close = (np.diff(dates, axis=1) < rules.conventions.implausible_gap.days) & (dates[:, 1:] < EVER)
    return found | close.any(axis=1)


def _kinds_of_rows(histories: Histories, plain: Mask) -> Iterator[NDArray[np.intp]]:
    """Split rows by what is open, so that only rows with open points pay for them."""
    vague = histories.birth != histories.birth_latest
    nowhere = histories.area == UNKNOWN_AREA
    ill = histories.infected != NEVER
    key = vague.astype(np.int8) + 2 * nowhere + 4 * ill
    for value in range(8):
        rows = np.flatnonzero(plain & (key == value))
        if len(rows):
            yield rows


def _in_all_worlds(
    rules: RuleSet, histories: Histories, rows: Any, day: int, into: Answers, smallest: int, forecasts: bool
) -> Mask:
    """Answer rows in each world; tell where worlds differ, or where a batch is too small to be worth it."""
    first: Answers | None = None
    differ = np.zeros(len(rows), np.bool_)
    for world in _worlds(rules, histories, rows):
        answers = Answers.empty(len(rows))
        for batch in _batches(rules, histories, rows, day, world):
            if len(batch.rows) < smallest:
                differ[batch.rows] = True
            else:
                _answer(batch, answers, forecasts)
        if first is None:
            first = answers
        else:
            differ |= ~first.joined(answers, day)
    if first is not None:
        into.put(rows, first)
    return differ


def _worlds(rules: RuleSet, histories: Histories, rows: Any) -> Iterator[dict[str, Any]]:
    one = rows[0]
    births = (
        [histories.birth]
        if histories.birth[one] == histories.birth_latest[one]
        else [histories.birth, histories.birth_latest]
    )
    areas: list[str | None] = [None]
    if histories.area[one] == UNKNOWN_AREA:
        areas = [NATION, *rules.local_areas]
    recovery = rules.conventions.presumed_recovery
    ends = (
        [histories.infected]
        if histories.infected[one] == NEVER
        else [histories.infected, after(recovery, histories.infected)]
    )
    for birth in births:
        for area in areas:
            for well in ends:
                yield {"birth": birth, "area": area, "well": well}


def _batches(rules: RuleSet, histories: Histories, rows: Any, day: int, world: dict[str, Any]) -> Iterator[Batch]:
    """Sort rows into batches by products in order of date, groups, area and sex."""
    products, dates = _in_order(histories, rows, day)
    key = np.zeros(len(rows), np.int64)
    for at in range(products.shape[1]):
        key = key << _BITS | (products[:, at] + 1).astype(np.int64)
    places = _places(rules, histories, rows, world)
    groups, group_at = np.unique(histories.groups[rows], return_inverse=True)
    key = ((key * len(groups) + group_at) * len(places[0]) + places[1]) * 3 + histories.female[rows] + 1
    order = np.argsort(key, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(key[order])) + 1):
        head = part[0]
        width = int((products[head] >= 0).sum())
        listed = list(rules.products.values())
        chosen = rows[part]
        ill = histories.infected[chosen] if histories.infected[rows[0]] != NEVER else None
        yield Batch(
            rules=rules,
            products=tuple(listed[code] for code in products[head, :width]),
            groups=_named(rules, int(groups[group_at[head]])),
            area=places[0][places[1][head]],
            sex={1: "female", 0: "male"}.get(int(histories.female[rows[head]]), "unknown"),
            day=day,
            rows=part,
            birth=world["birth"][chosen],
            dates=tuple(np.ascontiguousarray(dates[part, at]) for at in range(width)),
            ill=ill,
            well=world["well"][chosen] if ill is not None else None,
        )


def _in_order(histories: Histories, rows: Any, day: int) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
    """Sort the doses of each row by date; those after the day asked about are no doses yet."""
    dates, products = histories.dates[rows], histories.products[rows]
    gone = (products < 0) | (dates > day)
    dates = np.where(gone, EVER, dates)
    products = np.where(gone, np.int8(NEVER), products)
    if dates.shape[1] > 1 and (np.diff(dates, axis=1) < 0).any():
        order = np.argsort(dates, axis=1, kind="stable")
        dates = np.take_along_axis(dates, order, axis=1)
        products = np.take_along_axis(products, order, axis=1)
    return products, dates


def _places(
    rules: RuleSet, histories: Histories, rows: Any, world: dict[str, Any]
) -> tuple[list[str], NDArray[np.int64]]:
    names = [NATION, *rules.local_areas]
    if world["area"] is not None:
        return names, np.full(len(rows), names.index(world["area"]), np.int64)
    table = np.zeros(128, np.int64)
    for at, area in enumerate(rules.local_areas, start=1):
        table[int(area)] = at
    return names, table[histories.area[rows]]


@cache
def _named(rules: RuleSet, bits: int) -> frozenset[str]:
    return frozenset(code for at, code in enumerate(group_codes(rules)) if bits >> at & 1)


def _answer(batch: Batch, into: Answers, forecasts: bool) -> None:
    for part, placed in place_all(batch):
        answers = Answers.empty(len(part.rows))
        if placed.kinds:
            complete = placed.complete(part)
            count = len(placed.kinds)
            answers.card[:] = 2 if complete else 1
            answers.dn[:] = count
            answers.sd[:] = _series(placed.kinds, placed.length)
            answers.held[:] = placed.held
            if complete:
                answers.complete_since[:] = part.dates[placed.primary[-1]]
        if forecasts:
            forecast(part, placed, answers)
        into.put(part.rows, answers)


def _series(kinds: tuple[str, ...], length: int) -> int:
    primary = kinds.count("primary")
    if len(kinds) == primary:
        return max(length, primary)
    return 1 if primary == 1 else len(kinds)


def _one_by_one(rules: RuleSet, histories: Histories, rows: Any, as_of: date, into: Answers) -> None:
    columns = list(into.columns().values())
    for row in rows:
        person = histories.person(rules, int(row))
        answer = assess(rules, person.subject, person.given, person.area, as_of)
        for column, value in zip(columns, row_of_answer(rules, answer), strict=True):
            column[row] = value
