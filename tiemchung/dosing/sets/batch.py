"""One batch: histories with the same products in the same order, the same groups, area and sex. Only days differ."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tiemchung.dosing.offers import Offer
from tiemchung.dosing.products import Ages, Product
from tiemchung.dosing.rows import ADDITIONAL, BOOSTER1, BOOSTER2, PRIMARY, Bar
from tiemchung.dosing.ruleset import RuleSet
from tiemchung.dosing.sets.days import EVER, NEVER, Array, Mask, after, number, of_age

UNRULED = "unruled"


@dataclass(frozen=True)
class Batch:
    """What a batch shares, and its columns. `dates`: one array per dose, oldest first."""

    rules: RuleSet
    products: tuple[Product, ...]
    groups: frozenset[str]
    area: str
    sex: str
    day: int
    rows: NDArray[np.intp]
    birth: Array
    dates: tuple[Array, ...]
    ill: Array | None
    well: Array | None
    aged: dict[tuple[Ages, ...], tuple[Array, Array]] = field(default_factory=dict)

    def of_age(self, bands: tuple[Ages, ...]) -> tuple[Array, Array]:
        """Give the first and last days on which the people are of every band; worked out once."""
        if bands not in self.aged:
            self.aged[bands] = of_age(bands, self.birth)
        return self.aged[bands]

    def take(self, mask: Mask) -> "Batch":
        """Give the part of the batch where the mask holds."""
        return replace(
            self,
            rows=self.rows[mask],
            aged={},
            birth=self.birth[mask],
            dates=tuple(day[mask] for day in self.dates),
            ill=None if self.ill is None else self.ill[mask],
            well=None if self.well is None else self.well[mask],
        )

    def full(self, value: int) -> Array:
        """Give a column of one value."""
        return np.full(len(self.rows), value, np.int32)


@dataclass(frozen=True)
class Placed:
    """Where a batch stands after some doses: their kinds are the same throughout."""

    kinds: tuple[str, ...] = ()
    length: int = 0
    held: Mask = field(default_factory=lambda: np.zeros(0, np.bool_))

    def at(self, kind: str) -> int | None:
        """The place of the last dose of a kind."""
        return next((at for at in range(len(self.kinds) - 1, -1, -1) if self.kinds[at] == kind), None)

    @property
    def primary(self) -> list[int]:
        """The places of the primary doses."""
        return [at for at, kind in enumerate(self.kinds) if kind == PRIMARY]

    def complete(self, batch: Batch) -> bool:
        """Tell whether the primary course is complete."""
        primary = self.primary
        return bool(primary) and (len(primary) >= self.length or batch.products[primary[-1]].course == 1 < self.length)

    def codes(self, batch: Batch) -> tuple[str, ...]:
        """Codes of the primary and additional doses as the rules know them."""
        return tuple(
            batch.products[at].course_code for at, kind in enumerate(self.kinds) if kind in (PRIMARY, ADDITIONAL)
        )

    def open_kinds(self, batch: Batch) -> tuple[str, ...]:
        """The kinds that could come next."""
        if not self.complete(batch):
            return (PRIMARY,)
        if self.at(UNRULED) is not None or self.at(BOOSTER2) is not None:
            return ()
        if self.at(BOOSTER1) is not None:
            return (BOOSTER2,)
        return (BOOSTER1,) if self.at(ADDITIONAL) is not None else (ADDITIONAL, BOOSTER1)

    def offers(self, batch: Batch, kind: str) -> tuple[Offer, ...]:
        """The offers for the next dose of a kind."""
        if kind != PRIMARY:
            return batch.rules.later(kind, batch.area, self.codes(batch), batch.groups)
        primary = self.primary
        last = batch.products[primary[-1]].course_code if primary else ""
        offers = batch.rules.offers(batch.area, last, len(primary) + 1, self.length)
        return tuple(offer for offer in offers if offer.row.sex in ("", batch.sex))

    def anchor(self, batch: Batch, kind: str) -> Array | None:
        """The days from which the interval of a kind counts."""
        after_additional = self.at(ADDITIONAL) if kind == BOOSTER1 else None
        place = self.at(BOOSTER1) if kind == BOOSTER2 else after_additional
        place = self.at(PRIMARY) if place is None else place
        return None if place is None else batch.dates[place]


@dataclass(frozen=True)
class Window:
    """An offer's days for a batch."""

    offer: Offer
    reached: Array
    closes: Array
    aged_from: Array
    aged_to: Array

    @classmethod
    def of(cls, batch: Batch, placed: Placed, kind: str, offer: Offer) -> "Window":
        """Compute the days of an offer."""
        anchor = placed.anchor(batch, kind)
        reached, closes = batch.full(0), batch.full(EVER)
        if anchor is not None:
            if offer.row.min:
                reached = after(offer.row.min, anchor)
            if offer.row.since_first:
                reached = np.maximum(reached, after(offer.row.since_first, batch.dates[placed.primary[0]]))
            if offer.row.until:
                closes = after(offer.row.until, anchor)
        return cls(offer, reached, closes, *batch.of_age(offer.bands))

    def in_force(self, days: Array | int) -> Mask:
        """Tell where the offer is in force, for people of its age, on some days."""
        start, end = number(self.offer.period.start), number(self.offer.period.end)
        mask: Mask = (days >= start) & (days <= end) & (days >= self.aged_from) & (days <= self.aged_to)
        return mask

    def open(self, days: Array | int) -> Mask:
        """Tell where the interval has been reached and the window has not closed."""
        mask: Mask = (days >= self.reached) & (days <= self.closes)
        return mask

    @property
    def start(self) -> Array:
        """The first day."""
        return np.maximum(np.maximum(self.reached, self.aged_from), number(self.offer.period.start))

    @property
    def end(self) -> Array:
        """The last day."""
        return np.minimum(np.minimum(self.closes, self.aged_to), number(self.offer.period.end))


