"""From compared pairs to probabilities and decisions: estimates, scores, in a few passes over the pairs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tiemchung.linkage.calibration import Calibration
from tiemchung.linkage.candidates import Search
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.estimate import (
    Estimates,
    Levels,
    Pattern,
    random_chances,
    reasons,
    starting_m,
    with_whole_agreement,
)
from tiemchung.linkage.learning import Odds, Pairs, learn
from tiemchung.linkage.levels import LevelCodes
from tiemchung.linkage.normalise import with_forms
from tiemchung.linkage.sides import Sides
from tiemchung.linkage.statements import statement as sql_of
from tiemchung.linkage.store import Store

_LEARNING_PAIRS = 100_000
_STARTING_COVERAGE = 0.9
_SHARE_OF_FAMILIES = 0.05
# So many people are enough to see whether families stand in a register.
_PEOPLE_AT_HOME = 100_000
# A probability that is nearer to 1 is shown as 1.
_NO_DOUBT = 2.5e-7
# Smaller odds change no probability that is shown and no lead that counts.
LEAST_ODDS = 1e-7
# Fields of which whole agreement is rare between strangers, and the column whose shares say how rare.
_WHOLE_VALUES = {"name": "folded", "birth_date": "birth"}


@dataclass(frozen=True, slots=True)
class Rarity:
    """A field and those of its levels on which a value's rarity counts, and the column whose value it is."""

    field: str
    column: str
    agreeing: tuple[str, ...]


_NAME_RARITIES = (
    Rarity("name", "folded", ("same", "spelling", "accents", "order")),
    Rarity("name", "given", ("given", "family_close")),
    Rarity("name", "family", ("family", "given_close")),
)


@dataclass(frozen=True, slots=True)
class Shares:
    """How likely two people are to share a value of a column, and the shares of its rarest and commonest value."""

    mean: float
    least: float
    largest: float


