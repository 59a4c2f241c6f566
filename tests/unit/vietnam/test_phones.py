"""Mobile numbers, all in one writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.vietnam.refusals import outcome
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.phones import PhoneNumber


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("0912345678", "+84912345678"),
        ("0912 345 678", "+84912345678"),
        ("0912.345-678", "+84912345678"),
        ("+84 912 345 678", "+84912345678"),
        ("+84 (0) 912 345 678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("0084912345678", "+84912345678"),
        ("912345678", "+84912345678"),
        ("841234567", "+84841234567"),
        ("０９１２３４５６７８", "+84912345678"),
    ],
)
def test_number_however_it_is_written(written: str, e164: str) -> None:
    assert PhoneNumber.parse(written).e164 == e164


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0162 345 6789", "0323456789"),
        ("+84 169 345 6789", "0393456789"),
        ("0120 345 6789", "0703456789"),
        ("0121 345 6789", "0793456789"),
        ("01234567890", "0834567890"),
        ("0129 345 6789", "0823456789"),
        ("0186 345 6789", "0563456789"),
        ("0199 345 6789", "0593456789"),
    ],
)
def test_number_of_eleven_digits_gets_its_prefix_of_2018(old: str, new: str) -> None:
    assert PhoneNumber.parse(old).national == new


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "phone_empty"),
        ("không có", "phone_letters"),
        ("091234567", "phone_too_short"),
        ("09123456789", "phone_too_long"),
        ("024 3825 1234", "phone_landline"),
        ("+1 202 555 0143", "phone_foreign"),
        ("0612345678", "phone_form"),
        ("0161 345 6789", "phone_too_long"),
        ("0" * 1000, "phone_too_long"),
    ],
)
def test_number_that_takes_no_message_is_refused_with_its_reason(written: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        PhoneNumber.parse(written)
    assert (caught.value.code, caught.value.field) == (code, "phone")


def test_number_too_short_says_how_many_digits_it_has() -> None:
    with pytest.raises(InputError) as caught:
        PhoneNumber.parse("091234567", field="guardian_phone")
    assert caught.value.vi == "Mới có 9 số, cần đủ 10. Gõ lại số."
    assert caught.value.field == "guardian_phone"


def test_number_is_shown_whole_or_by_its_end() -> None:
    phone = PhoneNumber.parse("0912345678")
    assert (phone.display, phone.masked_vi, phone.masked_en) == ("0912 345 678", "số cuối 678", "ending 678")
    assert "912345" not in repr(phone)


def test_number_checks_itself_when_made_without_parse() -> None:
    with pytest.raises(InputError):
        PhoneNumber("0912345678")


@given(st.from_regex(r"\A\+84[35789][0-9]{8}\Z"))
def test_every_mobile_number_is_read_back_from_each_of_its_writings(e164: str) -> None:
    phone = PhoneNumber(e164)
    assert PhoneNumber.parse(phone.e164) == PhoneNumber.parse(phone.national) == PhoneNumber.parse(phone.display)


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_a_typed_refusal(text: str) -> None:
    phone, refusal = outcome(PhoneNumber.parse, text)
    assert PhoneNumber.parse(phone.e164) == phone if refusal is None else refusal.code.startswith("phone_")
