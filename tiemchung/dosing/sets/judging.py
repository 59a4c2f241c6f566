"""The kinds of the doses of a batch, splitting it where days make them differ, and whether a finding holds them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tiemchung.dosing.rows import ADDITIONAL, PRIMARY
from tiemchung.dosing.sets.batch import UNRULED, Batch, Placed, Window
from tiemchung.dosing.sets.days import Array, Mask, number


def place_all(batch: Batch) -> Iterator[tuple[Batch, Placed]]:
    """Give the parts of a batch with the kinds of their doses."""
    if not batch.products:
        yield batch, Placed(held=np.zeros(len(batch.rows), np.bool_))
        return
    for length, part in _by_length(batch):
        yield from _place(part, Placed((), length, np.zeros(len(part.rows), np.bool_)))


def _by_length(batch: Batch) -> Iterator[tuple[int, Batch]]:
    """Split by the length of the course, which some rules make depend on age."""
    first, lengths = batch.products[0], batch.full(batch.products[0].course)
    for row in reversed(batch.rules.lengths):
        if first.code in row.products and (not row.groups or row.groups & batch.groups):
            aged_from, aged_to = batch.of_age((row.ages,))
            start = np.maximum(aged_from, number(row.period.start))
            end = np.minimum(aged_to, number(row.period.end))
            lengths[(batch.dates[0] >= start) & (batch.dates[0] <= end)] = row.doses
    for length in np.unique(lengths):
        yield int(length), batch.take(lengths == length)


def _place(batch: Batch, placed: Placed) -> Iterator[tuple[Batch, Placed]]:
    at = len(placed.kinds)
    if at == len(batch.products):
        yield batch, placed
        return
    if not placed.complete(batch):
        held = placed.held | ~_primary_in_order(batch, placed, batch.dates[at])
        yield from _place(batch, replace(placed, kinds=(*placed.kinds, PRIMARY), held=held))
        return
    for kind, mask, in_order in _later_kinds(batch, placed, batch.dates[at]):
        if mask.any():
            part = batch.take(mask)
            held = (placed.held | ~in_order)[mask]
            yield from _place(part, replace(placed, kinds=(*placed.kinds, kind), held=held))


def _primary_in_order(batch: Batch, placed: Placed, days: Array) -> Mask:
    """Tell where a primary dose was approved, open to the age, in the country, permitted after the last, in time."""
    product, rules = batch.products[len(placed.kinds)], batch.rules
    fine = days >= max(number(rules.starts), number(product.arrived) if product.arrived else 0)
    fine &= _approved(batch, product.code, days)
    first = [offer for offer in Placed().offers(batch, PRIMARY) if offer.product.code == product.code]
    windows = [Window.of(batch, Placed(), PRIMARY, offer) for offer in first]
    fine &= _any([window.in_force(days) for window in windows], days)
    if not placed.kinds:
        return fine
    own = [offer for offer in placed.offers(batch, PRIMARY) if offer.product.code == product.course_code]
    pairs = [Window.of(batch, placed, PRIMARY, offer) for offer in own]
    return fine & _any([pair.in_force(days) & (days >= pair.reached) for pair in pairs], days)


def _approved(batch: Batch, code: str, days: Array) -> Mask:
    masks = []
    for approval in batch.rules.approvals:
        if code in approval.products:
            aged_from, aged_to = batch.of_age((approval.ages,))
            in_force = (days >= number(approval.period.start)) & (days <= number(approval.period.end))
            masks.append(in_force & (days >= aged_from) & (days <= aged_to))
    return _any(masks, days)


def _later_kinds(batch: Batch, placed: Placed, days: Array) -> list[tuple[str, Mask, Mask]]:
    """Give the kinds that a dose after a complete course has, where it has them, and where it was in order."""
    code = batch.products[len(placed.kinds)].course_code
    left = np.ones(len(days), np.bool_)
    found: list[tuple[str, Mask, Mask]] = []
    late = np.zeros(len(days), np.bool_)
    kinds = placed.open_kinds(batch)
    for kind in kinds:
        windows = [Window.of(batch, placed, kind, offer) for offer in placed.offers(batch, kind)]
        own = [window for window in windows if window.offer.product.code == code]
        good = left & _any([window.in_force(days) & window.open(days) for window in own], days)
        found.append((kind, good, good))
        left = left & ~good
        if kind != ADDITIONAL:
            early = _any([window.in_force(days) & (days < window.reached) for window in own], days)
            other = _any([window.in_force(days) & window.open(days) for window in windows], days)
            late = left & (early | other)
            found.append((kind, late, np.zeros(len(days), np.bool_)))
    found.append((UNRULED, left & ~late, np.zeros(len(days), np.bool_)))
    return _merged(found)


def _merged(found: list[tuple[str, Mask, Mask]]) -> list[tuple[str, Mask, Mask]]:
    merged: dict[str, tuple[Mask, Mask]] = {}
    for kind, mask, good in found:
        before = merged.get(kind)
        merged[kind] = (before[0] | mask, before[1] | good) if before else (mask, good)
    return [(kind, mask, good) for kind, (mask, good) in merged.items()]


def _any(masks: list[Mask], like: Array) -> Mask:
    found = np.zeros(len(like), np.bool_)
    for mask in masks:
        found |= mask
    return found
