"""Expectation-maximisation over the candidate pairs of a part of the left records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tiemchung.linkage.estimate import Estimates, Pattern, likely_chances
from tiemchung.linkage.sides import Sides

Array = np.ndarray[Any, Any]
MOST_ROUNDS = 12
# A round that moves no chance by more than this is the last.
_STILL_MOVING = 0.002
LEAST_COVERAGE, MOST_COVERAGE = 0.01, 0.999
# Beyond it a power of two is no longer a number that can be summed.
_MOST_BITS = 900.0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate pairs by place of their records and pattern; `rarity` in bits; `lefts` records they were drawn from."""

    left: Array
    right: Array
    pattern: Array
    rarity: Array
    lefts: int

    @classmethod
    def of(cls, columns: dict[str, Array], lefts: int) -> "Pairs":
        """Make it of the columns l, r, pattern and rarity."""
        left, right = (np.unique(columns[name], return_inverse=True)[1] for name in ("l", "r"))
        return cls(left, right, columns["pattern"], columns["rarity"].astype(float), lefts)


@dataclass(frozen=True, slots=True)
class Odds:
    """What is known before looking: of a pair, and of «none of these» on either side."""

    prior: float
    none_left: float
    none_right: float

    @classmethod
    def of(cls, coverage: float, sizes: tuple[int, int], sides: Sides) -> "Odds":
        """By the share of left records that have their person on the right, and the sizes of both sides.

        Within one file each pair stands once, so that half as many strangers stand against the expected partners.
        """
        lefts, rights = sizes
        right_coverage = coverage * lefts / max(rights, 1)
        return cls(
            coverage / max(rights / (2 if sides.alone else 1), 1),
            1 - min(coverage, MOST_COVERAGE) if sides.right_once else 1.0,
            1 - min(right_coverage, MOST_COVERAGE) if sides.left_once else 1.0,
        )


def learn(
    pairs: Pairs,
    fields: Sequence[str],
    patterns: Sequence[Pattern],
    start: Estimates,
    sizes: tuple[int, int],
    sides: Sides,
) -> Estimates:
    """Estimate m and the coverage until they rest; u stays as it is."""
    estimates = start
    for _ in range(MOST_ROUNDS):
        weights = _weights(pairs, fields, patterns, estimates, Odds.of(estimates.coverage, sizes, sides), sides)
        likely = {pattern: float(weight) for pattern, weight in zip(patterns, weights, strict=True) if weight}
        coverage = max(sum(likely.values()) / max(pairs.lefts, 1), LEAST_COVERAGE)
        before, estimates = estimates, replace(estimates, m=likely_chances(fields, likely), coverage=coverage)
        if _movement(before, estimates) < _STILL_MOVING:
            break
    return estimates


def _weights(
    pairs: Pairs, fields: Sequence[str], patterns: Sequence[Pattern], estimates: Estimates, odds: Odds, sides: Sides
) -> Array:
    """How much of each pattern the likely pairs hold: the best pair of each record counts by its probability."""
    of_pattern = np.array([estimates.pattern_bits(fields, pattern) for pattern in patterns])
    bits = of_pattern[pairs.pattern] + pairs.rarity
    each = odds.prior * np.exp2(np.minimum(bits, _MOST_BITS))
    chance, counts = _share(each, pairs.left, odds.none_left, sides.right_once, bits)
    of_right, right_counts = _share(each, pairs.right, odds.none_right, sides.left_once, bits)
    weights = np.where(counts & right_counts, np.minimum(chance, of_right), 0.0)
    return np.bincount(pairs.pattern, weights, len(patterns))


def _share(odds: Array, side: Array, none: float, competing: bool, bits: Array) -> tuple[Array, Array]:
    """The probability of each pair among those of its record, and whether it is the best of them."""
    if not competing:
        return odds / (odds + none), np.ones(len(odds), dtype=bool)
    whole = np.bincount(side, odds)[side]
    best = np.full(side.max(initial=0) + 1, -np.inf)
    np.maximum.at(best, side, bits)
    return odds / (whole + none), bits == best[side]


def _movement(before: Estimates, after: Estimates) -> float:
    moved = (
        abs(after.m[field][level] - chance) for field, levels in before.m.items() for level, chance in levels.items()
    )
    return max(abs(after.coverage - before.coverage), *moved)
