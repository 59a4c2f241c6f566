"""A CCCD number against the person it is given for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import Cure
from tiemchung.vietnam.identity_checks import cross_check
from tiemchung.vietnam.identity_numbers import IdentityNumber
from tiemchung.vietnam.sex import Sex

WOMAN_OF_1984 = IdentityNumber.parse("079184001234")


def fields(number: IdentityNumber | str, birth_date: str | None, sex: Sex | None) -> list[str]:
    found = cross_check(number, PartialDate.parse(birth_date) if birth_date else None, sex)
    return [each.field.removeprefix("identity_number") for each in found]


@pytest.mark.parametrize(
    ("birth_date", "sex", "expected"),
    [
        ("05/08/1984", Sex.FEMALE, []),
        ("1984", Sex.FEMALE, []),
        ("05/08/1948", Sex.FEMALE, [".year"]),
        ("05/08/1984", Sex.MALE, [".sex"]),
        ("05/08/1985", Sex.MALE, [".year", ".sex"]),
        (None, Sex.FEMALE, []),
        ("05/08/1984", None, []),
        (None, None, []),
    ],
)
def test_number_against_birth_date_and_sex(birth_date: str | None, sex: Sex | None, expected: list[str]) -> None:
    assert fields(WOMAN_OF_1984, birth_date, sex) == expected


def test_century_is_part_of_the_year_not_of_the_sex() -> None:
    assert fields("079084001234", "05/08/2084", Sex.MALE) == [".year"]


def test_year_that_differs_says_both_years_and_the_cure() -> None:
    (finding,) = cross_check(WOMAN_OF_1984, PartialDate(1948), Sex.FEMALE)
    assert finding.vi == (
        "Theo số căn cước thì sinh năm 1984, ngày sinh lại ghi 1948. Quét mã QR trên thẻ để biết bên nào đúng."
    )
    assert "1984" in finding.en
    assert "1948" in finding.en
    assert finding.cure is Cure.SCAN_CARD


def test_parents_number_on_a_childs_record_is_to_be_left_out() -> None:
    (finding,) = cross_check(WOMAN_OF_1984, PartialDate(2012, 3, 1), Sex.FEMALE)
    assert (finding.code, finding.cure) == ("identity_year_of_older_person", Cure.LEAVE_EMPTY)


def test_text_that_is_no_number_gives_the_reason_as_finding() -> None:
    assert fields("003184001234", "1984", Sex.FEMALE) == [".province"]


def test_kinds_that_state_nothing_are_not_compared() -> None:
    assert fields("271451234", "1984", Sex.MALE) == []


@given(st.text(max_size=30), st.sampled_from([None, *Sex]))
def test_any_text_is_checked_without_failing(text: str, sex: Sex | None) -> None:
    for finding in cross_check(text, PartialDate(1984), sex):
        assert finding.field.startswith("identity_number")
