"""The verdict: each field right, or the kind of difference; somebody else's number reads as nobody's."""

import pytest

from tiemchung.linkage.date_kinds import date_kind
from tiemchung.linkage.kinds import NameKind
from tiemchung.linkage.name_kinds import name_kind
from tiemchung.linkage.verdict import WHOLE_NAME, Asked, Known
from tiemchung.population.verdict import NOBODY, answer
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.sex import Sex

HANH = Known("handle", "Nguyễn Thị Thu Hạnh", PartialDate.parse("1984-11-18"), Sex.FEMALE)


def asked(name: str = HANH.full_name, born: str = "1984-11-18", sex: Sex = Sex.FEMALE) -> Asked:
    return Asked("001184000017", name, PartialDate.parse(born), sex)


def test_all_fields_right_is_right_and_gives_the_handle() -> None:
    found = answer(asked(), [HANH])
    assert (found.verdict, found.handle) == ("right", "handle")
    assert set(found.fields.values()) == {"right"}


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("nguyễn  thị thu HẠNH", "letter_case"),
        ("Nguyễn Thị Thu Hạnh", "right"),  # NFD
        ("Nguyen Thi Thu Hanh", "accents_lost"),
        ("Nguyễn Thị Thu Hành", "accents_differ"),
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
        ("1984-11-19", "day_off_by_one"),
        ("1985-11-18", "year_off_by_one"),
        ("1985-02-03", "other"),
        ("1953-02-03", "other"),
        ("1953", "other"),
    ],
)
def test_birth_dates_differ_in_kinds(said: str, kind: str) -> None:
    assert date_kind(PartialDate.parse(said), HANH.birth_date) == kind


def test_a_day_in_place_of_the_month_is_seen() -> None:
    assert date_kind(PartialDate.parse("1984-05-11"), PartialDate.parse("1984-11-05")) == "day_month_swap"


@pytest.mark.parametrize("said", ["1953", "1953-07", "1953-07-20"])
def test_where_the_register_knows_the_year_alone_every_day_of_it_is_right(said: str) -> None:
    assert date_kind(PartialDate.parse(said), PartialDate.parse("1953")) == "right"


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        (asked(name="Nguyen Thi Thu Hanh"), {"full_name": "accents_lost"}),
        (asked(born="1984"), {"birth_date": "year_only"}),
        (asked(sex=Sex.MALE), {"sex": "other"}),
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
        asked(name=""),  # no name at all: the birth date could be tried out
        asked(name="..."),
        asked(name="Nguyễn Thị Thu Hạn", born="1984"),  # a slip in one word tells of the word
        asked(name="Nguyễn Thị Thu Hà", sex=Sex.MALE),  # two of three far off
    ],
)
def test_a_number_of_somebody_else_reads_the_same_as_a_number_of_nobody(question: Asked) -> None:
    assert answer(question, [HANH]) == answer(question, []) == NOBODY


def test_a_number_given_to_two_is_right_for_the_one_whom_all_fits() -> None:
    other = Known("other", "Trần Văn Pản", PartialDate.parse("1950"), Sex.MALE)
    assert answer(asked(), [other, HANH]).handle == "handle"


def test_a_number_given_to_two_names_neither_when_a_field_differs() -> None:
    sister = Known("sister", "Nguyễn Thị Thu Hà", HANH.birth_date, Sex.FEMALE)
    assert answer(asked(sex=Sex.MALE), [HANH, sister]) == NOBODY


def test_two_alike_on_one_number_are_neither() -> None:
    assert answer(asked(), [HANH, HANH]) == NOBODY


@pytest.mark.parametrize("name", ["Nguyễn Thị Hạnh", "Nguyễn Thị Thu Hà", "Nguyễn Thị Thu Hạn", "N T Thu Hạnh"])
def test_a_part_of_the_name_is_told_to_who_knows_the_birth_date_and_two_words(name: str) -> None:
    assert answer(asked(name=name), [HANH]).verdict == "wrong"
    assert answer(asked(name=name, born="1984"), [HANH]) == NOBODY


@pytest.mark.parametrize("name", ["Lê Ba", "Lê Hà", "Lê"])
def test_one_word_of_a_short_name_reads_as_none(name: str) -> None:
    known = Known("handle", "Lê La", HANH.birth_date, Sex.FEMALE)
    assert answer(asked(name=name), [known]) == NOBODY


def test_a_way_of_writing_the_same_name_is_right() -> None:
    found = answer(asked(name="NGUYỄN THỊ THU HẠNH"), [HANH])
    assert (found.verdict, found.handle, found.fields["full_name"]) == ("right", "handle", "letter_case")


@pytest.mark.parametrize("kind", ["missing", "initials", "part_missing", "part_added", "part_differs", "letter_slip"])
def test_a_kind_that_tells_of_single_words_is_not_one_of_the_whole_name(kind: str) -> None:
    assert NameKind(kind) not in WHOLE_NAME