@dataclass(frozen=True)
class Block:
    """Days on which a bar forbids a dose; empty where the start is after the end."""

    start: Array
    end: Array


def blocks(batch: Batch, placed: Placed, kind: str, product: Product, known_on: int | None = None) -> list[Block]:
    """Give the blocks of the bars that are sure; with `known_on`, of that day's bars, taken to last."""
    found = []
    for bar in batch.rules.bars:
        stated = bar.fact in batch.groups or (bar.fact == "infection" and batch.ill is not None)
        concerned = stated and bar.mark != "contested" and (not bar.kinds or kind in bar.kinds)
        if concerned and (not bar.products or product.code in bar.products):
            block = _block(batch, placed, bar, known_on)
            found += [block] if block else []
    return found


def _block(batch: Batch, placed: Placed, bar: Bar, known_on: int | None) -> Block | None:
    first, last = number(bar.period.start), number(bar.period.end)
    if known_on is not None and not first <= known_on <= last:
        return None
    aged_from, aged_to = batch.of_age((bar.ages,))
    start = np.maximum(aged_from, first)
    end = np.minimum(aged_to, EVER if known_on is not None else last)
    if bar.fact == "infection" and batch.ill is not None and batch.well is not None:
        return _of_infection(batch, placed, bar, start, end)
    if bar.fact in batch.groups and bar.lasts is None:
        return Block(start, end)
    return None


def _of_infection(batch: Batch, placed: Placed, bar: Bar, start: Array, end: Array) -> Block:
    assert batch.ill is not None
    assert batch.well is not None
    if bar.lasts is not None:
        start = np.maximum(start, batch.ill)
        end = np.minimum(end, after(bar.lasts, batch.well if bar.since == "end" else batch.ill) - 1)
    if bar.after_last_dose and placed.kinds:
        start = np.where(batch.well > batch.dates[len(placed.kinds) - 1], start, EVER)
    return Block(np.where(batch.ill == NEVER, EVER, start), end)
