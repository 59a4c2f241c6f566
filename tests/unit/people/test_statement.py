"""What a statement takes and refuses."""

import pytest

from tests.unit.people.made import stated
from tiemchung.ground.errors import InvalidInputError
from tiemchung.vietnam.dates import Precision


@pytest.mark.parametrize(
    ("field", "value", "named", "code"),
    [
        ("full_name", "  ", "full_name", "name_empty"),
        ("birth_date", "31/02/1984", "birth_date", "date_day"),
        ("birth_date", "18/11/2084", "birth_date", "date_future"),
        ("sex", "m", "sex", "sex_unknown"),
        ("identity_numbers", ((None, "0011840000"),), "identity_number", "identity_too_short"),
        ("identity_numbers", ((None, "003184000017"),), "identity_number.province", "identity_province"),
        ("identity_numbers", (("licence", "001184000017"),), "identity_number", "identity_kind"),
        ("phone", "0912", "phone", "phone_too_short"),
        ("residence_code", "001", "residence_code", "commune_unknown"),
        ("residence_code", "99999", "residence_code", "commune_unknown"),
        ("address", "a" * 251, "address", "address_too_long"),
        ("nationality", "Việt Nam", "nationality", "nationality_form"),
        ("insurance_number", "123", "insurance_number", "insurance_form"),
    ],
)
def test_what_cannot_be_read_is_refused_naming_the_field(field, value, named, code):
    with pytest.raises(InvalidInputError) as refused:
        stated(**{field: value})
    assert (refused.value.field, refused.value.code) == (named, code)
    assert refused.value.vi
    assert refused.value.en


def test_a_birth_year_alone_is_enough():
    assert stated(birth_date="1984").born.precision is Precision.YEAR


def test_a_person_without_a_number_or_phone_can_be_stated():
    statement = stated(identity_numbers=(), phone="")
    assert statement.numbers == ()
    assert statement.mobile is None


def test_every_word_is_kept_as_it_was_written():
    written = stated(full_name="NGUYỄN  THỊ Thu Hạnh", phone="+84 912 345 678").as_written()
    assert written["full_name"] == "NGUYỄN  THỊ Thu Hạnh"
    assert written["phone"] == "+84 912 345 678"
    assert written["identity_numbers"] == [[None, "001184000017"]]


def test_findings_say_what_disagrees_with_the_number():
    assert [each.field for each in stated(birth_date="18/11/1985", sex="male").findings()] == [
        "identity_number.year",
        "identity_number.sex",
    ]


def test_a_sex_that_is_not_known_disagrees_with_nothing():
    assert stated(sex="unknown").findings() == []
