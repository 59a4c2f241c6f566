"""Registers of other shapes, 600 people each, spoilt as people spoil them: whoever is named is the right one."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import duckdb
import pytest

from tests.unit.linkage.town import Row, people
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.estimate import Estimates
from tiemchung.linkage.keyboard import meant_word
from tiemchung.linkage.link import link
from tiemchung.vietnam.names import fold

KNOWN, ASKED = 600, 450
_TELEX = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j", "\u0306": "w", "\u031b": "w"}
_VNI = {"\u0300": "2", "\u0301": "1", "\u0309": "3", "\u0303": "4", "\u0323": "5", "\u0306": "8", "\u031b": "7"}


def keys_of(name: str, marks: dict[str, str], circumflex: Callable[[str], str], bar: str) -> str:
    """What a name leaves when the keyboard's Vietnamese mode is off: the tone's key at the end of the word."""
    words = []
    for word in name.split():
        plain, tone = "", ""
        for sign in unicodedata.normalize("NFD", word):
            if sign == "\u0302":
                plain += circumflex(plain[-1])
            elif sign in "\u0306\u031b":
                plain += marks[sign]
            elif sign in marks:
                tone = marks[sign]
            else:
                plain += {"đ": f"d{bar}", "Đ": f"D{bar}"}.get(sign, sign)
        words.append(plain + tone)
    return " ".join(words)


def in_telex(name: str) -> str:
    return keys_of(name, _TELEX, str.lower, "d")


def in_vni(name: str) -> str:
    return keys_of(name, _VNI, lambda _: "6", "9")


def spoilt(row: Row, chance: random.Random) -> Row:
    """A third of the names loses its accents or keeps the keys of the typing mode."""
    way = chance.choice([fold, in_telex, in_vni, *[str] * 6])
    return replace(row, id=f"q{row.id[1:]}", full_name=way(row.full_name))


def phone(row: Row) -> str:
    return "09" + row.number[4:]


FIELDS: dict[str, Callable[[Row, bool], str]] = {
    "name": lambda row, _: row.full_name,
    "born": lambda row, asked: row.birth_date.replace("/", "") if asked else row.birth_date,
    "age": lambda row, asked: str(2021 - int(row.birth_date[-4:]) - (asked and row.number[-1] in "05")),
    "commune": lambda row, _: row.commune,
    "phone": lambda row, asked: f"+84 {phone(row)[1:]}" if asked else phone(row),
    "mail": lambda row, asked: f"{row.number[6:]}@MAIL.VN" if asked else f"{row.number[6:]}@mail.vn ",
    "plot": lambda row, asked: ("Thửa đất số " if asked else "thua dat so ") + row.number[5:],
    "number": lambda row, _: row.number,
    "sex": lambda row, _: row.sex,
}
SHAPES = {
    "name, birth date, sex": ({"full_name": "name", "birth_date": "born", "sex": "sex"}, 0.95),
    "name and commune": ({"full_name": "name", "area": "commune"}, 0.8),
    "name and phone": ({"full_name": "name", "phone": "phone"}, 0.98),
    "name and e-mail": ({"full_name": "name", "email": "mail"}, 0.98),
    "name, age, commune": ({"full_name": "name", "age": "age", "area": "commune"}, 0.95),
    "name and any other text": ({"full_name": "name", "other": "plot"}, 0.98),
    "number and birth date, no name": ({"number": "number", "birth_date": "born"}, 0.98),
    "number and name": ({"number": "number", "full_name": "name"}, 0.98),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_whoever_is_named_is_the_right_one(tmp_path: Path, shape: str) -> None:
    roles, least = SHAPES[shape]
    chance, town = random.Random(5), people(KNOWN + ASKED // 3)
    asked = [spoilt(row, chance) for row in (*town[:ASKED], *town[KNOWN:])]
    files = [write(tmp_path / f"{name}.parquet", rows) for name, rows in (("left", asked), ("right", town[:KNOWN]))]
    link(*files, LinkConfig.of({"id": "id", "roles": roles}), tmp_path / "pairs.parquet")
    rows = duckdb.execute("SELECT * FROM read_parquet(?)", [str(tmp_path / "pairs.parquet")]).fetchall()
    right = [left_id[1:] == right_id[1:] for left_id, right_id, probability, *_ in rows if probability >= 0.5]
    assert sum(right) >= least * ASKED
    assert sum(right) >= 0.99 * len(right)
    assert all(row[0][1:] == row[1][1:] for row in rows if row[3] == "automatic")


def write(path: Path, rows: list[Row]) -> Path:
    asked = path.stem == "left"
    columns = {"id": [row.id for row in rows]}
    columns |= {field: [form(row, asked) for row in rows] for field, form in FIELDS.items()}
    listed = ", ".join(f"unnest(CAST(${name} AS VARCHAR[])) AS {name}" for name in columns)
    duckdb.execute(f"COPY (SELECT {listed}) TO '{path}'", columns)
    return path


@pytest.mark.parametrize(
    ("word", "meant"),
    [("dungx", "dũng"), ("nguyeenx", "nguyễn"), ("nguye6n4", "nguyễn"), ("ddoox", "đỗ"), ("an", None), ("ross", None)],
)
def test_a_word_is_read_as_it_was_meant_only_where_that_makes_a_name_of_it(word: str, meant: str | None) -> None:
    assert meant_word(word) == meant


HOME = ("name", "birth_date", "number", "area_1")
M = {"same": 0.9, "other": 0.1, "both_close": 0.1, "slip": 0.1, "family": 0.01}
ESTIMATES = Estimates(dict.fromkeys(HOME, M), dict.fromkeys(HOME, dict.fromkeys(M, 0.001)), 0.9)


@pytest.mark.parametrize(
    ("name", "number", "families", "may"),
    [
        ("same", None, True, True),
        ("both_close", None, True, False),
        ("both_close", None, False, True),
        ("other", "slip", True, True),
        ("other", "other", True, False),
    ],
)
def test_who_lives_there_too_is_never_linked_by_himself(
    name: str, number: str | None, families: bool, may: bool
) -> None:
    estimates = Estimates(**{**asdict(ESTIMATES), "families": families})
    assert estimates.may_correct(HOME, (name, "slip", number, "same")) is may


def test_a_home_says_nothing_of_a_twin_whose_number_is_known_to_differ() -> None:
    twin, without = (ESTIMATES.pattern_bits(HOME, ("family", "same", number, "same")) for number in ("other", None))
    assert twin < without
