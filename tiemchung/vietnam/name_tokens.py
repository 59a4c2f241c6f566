"""How often names occur: for weighing evidence in matching and for making people to practise on."""

import csv
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
    """Give the plain words of a name that Vietnamese writes with diacritics only: «Nguyen», not «Minh».

    A word counts when the sample knows it with diacritics and never without; foreign words do not count.
    """
    plain = (word for word in clean(text).split() if word.isascii())
    return tuple(word for word in plain if fold(word) in _always_accented())


@cache
def _always_accented() -> frozenset[str]:
    words = {word for _, _, token, _ in _rows() for word in token.split()}
    accented = {fold(word) for word in words if not word.isascii()}
    return frozenset(accented - {word.upper() for word in words if word.isascii()})
