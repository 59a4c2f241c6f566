"""Rows made ready to answer from: one offer = one product, one age band, one period, one authority."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from tiemchung.dosing.dates import EVER, Days, Span, before, following
from tiemchung.dosing.products import Ages, Product
from tiemchung.dosing.rows import NATION, Approval, Row, weakest


@dataclass(frozen=True)
class Anchors:
    """The days that intervals count from: the dose before and the first dose; None for a first dose."""

    last: date | None = None
    first: date | None = None


@dataclass(frozen=True)
class Offer:
    """A row, for one product, cut down to the days and ages for which that product is approved."""

    row: Row
    product: Product
    period: Days
    bands: tuple[Ages, ...]
    mark: str

    def reached(self, anchors: Anchors) -> date:
        """The first day that the intervals allow."""
        due = [date.min]
        if self.row.min and anchors.last:
            due.append(self.row.min.after(anchors.last))
        if self.row.since_first and anchors.first:
            due.append(self.row.since_first.after(anchors.first))
        return max(due)

    def closes(self, anchors: Anchors) -> date:
        """The last day of the row's own window, counted from the dose before."""
        return self.row.until.after(anchors.last) if self.row.until and anchors.last else EVER

    def of_age(self, birth: date) -> Days:
        """The days on which someone born then is of every age band."""
        return _of_every(self.bands, birth)

    def days(self, anchors: Anchors, birth: date) -> Days:
        """The days on which this offer lets the dose be given; may be empty."""
        aged = self.of_age(birth)
        return Days(
            max(self.period.start, self.reached(anchors), aged.start),
            min(self.period.end, self.closes(anchors), aged.end),
        )

    def frozen(self) -> "Offer":
        """The same offer as someone sees it who doesn't know that it will end."""
        return replace(self, period=Days(self.period.start, EVER))


@lru_cache(maxsize=1 << 16)
def _of_every(bands: tuple[Ages, ...], birth: date) -> Days:
    spans = [band.days(birth) for band in bands]
    return Days(max(span.start for span in spans), min(span.end for span in spans))


def approved(row: Row, product: Product, approvals: Iterable[Approval]) -> Iterator[Offer]:
    """Cut a row down to each approval of the product."""
    for approval in approvals:
        period = common(row.period, approval.period)
        if product.code in approval.products and period.start <= period.end:
            bands = (row.ages, approval.ages)
            if _meet(*bands):
                yield Offer(row, product, period, bands, weakest(row.mark, approval.mark))


def localised(rows: Iterable[Row], area: str) -> list[Row]:
    """Keep the rows that hold in an area: its own, and the nation's where it has none for the same step."""
    rows = list(rows)
    local = [row for row in rows if row.area == area != NATION]
    nation = [row for row in rows if row.area == NATION]
    return local + [piece for row in nation for piece in _cut(row, [own for own in local if same_step(row, own)])]


def _cut(row: Row, stronger: list[Row]) -> list[Row]:
    pieces = [row]
    for own in stronger:
        pieces = [piece for whole in pieces for piece in _without(whole, own.period)]
    return pieces


def _without(row: Row, days: Days) -> list[Row]:
    if not overlap(row.period, days):
        return [row]
    pieces = [Days(row.period.start, before(days.start))]
    if days.end < EVER:
        pieces.append(Days(following(days.end), row.period.end))
    return [replace(row, period=piece) for piece in pieces if piece.start <= piece.end]


def same_step(one: Row, other: Row) -> bool:
    """Tell whether two rows speak of the same step: kind, dose before, product, dose number, ages, sex."""
    return (
        one.kind == other.kind
        and one.dose == other.dose
        and one.course == other.course
        and (not one.sex or not other.sex or one.sex == other.sex)
        and (bool(set(one.after) & set(other.after)) or one.after == other.after)
        and _same_products(one, other)
        and _meet(one.ages, other.ages)
    )


def _same_products(one: Row, other: Row) -> bool:
    def products(row: Row) -> set[tuple[object, str]]:
        return {((give.only, give.platforms, give.mixed), code) for give in row.give for code in give.products}

    return bool(products(one) & products(other))


def common(one: Days, other: Days) -> Days:
    """The days that two intervals share."""
    return Days(max(one.start, other.start), min(one.end, other.end))


def overlap(one: Days, other: Days) -> bool:
    """Tell whether two intervals share a day."""
    shared = common(one, other)
    return shared.start <= shared.end


def _meet(one: Ages, other: Ages) -> bool:
    def least(span: Span | None, default: int) -> int:
        return span.months * 31 + span.days if span else default

    start = max(least(one.start, 0), least(other.start, 0))
    return start < min(least(one.under, 10**9), least(other.under, 10**9))
