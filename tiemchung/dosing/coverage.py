"""Every product, age and day: what the rules answer, by which dispatch, and where they are silent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from tiemchung.dosing.dates import EVER, Days, Span, before, following
from tiemchung.dosing.history import Subject
from tiemchung.dosing.products import Ages
from tiemchung.dosing.rows import NATION, PRIMARY
from tiemchung.dosing.ruleset import RuleSet
from tiemchung.dosing.verdict import may_give


@dataclass(frozen=True)
class Cell:
    """What is answered about a first dose of a product at an age (`from_`, in months) over some days."""

    product: str
    months: int
    days: Days
    allowed: bool
    code: str
    rule: str
    dispatch: tuple[str, ...]


@dataclass(frozen=True)
class Silence:
    """A step on which no row says anything: after this product, at this age (in months), on these days."""

    after: str
    months: int
    days: Days


def limits(rules: RuleSet) -> tuple[int, ...]:
    """Ages in months at which anything begins or ends that an answer hangs on: rules, bars, products."""
    bands = [*_bands(rules), *(bar.ages for bar in rules.bars), *(one.ages for one in rules.products.values())]
    return _months(bands)


def ages(rules: RuleSet) -> tuple[int, ...]:
    """Ages in months at which some rule begins or ends, birth included."""
    return _months(_bands(rules))


def _bands(rules: RuleSet) -> list[Ages]:
    bands = [row.ages for row in rules.rows] + [approval.ages for approval in rules.approvals]
    return bands + [who.ages for row in rules.rows for who in row.who]


def _months(bands: list[Ages]) -> tuple[int, ...]:
    spans = [span for band in bands for span in (band.start, band.under) if span]
    return tuple(sorted({0} | {span.months for span in spans}))


def turning_days(rules: RuleSet) -> list[date]:
    """The days from the first rule to the last day known on which some answer may change."""
    periods = [row.period for row in rules.rows] + [approval.period for approval in rules.approvals]
    days = {rules.starts} | {period.start for period in periods}
    days |= {following(period.end) for period in periods if period.end < EVER}
    return sorted(day for day in days if rules.starts <= day <= rules.known_until)


def cover(rules: RuleSet) -> Iterator[Cell]:
    """Give the answer about every approved product at every age on every day; neighbouring days are joined."""
    for product in rules.products.values():
        if product.status == "approved":
            for months in ages(rules):
                yield from _joined(_cells(rules, product.code, months))


def _cells(rules: RuleSet, code: str, months: int) -> Iterator[Cell]:
    days = turning_days(rules)
    area = next(iter(sorted(rules.areas - set(rules.local_areas))), None)
    for first, last in zip(days, [*map(before, days[1:]), rules.known_until], strict=True):
        verdict = may_give(rules, Subject(born(first, months)), (), code, area, first)
        dispatch = tuple(one.id for one in verdict.dispatch)
        yield Cell(code, months, Days(first, last), verdict.allowed, verdict.code, verdict.rule, dispatch)


@lru_cache(maxsize=4096)
def born(day: date, months: int) -> date:
    """Give the latest birth date of someone who is of the age on the day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    birth, span = date(year, month + 1, 1), Span(months=months)
    while span.after(birth + timedelta(days=1)) <= day:
        birth += timedelta(days=1)
    return birth


def _joined(cells: Iterable[Cell]) -> Iterator[Cell]:
    kept: Cell | None = None
    for cell in cells:
        if kept and replace(cell, days=kept.days) == kept:
            kept = replace(kept, days=Days(kept.days.start, cell.days.end))
        else:
            if kept:
                yield kept
            kept = cell
    if kept:
        yield kept


def silences(rules: RuleSet) -> list[Silence]:
    """Give the second doses about which no row speaks, for products and ages that could have had a first."""
    found = []
    for product in rules.products.values():
        for months in ages(rules) if product.status == "approved" and product.course > 1 else ():
            found += _silent(rules, product.code, months)
    return found


def _silent(rules: RuleSet, code: str, months: int) -> list[Silence]:
    days = turning_days(rules)
    silent: list[Silence] = []
    for first, last in zip(days, [*map(before, days[1:]), rules.known_until], strict=True):
        birth = born(first, months)
        approved = any(
            code in a.products and a.period.holds(first) and a.ages.days(birth).holds(first) for a in rules.approvals
        )
        spoken = any(
            row.kind == PRIMARY
            and code in row.after
            and row.area == NATION
            and row.period.holds(first)
            and row.ages.days(birth).holds(first)
            for row in rules.rows
        )
        if approved and not spoken:
            if silent and following(silent[-1].days.end) == first:
                first = silent.pop().days.start
            silent.append(Silence(code, months, Days(first, last)))
    return silent
