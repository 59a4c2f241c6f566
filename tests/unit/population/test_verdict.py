"""The verdict: each field right, or the kind of difference; somebody else's number reads as nobody's."""

import pytest

from tiemchung.population.verdict import NOBODY, Asked, Known, answer, date_kind, name_kind
from tiemchung.vietnam.dates import PartialDate

HANH = Known("handle", "Nguyễn Thị Thu Hạnh", PartialDate.parse("1984-11-18"), "female")


def asked(name: str = HANH.full_name, born: str = "1984-11-18", sex: str = "female") -> Asked:
    return Asked("001184000017", name, PartialDate.parse(born), sex)


def test_all_fields_right_is_right_and_gives_the_handle() -> None:
    found = answer(asked(), [HANH])
    assert (found.verdict, found.handle) == ("right", "handle")
    assert set(found.fields.values()) == {"right"}


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("nguyễn  thị thu HẠNH", "right"),
        ("Nguyễn Thị Thu Hạnh", "right"),  # NFD
        ("Nguyen Thi Thu Hanh", "accents_lost"),
        ("Nguyễn Thị Thu Hành", "accents_lost"),
        ("Nguyễn Thị Hạnh Thu", "order"),
        ("Nguyễn Thị Hạnh", "part_missing"),
        ("Nguyễn Thị Thu Hà", "part_differs"),
        ("Trần Văn Pản", "other"),
    ],
)
def test_names_differ_in_kinds(written: str, kind: str) -> None:
    assert name_kind(written, HANH.full_name) == kind


@pytest.mark.parametrize(("one", "other"), [("Thúy Vy", "Thuý Vi"), ("Lý Mỹ", "Lí Mĩ")])
def test_y_and_i_are_a_kind_of_their_own(one: str, other: str) -> None:
    assert name_kind(one, other) == "y_or_i"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("1984-11-18", "right"),
        ("1984", "year_only"),
        ("1984-11", "year_only"),
        ("1984-01-01", "first_of_january"),
        ("1984-11-19", "near"),
        ("1985-11-18", "near"),
        ("1985-02-03", "near"),
        ("1953-02-03", "other"),
        ("1953", "other"),
    ],
)
def test_birth_dates_differ_in_kinds(said: str, kind: str) -> None:
    assert date_kind(PartialDate.parse(said), HANH.birth_date) == kind


def test_a_day_in_place_of_the_month_is_seen() -> None:
    assert date_kind(PartialDate.parse("1984-05-11"), PartialDate.parse("1984-11-05")) == "day_month_swapped"


@pytest.mark.parametrize("said", ["1953", "1953-07", "1953-07-20"])
def test_where_the_register_knows_the_year_alone_every_day_of_it_is_right(said: str) -> None:
    assert date_kind(PartialDate.parse(said), PartialDate.parse("1953")) == "right"


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        (asked(name="Nguyen Thi Thu Hanh"), {"full_name": "accents_lost"}),
        (asked(born="1984"), {"birth_date": "year_only"}),
        (asked(sex="male"), {"sex": "other"}),
        (asked(born="1953-01-02"), {"birth_date": "other"}),
    ],
)
def test_a_wrong_field_is_named_and_the_others_are_right(question: Asked, wrong: dict[str, str]) -> None:
    found = answer(question, [HANH])
    assert (found.verdict, found.handle) == ("wrong", "")
    assert {name: kind for name, kind in found.fields.items() if kind != "right"} == wrong


@pytest.mark.parametrize(
    "question",
    [
        asked(name="Trần Văn Pản"),
        asked(name="Nguyễn Thị Thu Hà", born="1953-02-03"),
        asked(name="Nguyễn"),  # one word guessed right must not read otherwise than one guessed wrong
        asked(name="Hạnh", born="1984"),
        asked(name="Nguyễn Hạnh", born="1984"),  # part of the name and the year alone, which the number gives away
    ],
)
def test_a_number_of_somebody_else_reads_the_same_as_a_number_of_nobody(question: Asked) -> None:
    assert answer(question, [HANH]) == answer(question, []) == NOBODY


def test_a_number_given_to_two_is_right_for_the_one_whom_all_fits() -> None:
    other = Known("other", "Trần Văn Pản", PartialDate.parse("1950"), "male")
    assert answer(asked(), [other, HANH]).handle == "handle"


def test_a_number_given_to_two_names_neither_when_a_field_differs() -> None:
    sister = Known("sister", "Nguyễn Thị Thu Hà", HANH.birth_date, "female")
    assert answer(asked(sex="male"), [HANH, sister]) == NOBODY
