"""How two birth dates agree, in SQL, against the same rules told digit by digit."""

import re
from random import Random

import duckdb
import pytest

from tests.unit.linkage.test_link import CONFIG
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.levels import LevelCodes, pattern_sql

BORN = LinkConfig.of(CONFIG | {"roles": {"birth_date": "birth_date"}, "cccd_numbers": False})


def _levels(pairs: list[tuple[int, int]]) -> list[str | None]:
    codes = LevelCodes.of(BORN)
    sql = re.sub(r"\b([lr])\.birth\b", r"\1_birth", pattern_sql(BORN, codes))
    rows = ", ".join(f"({place}, {left}, {right})" for place, (left, right) in enumerate(pairs))
    found = duckdb.execute(f"SELECT {sql} FROM (VALUES {rows}) AS t(place, l_birth, r_birth) ORDER BY place").fetchall()
    return [codes.pattern(code)[0] for (code,) in found]


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        (19600805, 19600805, "same"),
        (19600805, 19600508, "swap"),
        (19600805, 19600101, "vague"),
        (19600805, 19600000, "vague"),
        (19600805, 19600806, "slip"),
        (19600805, 19700805, "slip"),
        (19600805, 19060805, "slip"),
        (19611225, 19612125, "slip"),
        (19601125, 19610125, "slip"),
        (19600805, 19600829, "two_parts"),
        (19600805, 19831127, "generation"),
        (19600811, 19601127, "one_part"),
        (19600805, 19651127, "other"),
        (1960805, 2960805, "slip"),
    ],
)
def test_birth_dates_agree_by(left: int, right: int, level: str) -> None:
    assert _levels([(left, right)]) == [level]


def _slip(one: str, other: str) -> bool:
    unlike = [place for place in range(8) if one[place] != other[place]]
    exchanged = len(unlike) == 2 and unlike[0] + 1 == unlike[1] and one[unlike[0]] == other[unlike[1]]
    return len(unlike) == 1 or (exchanged and one[unlike[1]] == other[unlike[0]])


def test_no_slip_of_a_digit_is_overlooked() -> None:
    chance = Random(1)
    pairs = []
    for _ in range(3000):
        born = f"{chance.randint(1930, 2019)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
        other = list(born)
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(7)
            if chance.random() < 0.5:
                other[place : place + 2] = other[place + 1], other[place]
            else:
                other[place] = str(chance.randrange(10))
        pairs.append((born, "".join(other)))
    levels = _levels([(int(one), int(other)) for one, other in pairs])
    told_otherwise = {"same", "swap", "vague"}
    years = [abs(int(one[:4]) - int(other[:4])) for one, other in pairs]
    expected = [
        _slip(one, other) or (one[4:] == other[4:] and apart in (1, 10, 100))
        for (one, other), apart in zip(pairs, years, strict=True)
    ]
    judged = [
        (level == "slip", slip) for level, slip in zip(levels, expected, strict=True) if level not in told_otherwise
    ]
    assert len(judged) > 2000
    assert [said for said, _ in judged] == [slip for _, slip in judged]
