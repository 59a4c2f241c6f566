"""How often names occur: for weighing evidence in matching and for making people to practise on."""

import csv
from collections import Counter
from enum import StrEnum
from functools import cache

from tiemchung.vietnam.names import clean, fold
from tiemchung.vietnam.reference import reference_file
from tiemchung.vietnam.sex import Sex


class NameRole(StrEnum):
    """Which part of a name a token is; `first_middle` is the first word of the middle names."""

    FAMILY = "family"
    MIDDLE = "middle"
    FIRST_MIDDLE = "first_middle"
    GIVEN = "given"


SAMPLE_SIZE = {Sex.MALE: 20_330, Sex.FEMALE: 20_165}


@cache
def name_counts(role: NameRole, sex: Sex) -> dict[str, int]:
    """Give token → bearers in the sample, most frequent first; tokens with fewer than five bearers are left out.

    Source: reference_data/names/name_tokens.csv; divide by SAMPLE_SIZE for a share.
    """
    return {token: count for each_role, each_sex, token, count in _rows() if (each_role, each_sex) == (role, sex)}


@cache
def _rows() -> tuple[tuple[str, str, str, int], ...]:
    with reference_file("names/name_tokens.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["role"], row["sex"], row["token"], int(row["count"])) for row in csv.DictReader(file))


def words_lacking_diacritics(text: str) -> tuple[str, ...]:
    """Give the plain words of a name that Vietnamese writes with diacritics: «Nguyen», not «Minh».

    A word counts when, in its place (given name or before it), the sample writes it with diacritics at least
    nineteen times in twenty; foreign words are unknown to the sample and do not count.
    """
    words = clean(text).split()
    last = len(words) - 1
    return tuple(
        word
        for place, word in enumerate(words)
        if word.isascii() and fold(word) in _accented_words(given=place == last)
    )


@cache
def _accented_words(*, given: bool) -> frozenset[str]:
    plain: Counter[str] = Counter()
    accented: Counter[str] = Counter()
    for role, _, token, count in _rows():
        if (role == NameRole.GIVEN) is given:
            (plain if token.isascii() else accented)[fold(token)] += count
    return frozenset(word for word, count in accented.items() if plain[word] * _TIMES_RARER <= count)


# The sample itself holds some names typed without diacritics (Hanh beside Hạnh), so «never» would find too little.
_TIMES_RARER = 19
