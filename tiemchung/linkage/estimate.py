"""What each level of agreement is worth in these two registers, learned from them without labels.

u comes from pairs taken at random, m from the pairs that are likely by the weights so far (expectation-maximisation
over patterns of levels). Where little is seen the starting values hold.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from tiemchung.linkage.evidence import STRONG_BITS, Veto
from tiemchung.vietnam.reference import reference_file

Pattern = tuple[str | None, ...]
Levels = dict[str, float]
# Starting values count as much as so many seen pairs.
_STARTING_PAIRS = 20.0
# What is compared of the person, not of the home.
_OF_A_PERSON = {"name", "birth_date", "sex", "number"}
_WHOLE_NAMES = ("same", "spelling", "accents", "order")
_OTHER_NAMES = ("family", "other")
_UNLIKE_DATES = ("generation", "one_part", "two_parts", "other")
_COMMON = {"name", "birth_date", "sex"}
CONTRADICTION = "contradiction"
# Twins share birth date, family and home, and often all but one letter or word of the name.
_NAMES_OF_TWINS = {"given_close", "middle_differs", "both_close"}


@dataclass(frozen=True, slots=True)
class Estimates:
    """m and u by field and level, and the share of left records that have their person on the right.

    `families`: people who live together stand in the registers with what they share.
    """

    m: Mapping[str, Levels]
    u: Mapping[str, Levels]
    coverage: float
    families: bool = True

    def bits(self, field: str, level: str | None) -> float:
        """Give the weight of a level; 0 where a side is silent or the field is no comparison."""
        if level is None or field == CONTRADICTION:
            return 0.0
        return math.log2(self.m[field][level] / self.u[field][level])

    def pattern_bits(self, fields: Sequence[str], pattern: Pattern) -> float:
        """Give the weight of a whole pattern.

        Who lives together shares home, phone and family name: what speaks for a home says nothing of two people whose
        names and birth dates both differ.
        """
        bits = {field: self.bits(field, level) for field, level in zip(fields, pattern, strict=True)}
        if self.families and _lives_with(dict(zip(fields, pattern, strict=True))):
            bits = {field: value if field in _OF_A_PERSON else min(value, 0.0) for field, value in bits.items()}
        return sum(bits.values())

    def may_correct(self, fields: Sequence[str], pattern: Pattern) -> bool:
        """Whether a record may be corrected on it: two strong fields, one beyond name, birth date and sex, no veto.

        Where people who live together stand in the registers, whoever bears another name may be one of them: only the
        number says more.
        """
        level = dict(zip(fields, pattern, strict=True))
        strong = {field for field, each in level.items() if self.bits(field, each) >= STRONG_BITS}
        told_apart = not self.families or level.get("name") in (*_WHOLE_NAMES, None) or _shares_number(level)
        return len(strong) > 1 and bool(strong - _COMMON) and told_apart and not vetoes(fields, pattern)


def _lives_with(level: Mapping[str, str | None]) -> bool:
    """Brothers' names are often nearly alike, so that only the whole name tells a person from who lives with him.

    Twins share the birth date too: where their numbers are known to differ, it says nothing of a person either.
    """
    unlike = level.get("name") not in _WHOLE_NAMES and level.get("birth_date") in _UNLIKE_DATES
    twins = level.get("name") in _OTHER_NAMES and level.get("number") == "other"
    return (unlike or twins) and not _shares_number(level)


def _shares_number(level: Mapping[str, str | None]) -> bool:
    return level.get("number") in ("same", "slip")


def with_whole_agreement(u: Mapping[str, Levels], wholly: Mapping[str, float]) -> dict[str, Levels]:
    """Put the shares by which strangers agree wholly in the place of what a few random pairs show.

    A name may be written in one way or another, so its share is that of all writings of a name.
    """
    named = {"name": {"same": 1.0, "spelling": 0.1, "accents": 0.5, "order": 0.1}}
    found = {field: dict(levels) for field, levels in u.items()}
    for field, share in wholly.items():
        for level, part in named.get(field, {"same": 1.0}).items():
            found[field][level] = max(share * part, 1e-12)
    return found


def vetoes(fields: Sequence[str], pattern: Pattern) -> list[Veto]:
    """Find what forbids an automatic link, by levels alone."""
    level = dict(zip(fields, pattern, strict=True))
    name, birth, number = (level.get(field) for field in ("name", "birth_date", "number"))
    like_twins = name == "family" or (name in _NAMES_OF_TWINS and number != "same")
    tests = (
        (Veto.NUMBER_CONTRADICTS, level.get(CONTRADICTION) is not None),
        (Veto.PARENT_AND_CHILD, name == "family" and birth == "generation"),
        (Veto.TWINS, like_twins and birth == "same"),
    )
    return [veto for veto, holds in tests if holds]


def reasons(fields: Sequence[str], pattern: Pattern) -> str:
    """«name:accents; birth_date:same; …; veto:twins»: the levels in words, without a value."""
    pairs = [(field, level) for field, level in zip(fields, pattern, strict=True) if level and field != CONTRADICTION]
    said = [f"{field}:{level}" for field, level in pairs]
    return "; ".join((*said, *(f"veto:{veto.value}" for veto in vetoes(fields, pattern))))


def starting_m(field: str) -> Levels:
    """Give the starting chances of a field's levels, summing to 1: reference_data/linkage/starting_chances.yaml."""
    tables = _starting_tables()
    table = tables.get(field) or tables["text"]
    whole = sum(table.values())
    return {level: chance / whole for level, chance in table.items()}


def chances_of(place: int, patterns: Mapping[Pattern, float], held: Levels, weight: float) -> Levels:
    """Estimate the chances of the levels of one place from weighed patterns, `held` counting as `weight` of them."""
    seen = dict.fromkeys(held, 0.0)
    for pattern, number in patterns.items():
        level = pattern[place]
        if level is not None:
            seen[level] += number
    whole = sum(seen.values()) + weight
    return {level: (seen[level] + weight * held[level]) / whole for level in held}


def random_chances(fields: Sequence[str], patterns: Mapping[Pattern, float]) -> dict[str, Levels]:
    """Estimate u of every field from the patterns of random pairs; a level never seen counts as half a pair."""
    return {field: _random_chances(field, place, patterns) for place, field in _compared(fields)}


def likely_chances(fields: Sequence[str], patterns: Mapping[Pattern, float]) -> dict[str, Levels]:
    """Estimate m of every field from patterns weighed by how likely they are one person's."""
    return {
        field: chances_of(place, patterns, starting_m(field), _STARTING_PAIRS) for place, field in _compared(fields)
    }


def _random_chances(field: str, place: int, patterns: Mapping[Pattern, float]) -> Levels:
    levels = starting_m(field)
    even = dict.fromkeys(levels, 1 / len(levels))
    return chances_of(place, patterns, even, len(levels) / 2)


def _compared(fields: Sequence[str]) -> list[tuple[int, str]]:
    return [(place, field) for place, field in enumerate(fields) if field != CONTRADICTION]


@cache
def _starting_tables() -> dict[str, Any]:
    return dict(yaml.safe_load(reference_file("linkage/starting_chances.yaml").read_text(encoding="utf-8")))
