"""Days as small numbers, and the rules' spans as tables of days: arithmetic by looking up.

A day is the number of days since 1900-01-01. `NEVER` stands for no day, `EVER` for a day without end; a span after a
day past the table is `EVER`. Tables hold the same results as `Span.after`, day by day.
"""

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiemchung.dosing.dates import Span
from tiemchung.dosing.products import Ages

Array = NDArray[np.int32]
Mask = NDArray[np.bool_]

_FIRST = date(1900, 1, 1)
_LAST = date(2150, 12, 31)
EVER = (_LAST - _FIRST).days + 1
NEVER = -1


def number(day: date) -> int:
    """Give the number of a day; days outside the table are its ends."""
    return min(max((day - _FIRST).days, 0), EVER)


def day_of(value: int) -> date | None:
    """Give the day of a number, None for no day."""
    return None if value < 0 else _FIRST + timedelta(days=int(value))


def numbers(days: NDArray[Any]) -> Array:
    """Give the numbers of days; NaT and masked days become NEVER, days outside the table too."""
    days = np.ma.filled(days.astype("datetime64[D]"), np.datetime64("NaT"))
    found = (days.astype("datetime64[D]") - np.datetime64(_FIRST)).astype(np.int64)
    found[np.isnat(days) | (found < 0) | (found >= EVER)] = NEVER
    return found.astype(np.int32)


@cache
def table(span: Span) -> Array:
    """Give, for each day, the day that lies a span after it."""
    days = np.datetime64(_FIRST) + np.arange(EVER + 1)
    months = days.astype("datetime64[M]")
    within = (days - months.astype("datetime64[D]")).astype(np.int64)
    target = months + span.months
    last = ((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(np.int64) - 1
    moved = (target.astype("datetime64[D]") - np.datetime64(_FIRST)).astype(np.int64)
    found = moved + np.minimum(within, last) + span.days
    found[EVER] = EVER
    result: Array = np.minimum(found, EVER).astype(np.int32)
    return result


def after(span: Span | None, days: Array) -> Array:
    """Give the days that lie a span after the given ones."""
    return days if span is None else table(span)[days]


@cache
def _band(ages: Ages) -> tuple[Array | None, Array | None]:
    return (table(ages.start) if ages.start else None, table(ages.under) - 1 if ages.under else None)


def of_age(bands: tuple[Ages, ...], birth: Array) -> tuple[Array, Array]:
    """Give the first and last days on which those born then are of every band."""
    start, end = birth, np.full_like(birth, EVER)
    for ages in dict.fromkeys(bands):
        first, last = _band(ages)
        start = np.maximum(start, first[birth]) if first is not None else start
        end = np.minimum(end, last[birth]) if last is not None else end
    return start, end
