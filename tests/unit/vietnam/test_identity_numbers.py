"""Identity numbers: what is read, what is refused and with which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.vietnam.refusals import outcome
from tiemchung.vietnam import areas
from tiemchung.vietnam.errors import Cure, InputError
from tiemchung.vietnam.identity_numbers import IdentityKind, IdentityNumber
from tiemchung.vietnam.sex import Sex

CCCD = "079184001234"


def refused(text: str, kind: IdentityKind | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        IdentityNumber.parse(text, kind)
    return caught.value


@pytest.mark.parametrize(
    "written",
    [
        "079184001234",
        "079 184 001 234",
        "079.184.001.234",
        "079-184-001-234",
        " 079184001234\n",
        "０７９１８４００１２３４",
        "079\u200b184001234",
        "079\u00a0184\u2013001234",
    ],
)
def test_cccd_however_it_is_spaced(written: str) -> None:
    number = IdentityNumber.parse(written)
    assert (number.kind, number.text) == (IdentityKind.CCCD, CCCD)


@pytest.mark.parametrize(
    ("written", "province", "sex", "year"),
    [
        ("079184001234", "Hồ Chí Minh", Sex.FEMALE, 1984),
        ("001093029317", "Hà Nội", Sex.MALE, 1993),
        ("096215000001", "Cà Mau", Sex.MALE, 2015),
        ("017300123456", "Hoà Bình", Sex.FEMALE, 2000),
    ],
)
def test_cccd_states_province_sex_and_year(written: str, province: str, sex: Sex, year: int) -> None:
    number = IdentityNumber.parse(written)
    assert number.province is not None
    assert (number.province.name, number.sex, number.birth_year) == (province, sex, year)


def test_cccd_of_every_province_is_taken_and_of_no_other_code_below_100() -> None:
    codes = {each.code for each in areas.provinces()}
    for code in range(100):
        text = f"{code:03}084123456"
        if text[1:3] in codes:
            province = IdentityNumber.parse(text).province
            assert province is not None
            assert province.code == text[1:3]
        else:
            assert refused(text).field == "identity_number.province"


def test_cccd_registered_abroad_is_taken_without_a_province() -> None:
    number = IdentityNumber.parse("301084123456")
    assert (number.province, number.registered_abroad, number.birth_year) == (None, True, 1984)


def test_number_too_short_says_how_many_are_missing() -> None:
    error = refused("0791840012")
    assert (error.code, error.field, error.cure) == ("identity_too_short", "identity_number", Cure.SCAN_CARD)
    assert error.vi == "Mới có 10 số, cần đủ 12. Quét mã QR trên thẻ để khỏi gõ."
    assert error.en == "Only 10 digits; 12 are needed. Scan the card's QR code instead."


def test_number_that_lost_its_leading_zero_gets_it_offered_not_assumed() -> None:
    assert refused("79184001234").suggestion == CCCD


def test_number_of_eleven_digits_that_no_zero_puts_right_gets_nothing_offered() -> None:
    assert refused("07918400123").suggestion is None


@pytest.mark.parametrize(
    ("written", "kind", "code", "field"),
    [
        ("", None, "identity_empty", "identity_number"),
        (" - ", None, "identity_empty", "identity_number"),
        ("0791840012345", None, "identity_too_long", "identity_number"),
        ("003184001234", None, "identity_province", "identity_number.province"),
        ("097184001234", None, "identity_province", "identity_number.province"),
        ("079484001234", None, "identity_century", "identity_number.year"),
        ("9.1E+10", None, "identity_spreadsheet", "identity_number"),
        ("7,9184E10", None, "identity_spreadsheet", "identity_number"),
        ("GD4790123456789", None, "identity_health_insurance", "identity_number"),
        ("000000000", None, "identity_placeholder", "identity_number"),
        ("123456789", None, "identity_placeholder", "identity_number"),
        ("111111111111", None, "identity_placeholder", "identity_number"),
        ("07918400123A", None, "identity_letters", "identity_number"),
        ("079184001234", IdentityKind.CMND, "identity_too_long", "identity_number"),
        ("271234567", IdentityKind.MA_DINH_DANH, "identity_too_short", "identity_number"),
        ("12345678", IdentityKind.PASSPORT, "identity_passport_form", "identity_number"),
        ("ABCDEF", IdentityKind.FOREIGN_PASSPORT, "identity_passport_form", "identity_number"),
    ],
)
def test_wrong_number_names_field_and_code(written: str, kind: IdentityKind | None, code: str, field: str) -> None:
    error = refused(written, kind)
    assert (error.code, error.field) == (code, field)


def test_letter_o_for_zero_gets_the_zero_offered() -> None:
    assert refused("O79184OO1234").suggestion == CCCD


def test_nine_digits_are_a_cmnd_that_states_nothing_of_its_holder() -> None:
    number = IdentityNumber.parse("271 451 234")
    assert (number.kind, number.province, number.sex, number.birth_year) == (IdentityKind.CMND, None, None, None)


@pytest.mark.parametrize(
    ("text", "shared"),
    [("271450000", False), ("271450001", True), ("271500000", True), ("271500001", False)],
)
def test_cmnd_of_the_range_issued_twice_may_belong_to_two(text: str, shared: bool) -> None:
    assert IdentityNumber.parse(text).may_belong_to_two is shared


def test_passport_of_letter_and_seven_digits() -> None:
    assert IdentityNumber.parse("c 1234567") == IdentityNumber(IdentityKind.PASSPORT, "C1234567")


def test_foreign_passport_must_be_named_to_be_taken() -> None:
    assert IdentityNumber.parse("x-99 81ab", IdentityKind.FOREIGN_PASSPORT).text == "X9981AB"
    assert refused("X9981AB").code == "identity_letters"


def test_ma_dinh_danh_and_the_cccd_it_becomes_are_one_number() -> None:
    child = IdentityNumber.parse(CCCD, IdentityKind.MA_DINH_DANH)
    assert child.same_number(IdentityNumber.parse(CCCD))
    assert not child.same_number(IdentityNumber.parse("079184001235"))


def test_numbers_of_unlike_kinds_are_never_one() -> None:
    passport = IdentityNumber.parse("C1234567")
    assert not passport.same_number(IdentityNumber.parse("C1234567", IdentityKind.FOREIGN_PASSPORT))


def test_number_shows_its_last_four_only() -> None:
    number = IdentityNumber.parse("079184004821")
    assert (number.masked_vi, number.masked_en) == ("số cuối 4821", "ending 4821")
    assert "07918400" not in repr(number) + str(number)


def test_number_checks_itself_when_made_without_parse() -> None:
    with pytest.raises(InputError, match="province"):
        IdentityNumber(IdentityKind.CCCD, "003184001234")


def test_error_becomes_a_finding_with_the_same_words() -> None:
    error = refused("0791840012")
    finding = error.as_finding()
    assert (finding.code, finding.field, finding.vi, finding.en) == (error.code, error.field, error.vi, error.en)


@given(st.text(max_size=80), st.sampled_from([None, *IdentityKind]))
def test_any_text_is_a_number_or_a_refusal_in_both_languages(text: str, kind: IdentityKind | None) -> None:
    number, refusal = outcome(IdentityNumber.parse, text, kind)
    if refusal is None:
        assert IdentityNumber.parse(number.text, number.kind) == number
    else:
        assert refusal.field.startswith("identity_number")
        assert (refusal.vi[-1], refusal.en[-1]) == (".", ".")


PROVINCE_CODES = [each.code for each in areas.provinces()]
CCCD_NUMBERS = st.builds(
    "0{}{}{:02}{:06}".format,
    st.sampled_from(PROVINCE_CODES),
    st.integers(0, 3),
    st.integers(0, 99),
    st.integers(0, 999_999),
)


@given(CCCD_NUMBERS)
def test_every_well_formed_cccd_states_its_parts(text: str) -> None:
    number = IdentityNumber.parse(text)
    assert number.province is not None
    year, sex = number.birth_year, number.sex
    assert year is not None
    digit = (year - 1900) // 100 * 2 + (sex is Sex.FEMALE)
    assert f"0{number.province.code}{digit}{year % 100:02}" == text[:6]
