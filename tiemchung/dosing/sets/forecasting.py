"""What is due next for a batch whose doses are placed: the same two questions as for one person, column by column."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tiemchung.dosing.rows import KINDS, PRIMARY
from tiemchung.dosing.ruleset import RuleSet
from tiemchung.dosing.sets.answers import Answers
from tiemchung.dosing.sets.batch import Batch, Block, Placed, Window, blocks
from tiemchung.dosing.sets.days import EVER, NEVER, Array, Mask, after, number


@dataclass(frozen=True)
class _Option:
    """One product for a batch: where it can be given, since or from when, by which row."""

    product: str
    exists: Mask
    allowed: Mask
    start: Array
    until: Array
    rule: Array


def forecast(batch: Batch, placed: Placed, into: Answers) -> None:
    """Write the next dose of every row into the answers (whose rows are the batch's)."""
    left = np.ones(len(batch.rows), np.bool_)
    for kind in placed.open_kinds(batch):
        if not left.any():
            return
        part = batch if left.all() else batch.take(left)
        options = _options(part, placed, kind)
        if options:
            where = np.flatnonzero(left)
            exists = np.logical_or.reduce([option.exists for option in options])
            _write(part, placed, kind, options, into, where, exists)
            left[where[exists]] = False


def _options(batch: Batch, placed: Placed, kind: str) -> list[_Option]:
    """Give the options of a kind, the product of the last dose first; contested offers are none."""
    offers = placed.offers(batch, kind)
    codes = list(dict.fromkeys(offer.product.code for offer in offers))
    course = placed.codes(batch)
    last = course[-1] if course else ""
    windows = [Window.of(batch, placed, kind, offer) for offer in offers]
    of_age = _now_of_age(batch, windows)
    return [
        _option(batch, placed, kind, [w for w in windows if w.offer.product.code == code], of_age)
        for code in sorted(codes, key=lambda one: one != last)
    ]


def _known(batch: Batch) -> int:
    return min(batch.day, number(batch.rules.known_until))


def _now_of_age(batch: Batch, windows: list[Window]) -> Mask:
    """Tell where some offer in force is for the age of the day asked about."""
    found = np.zeros(len(batch.rows), np.bool_)
    for window in windows:
        if _in_force(batch, window):
            found |= (window.aged_from <= batch.day) & (batch.day <= window.aged_to)
    return found


def _in_force(batch: Batch, window: Window) -> bool:
    period = window.offer.period
    return number(period.start) <= _known(batch) <= number(period.end)


def _refused(batch: Batch, window: Window) -> bool:
    needs = window.offer.row.needs
    return ("consent" in needs and "no_consent_to_mix" in batch.groups) or (
        "supply_short" in needs and "supply_enough" in batch.groups
    )


def _option(batch: Batch, placed: Placed, kind: str, windows: list[Window], of_age: Mask) -> _Option:
    product = windows[0].offer.product
    sure = [w for w in windows if w.offer.mark != "contested" and not _refused(batch, w)]
    past = blocks(batch, placed, kind, product)
    allowed, start, rule = _since(batch, sure, past)
    ahead = blocks(batch, placed, kind, product, known_on=_known(batch))
    coming, next_start, next_rule = _next(batch, kind, sure, ahead, of_age)
    start = np.where(allowed, start, next_start)
    rule = np.where(allowed, rule, next_rule)
    until = _until(batch, placed, kind, sure, rule)
    until = np.where(until < start, NEVER, until)
    return _Option(product.code, allowed | coming, allowed, start, until, rule)


@lru_cache(maxsize=64)
def _rule_numbers(rules: RuleSet) -> dict[str, int]:
    return {row.id: at for at, row in enumerate(rules.rows)}


def _rule_number(batch: Batch, window: Window) -> int:
    return _rule_numbers(batch.rules)[window.offer.row.id]


def _since(batch: Batch, windows: list[Window], past: list[Block]) -> tuple[Mask, Array, Array]:
    """Tell where the day is allowed, since when without a break, and by the first row that allows it."""
    day = batch.day
    start, rule = batch.full(EVER), batch.full(-1)
    allowed = np.zeros(len(batch.rows), np.bool_)
    days = [(window.start, window.end) for window in windows]
    for window, (first, last) in zip(windows, days, strict=True):
        holds = (first <= day) & (day <= last)
        rule = np.where(holds & (rule < 0), _rule_number(batch, window), rule)
        start = np.where(holds, np.minimum(start, first), start)
        allowed |= holds
    for _ in windows[1:]:
        before = start
        for first, last in days:
            joins = (first < start) & (start <= last + 1) & (first <= last)
            start = np.where(joins, first, start)
        if np.array_equal(before, start):
            break
    for block in past:
        allowed &= ~((block.start <= day) & (day <= block.end))
    for block in past:
        moves = (block.start <= block.end) & (start <= block.end) & (block.end < day)
        start = np.where(moves, block.end + 1, start)
    return allowed, start, rule


def _next(
    batch: Batch, kind: str, windows: list[Window], ahead: list[Block], of_age: Mask
) -> tuple[Mask, Array, Array]:
    """Give the first day to come that today's rules, taken to last, allow."""
    best, rule = batch.full(EVER), batch.full(-1)
    for window in windows:
        if not _in_force(batch, window):
            continue
        first, last, may = _foretold(batch, kind, window, of_age)
        start = _pushed(np.maximum(first, batch.day), ahead)
        better = may & (start <= last) & (start < best)
        best = np.where(better, start, best)
        rule = np.where(better, _rule_number(batch, window), rule)
    return best < EVER, best, rule


def _foretold(batch: Batch, kind: str, window: Window, of_age: Mask) -> tuple[Array, Array, Mask]:
    """Give the days of an offer without its end, and where it may be foretold by the age of the day."""
    begins = number(window.offer.period.start)
    first = np.maximum(np.maximum(window.reached, window.aged_from), begins)
    last = np.minimum(window.closes, window.aged_to)
    horizon = max(number(batch.rules.known_until), batch.day)
    grows = window.aged_from <= horizon
    if kind == PRIMARY:
        return first, last, grows
    now = (window.aged_from <= batch.day) & (batch.day <= window.aged_to)
    ageless = np.maximum(np.maximum(window.reached, begins), batch.birth)
    return np.where(of_age, ageless, first), np.where(of_age, window.closes, last), np.where(of_age, now, grows)


def _pushed(start: Array, ahead: list[Block]) -> Array:
    for _ in ahead:
        before = start
        for block in ahead:
            barred = (block.start <= start) & (start <= block.end) & (start < EVER)
            start = np.where(barred, np.minimum(block.end + 1, EVER), start)
        if np.array_equal(before, start):
            break
    return start


def _until(batch: Batch, placed: Placed, kind: str, windows: list[Window], rule: Array) -> Array:
    until = batch.full(NEVER)
    anchor = placed.anchor(batch, kind)
    for window in windows if anchor is not None else ():
        row = window.offer.row
        last = after(row.best[1], anchor) if row.best and anchor is not None else window.closes if row.until else None
        if last is not None:
            until = np.where(rule == _rule_number(batch, window), last, until)
    return until


def _write(
    batch: Batch,
    placed: Placed,
    kind: str,
    options: list[_Option],
    into: Answers,
    where: NDArray[np.intp],
    exists: Mask,
) -> None:
    """Join the options: those allowed now, else those of the first day; the first of them leads."""
    now = np.logical_or.reduce([option.allowed for option in options])
    live = [np.where(now, option.allowed, option.exists) for option in options]
    start = np.minimum.reduce([np.where(on, o.start, EVER) for on, o in zip(live, options, strict=True)])
    codes = list(batch.rules.products)
    products = np.zeros(len(batch.rows), np.int64)
    rule, until = batch.full(-1), batch.full(NEVER)
    for on, option in zip(live, options, strict=True):
        offered = on & (now | (option.start == start))
        lead = offered & (rule < 0)
        rule = np.where(lead, option.rule, rule)
        until = np.where(lead, option.until, until)
        products |= np.where(offered, np.int64(1 << codes.index(option.product)), 0)
    rows = where[exists]
    into.kind[rows] = KINDS.index(kind)
    into.number[rows] = len(placed.primary) + 1 if kind == PRIMARY else 1
    for column, value in ((into.from_, start), (into.until, until), (into.rule, rule)):
        column[rows] = value[exists]
    into.products[rows] = products[exists]
