"""What agreement on a field is worth: Fellegi-Sunter weights in bits, with the share of a name among people."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import yaml

from tiemchung.linkage.kinds import Kind
from tiemchung.vietnam.name_tokens import SAMPLE_SIZE, NameRole, name_counts
from tiemchung.vietnam.names import fold, split_name
from tiemchung.vietnam.reference import reference_file
from tiemchung.vietnam.sex import Sex

# Levels of agreement on which a rare name says more than a common one.
LEVELS_BY_SHARE = frozenset({"same", "spelling", "accents", "order"})
# The sample leaves out words of fewer than five bearers: such a word counts as if two had it.
_UNSEEN_BEARERS = 2


@dataclass(frozen=True, slots=True)
class Weights:
    """m and u by (field, level), and the level of each (field, kind)."""

    chances: Mapping[tuple[str, str], tuple[float, float]]
    levels: Mapping[tuple[str, str], str]

    def level(self, field: str, kind: Kind) -> str | None:
        """Give the level of a kind; None where nothing was written, so that nothing is weighed."""
        return self.levels.get((field, kind.value))

    def bits(self, field: str, level: str, share: float | None = None) -> float:
        """Give log2(m/u) of a level; `share`, the value's share among people, takes the place of u."""
        m, u = self.chances[field, level]
        return math.log2(m / (u if share is None else share))


@cache
def default_weights() -> Weights:
    """Give the weights of reference_data/linkage/weights.yaml: set by hand but for what its sources say."""
    fields = yaml.safe_load(reference_file("linkage/weights.yaml").read_text(encoding="utf-8"))["fields"]
    rows = [(field, level, row) for field, table in fields.items() for level, row in table.items()]
    return Weights(
        {(field, level): (row["m"], row["u"]) for field, level, row in rows},
        {(field, kind): level for field, level, row in rows for kind in row["kinds"]},
    )


def name_share(full_name: str, sex: Sex | None) -> float:
    """Estimate the share of people who bear a full name, 0 < share ≤ 1, diacritics set aside.

    Family, middle and given name are taken as independent of one another; counts are of name_tokens.csv.
    """
    parts = split_name(full_name)
    sexes = (sex,) if sex else tuple(Sex)
    by_role = ((NameRole.FAMILY, parts.family), (NameRole.MIDDLE, parts.middle), (NameRole.GIVEN, parts.given))
    return math.prod(_share(role, fold(part), sexes) for role, part in by_role if part)


def _share(role: NameRole, folded: str, sexes: tuple[Sex, ...]) -> float:
    bearers = sum(_folded_counts(role, sex).get(folded, 0) for sex in sexes)
    return max(bearers, _UNSEEN_BEARERS) / sum(SAMPLE_SIZE[sex] for sex in sexes)


@cache
def _folded_counts(role: NameRole, sex: Sex) -> dict[str, int]:
    counts: dict[str, int] = {}
    for token, count in name_counts(role, sex).items():
        counts[fold(token)] = counts.get(fold(token), 0) + count
    return counts
