"""Probabilities that mean what they say: fitted on pairs that people have checked."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Calibration:
    """A rising curve from nominal to borne-out probability: straight lines between points (nominal, actual)."""

    points: tuple[tuple[float, float], ...]

    @classmethod
    def fit(cls, checked: Iterable[tuple[float, bool]], least: int = 1) -> "Calibration":
        """Fit on (nominal probability, whether it was one person): isotonic regression by pooling neighbours.

        A pool holds at least `least` pairs: fewer say little. Raises ValueError when no pair is given.
        """
        pooled: list[tuple[float, float, int]] = []  # sum of nominal, sum of true, number
        for nominal, pairs in groupby(sorted(checked), key=lambda pair: pair[0]):
            outcomes = [true for _, true in pairs]
            pooled.append((nominal * len(outcomes), float(sum(outcomes)), len(outcomes)))
            while len(pooled) > 1 and (_actual(pooled[-2]) >= _actual(pooled[-1]) or pooled[-2][2] < least):
                _join_last_two(pooled)
        while len(pooled) > 1 and (pooled[-1][2] < least or _actual(pooled[-2]) >= _actual(pooled[-1])):
            _join_last_two(pooled)
        if not pooled:
            raise ValueError("calibration needs at least one checked pair")
        return cls(tuple((nominal / number, true / number) for nominal, true, number in pooled))

    def apply(self, nominal: float) -> float:
        """Give the borne-out probability; beyond the outermost points it stays flat."""
        place = bisect_left(self.points, (nominal, 0.0))
        if place == 0:
            return self.points[0][1]
        if place == len(self.points):
            return self.points[-1][1]
        (low, low_actual), (high, high_actual) = self.points[place - 1], self.points[place]
        return low_actual + (high_actual - low_actual) * (nominal - low) / (high - low)


@dataclass(frozen=True, slots=True)
class Bin:
    """One step of a reliability curve: how many pairs, their mean probability, and the share that was true."""

    pairs: int
    stated: float
    actual: float


def reliability(checked: Sequence[tuple[float, bool]], bins: int = 10) -> list[Bin]:
    """Give the reliability curve over equal steps of probability; empty steps are left out."""
    sorted_into: dict[int, list[tuple[float, bool]]] = {}
    for stated, true in checked:
        sorted_into.setdefault(min(int(stated * bins), bins - 1), []).append((stated, true))
    return [_bin(sorted_into[step]) for step in sorted(sorted_into)]


def calibration_error(checked: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Give the expected calibration error: the mean distance of stated and actual, weighed by pairs; 0 when empty."""
    curve = reliability(checked, bins)
    return sum(each.pairs * abs(each.stated - each.actual) for each in curve) / max(len(checked), 1)


def _actual(pool: tuple[float, float, int]) -> float:
    return pool[1] / pool[2]


def _join_last_two(pooled: list[tuple[float, float, int]]) -> None:
    last, before = pooled.pop(), pooled.pop()
    pooled.append((before[0] + last[0], before[1] + last[1], before[2] + last[2]))


def _bin(members: Sequence[tuple[float, bool]]) -> Bin:
    number = len(members)
    return Bin(number, sum(stated for stated, _ in members) / number, sum(true for _, true in members) / number)
