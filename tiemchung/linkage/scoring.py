"""From candidate pairs to probabilities and decisions: levels, estimates, scores, in a few passes over the pairs."""

from collections.abc import Sequence
from itertools import pairwise

from tiemchung.linkage.calibration import Calibration
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.estimate import (
    CONTRADICTION,
    Estimates,
    Pattern,
    likely_chances,
    random_chances,
    reasons,
    starting_m,
)
from tiemchung.linkage.sides import Sides
from tiemchung.linkage.statements import statement as sql_of
from tiemchung.linkage.store import Store

_MOST_ROUNDS = 8
# A round that moves no chance by more than this is the last.
_STILL_MOVING = 0.002
_LEARNING_PAIRS = 200_000
_LEAST_COVERAGE, _MOST_COVERAGE = 0.01, 0.999
# Field and levels on which a value's rarity counts, and the column whose value it is.
_NAME_RARITIES = (
    ("name", "sorted", ("same", "spelling", "accents", "order")),
    ("name", "given", ("given", "family_close")),
    ("name", "family", ("family", "given_close")),
)


def score(store: Store, config: LinkConfig, sides: Sides) -> Estimates:
    """Make the table `chances` from `pairs`; gives the estimates that it rests on."""
    fields = compared_fields(config)
    store.run("levels", table="pair_levels", pairs="pairs", levels=_levels(config))
    patterns = list(_patterns(store, fields, "pair_levels"))
    _take_random_pairs(store, config, sides)
    store.run("levels", table="random_levels", pairs="random_pairs", levels=_levels(config))
    u = random_chances(fields, _patterns(store, fields, "random_levels"))
    estimates = _learn(store, config, sides, patterns, Estimates({field: starting_m(field) for field in u}, u, 0.9))
    _score_once(store, config, sides, "pair_levels", patterns, estimates)
    return estimates


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


def _take_random_pairs(store: Store, config: LinkConfig, sides: Sides) -> None:
    lefts, rights = _sizes(store)
    turns = max(1, min(rights, 50, config.sample_pairs // max(lefts, 1) or 1))
    step = max(1, lefts * turns // config.sample_pairs)
    store.run("random_pairs", rights=str(max(rights, 1)), turns=str(turns), step=str(step), alone=_truth(sides.alone))


def _sizes(store: Store) -> tuple[int, int]:
    ((lefts, rights),) = store.rows("sizes")
    return lefts, rights


def _score_once(
    store: Store, config: LinkConfig, sides: Sides, table: str, patterns: Sequence[Pattern], estimates: Estimates
) -> None:
    fields = compared_fields(config)
    _fill_pattern_bits(store, fields, patterns, estimates)
    rarities = (*_NAME_RARITIES, *((name, name, ("same",)) for name, _ in config.left.texts))
    used = [each for each in rarities if each[0] in fields]
    columns = dict.fromkeys(column for _, column, _ in used)
    store.run(
        "scored",
        table=table,
        rarity=" + ".join(_rarity(store, *each) for each in used) or "0",
        rarity_joins="\n".join(sql_of("rarity_join", column=column) for column in columns),
        same_pattern=" AND ".join(f"levels.{field} IS NOT DISTINCT FROM pattern_bits.{field}" for field in fields),
    )
    _chances(store, sides, estimates)


def _chances(store: Store, sides: Sides, estimates: Estimates) -> None:
    """Within one file each pair stands once, so that half as many strangers stand against the expected partners."""
    lefts, rights = _sizes(store)
    right_coverage = estimates.coverage * lefts / max(rights, 1)
    store.run(
        "chances",
        prior=repr(estimates.coverage / max(rights / (2 if sides.alone else 1), 1)),
        none_left=repr(1 - min(estimates.coverage, _MOST_COVERAGE) if sides.right_once else 1.0),
        none_right=repr(1 - min(right_coverage, _MOST_COVERAGE) if sides.left_once else 1.0),
        left_once=_truth(sides.left_once),
        right_once=_truth(sides.right_once),
    )


def _rarity(store: Store, field: str, column: str, agreeing: Sequence[str]) -> str:
    ((mean_share,),) = store.rows("mean_share", column=column)
    levels = ", ".join(f"'{level}'" for level in agreeing)
    return sql_of("rarity", field=field, column=column, agreeing=levels, mean_share=f"{mean_share:.9e}")


def _fill_pattern_bits(store: Store, fields: Sequence[str], patterns: Sequence[Pattern], estimates: Estimates) -> None:
    columns: dict[str, tuple[str, Sequence[object]]] = {
        field: ("VARCHAR", [pattern[place] for pattern in patterns]) for place, field in enumerate(fields)
    }
    bits = [sum(map(estimates.bits, fields, pattern)) for pattern in patterns]
    columns["pattern"] = ("INTEGER", range(len(patterns)))
    columns["bits"] = ("DOUBLE", bits)
    columns["may_correct"] = ("BOOLEAN", [estimates.may_correct(fields, pattern) for pattern in patterns])
    columns["reasons"] = ("VARCHAR", [reasons(fields, pattern) for pattern in patterns])
    store.fill("pattern_bits", columns)


def _learn(
    store: Store, config: LinkConfig, sides: Sides, patterns: Sequence[Pattern], estimates: Estimates
) -> Estimates:
    """Expectation-maximisation on the pairs of a part of the left records, until it rests."""
    step = max(1, store.rows("pair_count")[0][0] // _LEARNING_PAIRS)
    store.run("learning_levels", step=str(step))
    lefts = -(-_sizes(store)[0] // step)
    for _ in range(_MOST_ROUNDS):
        _score_once(store, config, sides, "learning_levels", patterns, estimates)
        before, estimates = estimates, _estimate(store, config, patterns, estimates, lefts)
        if _movement(before, estimates) < _STILL_MOVING:
            break
    return estimates


def _estimate(
    store: Store, config: LinkConfig, patterns: Sequence[Pattern], estimates: Estimates, lefts: int
) -> Estimates:
    rows = store.rows("likely_patterns")
    likely = {patterns[place]: thousandths / 1000 for place, thousandths in rows}
    coverage = max(sum(likely.values()) / max(lefts, 1), _LEAST_COVERAGE)
    return Estimates(likely_chances(compared_fields(config), likely), estimates.u, coverage)


def _movement(before: Estimates, after: Estimates) -> float:
    moved = (
        abs(after.m[field][level] - chance) for field, levels in before.m.items() for level, chance in levels.items()
    )
    return max(abs(after.coverage - before.coverage), *moved)


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
