"""From candidate pairs to probabilities and decisions: levels, estimates, scores, in a few passes over the pairs."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from tiemchung.linkage.calibration import Calibration
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.estimate import (
    CONTRADICTION,
    Estimates,
    Levels,
    Pattern,
    random_chances,
    reasons,
    starting_m,
    with_whole_agreement,
)
from tiemchung.linkage.learning import Odds, Pairs, learn
from tiemchung.linkage.sides import Sides
from tiemchung.linkage.statements import statement as sql_of
from tiemchung.linkage.store import Store

_LEARNING_PAIRS = 100_000
_STARTING_COVERAGE = 0.9
_SHARE_OF_FAMILIES = 0.05
# Fields of which whole agreement is rare between strangers, and the column whose shares say how rare.
_WHOLE_VALUES = {"name": "sorted", "birth_date": "birth"}
# Field and levels on which a value's rarity counts, and the column whose value it is.
_NAME_RARITIES = (
    ("name", "sorted", ("same", "spelling", "accents", "order")),
    ("name", "given", ("given", "family_close")),
    ("name", "family", ("family", "given_close")),
)


def score(store: Store, config: LinkConfig, sides: Sides, known: Estimates | None = None, parts: int = 1) -> Estimates:
    """Make the table `chances` from `pairs`; gives the estimates that it rests on: `known`, or learnt from the pairs.

    Of several `parts` the first is learnt from.
    """
    fields, sizes = compared_fields(config), _sizes(store)
    store.run("levels", table="pair_levels", pairs="pairs", levels=_levels(config))
    patterns = list(_patterns(store, fields, "pair_levels"))
    estimates = known or _learn(store, config, sides, patterns, parts)
    _score(store, config, "pair_levels", patterns, estimates)
    odds = Odds.of(estimates.coverage, sizes, sides)
    given = {"prior": odds.prior, "none_left": odds.none_left, "none_right": odds.none_right}
    once = {"left_once": _truth(sides.left_once), "right_once": _truth(sides.right_once)}
    store.run("chances", **{word: repr(value) for word, value in given.items()}, **once)
    return estimates


def _learn(store: Store, config: LinkConfig, sides: Sides, patterns: Sequence[Pattern], parts: int) -> Estimates:
    fields = compared_fields(config)
    u = _strangers(store, config, sides)
    start_m = {field: starting_m(field) for field in u}
    start = Estimates(start_m, u, _STARTING_COVERAGE, families=_has_families(store, config))
    return learn(_learning_pairs(store, config, patterns, start, parts), fields, patterns, start, _sizes(store), sides)


def _has_families(store: Store, config: LinkConfig) -> bool:
    """Whether people of one family and home, but of other given names and birth dates, stand in the right side."""
    if not config.left.texts:
        return False
    ((rows, sharing),) = store.rows("homes", texts=", ".join(name for name, _ in config.left.texts))
    return bool(sharing > _SHARE_OF_FAMILIES * rows)


def _strangers(store: Store, config: LinkConfig, sides: Sides) -> Mapping[str, Levels]:
    """u: by pairs of strangers; how often two of them agree wholly, which is rare, by the shares of the values."""
    fields = compared_fields(config)
    each = max(1, math.isqrt(config.sample_pairs))
    store.run("random_pairs", each=str(each), alone=_truth(sides.alone))
    store.run("levels", table="random_levels", pairs="random_pairs", levels=_levels(config))
    u = random_chances(fields, _patterns(store, fields, "random_levels"))
    wholly = {field: _mean_share(store, column) for field, column in _WHOLE_VALUES.items() if field in u}
    if "number" in u:
        wholly["number"] = 1 / max(*_sizes(store), 1)  # each is meant to be one person's
    return with_whole_agreement(u, wholly)


def _learning_pairs(
    store: Store, config: LinkConfig, patterns: Sequence[Pattern], start: Estimates, parts: int
) -> Pairs:
    ((pairs,),) = store.rows("pair_count")
    step = max(1, pairs // _LEARNING_PAIRS)
    drawn = {"step": str(step), "parts": str(parts)}
    store.run("learning_levels", **drawn)
    ((lefts,),) = store.rows("learning_lefts", **drawn)
    _score(store, config, "learning_levels", patterns, start)
    return Pairs.of(store.arrays("learning_pairs"), lefts)


def decide_all(store: Store, config: LinkConfig) -> None:
    """Make the table `result` from `chances`: left_id, right_id, probability, decision, reasons, in their order."""
    policy = config.policy
    store.run(
        "result",
        calibrated=_curve(config.calibration),
        margin_bits=str(policy.margin_bits),
        automatic=str(policy.automatic),
        proposal=str(policy.proposal),
    )


def compared_fields(config: LinkConfig) -> tuple[str, ...]:
    """Give the fields of a pattern in their order."""
    single = config.left.single
    has_name = bool(single.keys() & {"full_name", "family", "given"})
    own = (("name", has_name), ("birth_date", "birth_date" in single), ("sex", "sex" in single))
    named = [field for field, there in (*own, ("number", bool(config.left.numbers))) if there]
    return (*named, *(name for name, _ in config.left.texts), CONTRADICTION)


def _levels(config: LinkConfig) -> str:
    texts = {name for name, _ in config.left.texts}
    cccd = "TRUE" if config.cccd_numbers else "FALSE"
    names = ((field, "level_text" if field in texts else f"level_{field}") for field in compared_fields(config))
    return ",\n".join(f"{sql_of(name, column=field, cccd_numbers=cccd)} AS {field}" for field, name in names)


def _patterns(store: Store, fields: Sequence[str], table: str) -> dict[Pattern, float]:
    rows = store.rows("patterns", table=table, fields=", ".join(fields))
    return {tuple(levels): float(number) for *levels, number in rows}


def _sizes(store: Store) -> tuple[int, int]:
    ((lefts, rights),) = store.rows("sizes")
    return lefts, rights


def _score(store: Store, config: LinkConfig, table: str, patterns: Sequence[Pattern], estimates: Estimates) -> None:
    """Make the table `scored`: the pattern of each pair and what rarity adds; `pattern_bits` holds the bits."""
    fields = compared_fields(config)
    _fill_pattern_bits(store, fields, patterns, estimates)
    rarities = (*_NAME_RARITIES, *((name, name, ("same",)) for name, _ in config.left.texts))
    used = [each for each in rarities if each[0] in fields]
    columns = dict.fromkeys(column for _, column, _ in used)
    store.run(
        "scored",
        table=table,
        rarity=" + ".join(_rarity(store, *each) for each in used) or "0.0",
        rarity_joins="\n".join(sql_of("rarity_join", column=column) for column in columns),
        same_pattern=" AND ".join(f"levels.{field} IS NOT DISTINCT FROM pattern_bits.{field}" for field in fields),
    )


def _rarity(store: Store, field: str, column: str, agreeing: Sequence[str]) -> str:
    levels = ", ".join(f"'{level}'" for level in agreeing)
    mean_share = f"{_mean_share(store, column):.9e}"
    return sql_of("rarity", field=field, column=column, agreeing=levels, mean_share=mean_share)


def _mean_share(store: Store, column: str) -> float:
    ((mean_share,),) = store.rows("mean_share", column=column)
    return float(mean_share)


def _fill_pattern_bits(store: Store, fields: Sequence[str], patterns: Sequence[Pattern], estimates: Estimates) -> None:
    columns: dict[str, tuple[str, Sequence[object]]] = {
        field: ("VARCHAR", [pattern[place] for pattern in patterns]) for place, field in enumerate(fields)
    }
    bits = [estimates.pattern_bits(fields, pattern) for pattern in patterns]
    columns["pattern"] = ("INTEGER", range(len(patterns)))
    columns["bits"] = ("DOUBLE", bits)
    columns["may_correct"] = ("BOOLEAN", [estimates.may_correct(fields, pattern) for pattern in patterns])
    columns["reasons"] = ("VARCHAR", [reasons(fields, pattern) for pattern in patterns])
    store.fill("pattern_bits", columns)


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