class Scoring:
    """Scores the pairs of the table `pair_levels`: what is learnt of them, and what is decided of each left record."""

    def __init__(self, store: Store, config: LinkConfig, sides: Sides, codes: LevelCodes) -> None:
        """Score by a configuration; the shares of what is rare or common are looked up once."""
        self._store, self._config, self._sides, self._codes = store, config, sides, codes
        ((lefts, rights),) = store.rows("sizes")
        self._sizes = (lefts, rights)
        texts = (Rarity(name, name, ("same",)) for name, _ in config.left.texts)
        self._rarities = [each for each in (*_NAME_RARITIES, *texts) if each.field in codes.fields]
        columns = {*(each.column for each in self._rarities), *_WHOLE_VALUES.values()}
        self._shares = {column: self._share(column) for column in sorted(columns)}

    def run(self, known: Estimates | None = None, parts: int = 1) -> Estimates:
        """Make the tables `decided` and `pattern_reasons`; gives the estimates that they rest on.

        These are the `known` ones, or learnt from the first of parts.
        """
        found = self._patterns("pair_levels")
        estimates = known or self._learn([*found], parts)
        self._weigh([*found], estimates)
        odds = Odds.of(estimates.coverage, self._sizes, self._sides)
        self._set_apart_beyond_doubt()
        self._score("in_doubt")
        given = {
            "prior": odds.prior,
            "none_left": odds.none_left,
            "none_right": odds.none_right,
            "least_odds": LEAST_ODDS,
        }
        self._store.run("chances", **{word: repr(value) for word, value in given.items()}, **self._once())
        self._decide()
        self._say_reasons(estimates)
        return estimates

    def _share(self, column: str) -> Shares:
        ((mean, least, largest),) = self._store.rows("mean_share", column=column)
        return Shares(mean, least, largest)

    def _patterns(self, table: str) -> dict[int, float]:
        return {code: float(number) for code, number in self._store.rows("patterns", table=table)}

    def _learn(self, found: Sequence[int], parts: int) -> Estimates:
        u = self._strangers()
        start_m = {field: starting_m(field) for field in u}
        start = Estimates(start_m, u, _STARTING_COVERAGE, families=self._has_families())
        pairs = self._learning_pairs(found, parts)
        patterns = [self._codes.pattern(code) for code in found]
        return learn(pairs, self._codes.fields, patterns, start, self._sizes, self._sides)

    def _has_families(self) -> bool:
        """Whether people of one family and home, but of other given names and birth dates, stand in the right side."""
        if not self._config.left.texts:
            return False
        texts = ", ".join(name for name, _ in self._config.left.texts)
        step = max(1, self._sizes[1] // _PEOPLE_AT_HOME)
        ((rows, sharing),) = self._store.rows("homes", texts=texts, step=str(step))
        return bool(sharing > _SHARE_OF_FAMILIES * rows)

    def _strangers(self) -> Mapping[str, Levels]:
        """u: by pairs of strangers; how often two of them agree wholly, which is rare, by the shares of the values."""
        each = max(1, math.isqrt(self._config.sample_pairs))
        lefts = with_forms(sql_of("drawn_lefts", each=str(each)), self._config, alone=self._sides.alone)
        people = sql_of("random_pairs", lefts=lefts, each=str(each), alone=_truth(self._sides.alone))
        self._store.run("pair_levels", table="random_levels")
        Search(self._store, self._config, self._sides, self._codes).compare("random_levels", people)
        patterns = {self._codes.pattern(code): number for code, number in self._patterns("random_levels").items()}
        u = random_chances(self._codes.fields, patterns)
        wholly = {field: self._shares[column].mean for field, column in _WHOLE_VALUES.items() if field in u}
        if "number" in u:
            wholly["number"] = 1 / max(*self._sizes, 1)  # each is meant to be one person's
        return with_whole_agreement(u, wholly)

    def _learning_pairs(self, found: Sequence[int], parts: int) -> Pairs:
        ((pairs,),) = self._store.rows("pair_count")
        drawn = {"step": str(max(1, pairs // _LEARNING_PAIRS)), "parts": str(parts)}
        self._store.run("learning_levels", **drawn)
        ((lefts,),) = self._store.rows("learning_lefts", **drawn)
        self._score("learning_levels")
        columns = self._store.arrays("learning_pairs")
        columns["pattern"] = np.searchsorted(np.array(found), columns["pattern"])
        return Pairs.of(columns, lefts)

    def _score(self, table: str) -> None:
        """Make the table `scored`: what rarity adds to the bits of each pair."""
        columns = dict.fromkeys(each.column for each in self._rarities)
        self._store.run(
            "scored",
            table=table,
            rarity=" + ".join(map(self._rarity, self._rarities)) or "0.0",
            rarity_joins="\n".join(sql_of("rarity_join", column=column) for column in columns),
        )

    def _rarity(self, rarity: Rarity) -> str:
        return sql_of(
            "rarity",
            digit=self._codes.digit(rarity.field),
            column=rarity.column,
            agreeing=self._codes.numbers(rarity.field, rarity.agreeing),
            mean_share=f"{self._shares[rarity.column].mean:.9e}",
        )

    def _weigh(self, found: Sequence[int], estimates: Estimates) -> None:
        """Make the table `pattern_bits`: each pattern's bits, and what they mean on the rarest and commonest values."""
        patterns = [self._codes.pattern(code) for code in found]
        bits = [estimates.pattern_bits(self._codes.fields, pattern) for pattern in patterns]
        spans = list(map(self._span, patterns))
        odds = Odds.of(estimates.coverage, self._sizes, self._sides)
        enough = self._doubtless_bits(odds)
        columns: dict[str, tuple[str, Sequence[object]]] = {
            "pattern": ("BIGINT", found),
            "bits": ("DOUBLE", bits),
            "doubtless": ("BOOLEAN", [each + low >= enough for each, (low, _) in zip(bits, spans, strict=True)]),
            "hopeful": (
                "BOOLEAN",
                [
                    each + high >= math.log2(LEAST_ODDS / odds.prior)
                    for each, (_, high) in zip(bits, spans, strict=True)
                ],
            ),
        }
        self._store.fill("pattern_bits", columns)

    def _span(self, pattern: Pattern) -> tuple[float, float]:
        """What the commonest values there are would take from the bits of a pattern, and the rarest would add."""
        level = dict(zip(self._codes.fields, pattern, strict=True))
        agreeing = [self._shares[each.column] for each in self._rarities if level[each.field] in each.agreeing]
        lowest = sum(math.log2(share.mean / share.largest) for share in agreeing)
        return lowest, sum(math.log2(share.mean / share.least) for share in agreeing)

    def _doubtless_bits(self, odds: Odds) -> float:
        """From how many bits on a pair without rivals has the highest probability that is shown."""
        if self._config.policy.automatic > 1 - 10 * _NO_DOUBT:
            return math.inf
        return math.log2(max(odds.none_left, odds.none_right) / self._no_doubt() / odds.prior)

    def _no_doubt(self) -> float:
        """How near to 1 a probability is shown as the highest: beyond its last point a calibration stays flat."""
        calibration = self._config.calibration
        return max(_NO_DOUBT, 1 - calibration.points[-1][0]) if calibration else _NO_DOUBT

    def _set_apart_beyond_doubt(self) -> None:
        uncontested = ""
        self._store.run("hopeful")
        for side, place, once in (("left", "l", self._sides.right_once), ("right", "r", self._sides.left_once)):
            if once:
                self._store.run("contests", side=side, place=place)
                uncontested += "\n" + sql_of("uncontested", side=side, place=place)
        for name in ("beyond_doubt", "in_doubt"):
            self._store.run(name, uncontested=uncontested)

    def _once(self) -> dict[str, str]:
        return {"left_once": _truth(self._sides.left_once), "right_once": _truth(self._sides.right_once)}

    def _decide(self) -> None:
        policy, calibration = self._config.policy, self._config.calibration
        self._store.run(
            "decided",
            calibrated=_curve(calibration),
            certainty=repr(calibration.apply(1.0) if calibration else 1.0),
            margin_bits=str(policy.margin_bits),
            automatic=str(policy.automatic),
            proposal=str(policy.proposal),
        )

    def _say_reasons(self, estimates: Estimates) -> None:
        found = [code for (code,) in self._store.rows("decided_patterns")]
        fields, patterns = self._codes.fields, [self._codes.pattern(code) for code in found]
        columns = {
            "pattern": ("BIGINT", found),
            "may_correct": ("BOOLEAN", [estimates.may_correct(fields, pattern) for pattern in patterns]),
            "reasons": ("VARCHAR", [reasons(fields, pattern) for pattern in patterns]),
        }
        self._store.fill("pattern_reasons", columns)
        self._store.run("reasons_as_numbers")


def _truth(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def _curve(calibration: Calibration | None) -> str:
    """Write a calibration as SQL: straight lines between its points, flat beyond them."""
    if calibration is None:
        return "chance"
    points = calibration.points
    steps = [f"WHEN chance <= {points[0][0]!r} THEN {points[0][1]!r}"]
    for (low, low_actual), (high, high_actual) in pairwise(points):
        slope = (high_actual - low_actual) / (high - low)
        steps.append(f"WHEN chance <= {high!r} THEN {low_actual!r} + {slope!r} * (chance - {low!r})")
    return f"CASE {' '.join(steps)} ELSE {points[-1][1]!r} END"
