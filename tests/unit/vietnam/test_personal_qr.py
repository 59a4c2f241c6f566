"""The national personal QR code, version 1.1, read and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.vietnam.refusals import outcome
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.names import fold
from tiemchung.vietnam.personal_qr import PersonalQr
from tiemchung.vietnam.sex import Sex

PUBLISHED_EXAMPLE = "001093029317|NGUYEN VAN A|1987-01-18|0|162979388586171100|<1<00<0123232422"

TEXTS = st.text("ABC0123456789", max_size=20)
CODES = st.builds(
    PersonalQr,
    document_number=TEXTS,
    name=st.text("ABCDEGHIKLMNOPQRSTUVXY ", min_size=1, max_size=40).map(fold).filter(bool),
    birth_date=st.dates(PartialDate(1900).first_day, PartialDate(2099).last_day).map(PartialDate.of),
    declared_by_other=st.booleans(),
    qid=TEXTS,
    declarer_qid=TEXTS,
    sex=st.sampled_from([None, *Sex]),
    health_insurance=TEXTS,
    phone=TEXTS,
    signature=TEXTS,
)


def test_published_example_is_read_and_written_back() -> None:
    found = PersonalQr.parse(PUBLISHED_EXAMPLE)
    assert found == PersonalQr(
        document_number="001093029317",
        name="NGUYEN VAN A",
        birth_date=PartialDate(1987, 1, 18),
        qid="162979388586171100",
        sex=Sex.MALE,
        health_insurance="00",
        phone="0123232422",
    )
    assert found.format() == PUBLISHED_EXAMPLE


def test_name_is_written_in_capitals_without_diacritics() -> None:
    code = PersonalQr(document_number="", name="Đặng Thị Hạnh", birth_date=PartialDate(1960))
    assert code.format() == "|DANG THI HANH|1960|0||<0<<"


def test_name_that_folds_to_what_looks_like_a_title_is_read_back() -> None:
    code = PersonalQr(document_number="", name="Bế Anh Thư", birth_date=PartialDate(1960))
    assert PersonalQr.parse(code.format()).name == "BE ANH THU"


def test_number_that_can_be_one_of_ours_is_given_as_such() -> None:
    found = PersonalQr.parse(PUBLISHED_EXAMPLE).identity_number
    assert found is not None
    assert found.birth_year == 1993


def test_foreign_document_stays_as_text() -> None:
    found = PersonalQr.parse("X99-81|JOHN SMITH|1987-01-18|1|7|8<2")
    assert (found.identity_number, found.document_number) == (None, "X99-81")
    assert (found.declared_by_other, found.declarer_qid, found.sex) == (True, "8", Sex.FEMALE)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "personal_qr_fields"),
        ("1|A|1987-01-18|0", "personal_qr_fields"),
        ("1|A|1987-01-18|2|3|", "personal_qr_fields"),
        ("1|A|1987-01-18|0|3|<9<<", "personal_qr_fields"),
        ("1|A|1987-01-18|0|3|<1<<<<<<", "personal_qr_fields"),
        ("1|A|1987-13-18|0|3|<1", "date_month"),
        ("1||1987-01-18|0|3|<1", "name_empty"),
        ("|" * 5000, "personal_qr_too_long"),
    ],
)
def test_code_that_cannot_be_read_says_why(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        PersonalQr.parse(text)
    assert caught.value.code == code


@pytest.mark.parametrize("sign", ["|", "<"])
def test_signs_that_part_the_fields_may_not_stand_in_one(sign: str) -> None:
    with pytest.raises(InputError):
        PersonalQr(document_number=f"1{sign}2", name="A", birth_date=PartialDate(1960))


@given(CODES)
def test_every_code_is_read_back_as_it_was_written(code: PersonalQr) -> None:
    assert PersonalQr.parse(code.format()) == code


@given(st.one_of(st.text(max_size=200), st.lists(st.text(max_size=20), min_size=4, max_size=7).map("|".join)))
def test_any_text_is_a_code_or_a_typed_refusal(text: str) -> None:
    found, refusal = outcome(PersonalQr.parse, text)
    if refusal is None:
        assert PersonalQr.parse(found.format()).document_number == found.document_number
    else:
        assert refusal.vi
        assert refusal.en
