"""Each difference between a written number and a person's numbers has one kind."""

import pytest

from tiemchung.linkage.kinds import NumberKind
from tiemchung.linkage.number_kinds import form_kind, number_kind

NUMBER, OLD = "079168004821", "024680135"
CASES = [
    # written           kind
    ("079168004821", "right"),
    ("079 168 004 821", "right"),
    ("024680135", "old_number"),
    ("", "missing"),
    ("79168004821", "lost_zero"),
    ("24680135", "lost_zero"),
    ("0791680048", "missing_digits"),
    ("07916800482", "missing_digits"),
    ("0791680048211", "extra_digits"),
    ("O79168004821", "letters_for_digits"),
    ("7.9168E+10", "spreadsheet"),
    ("DN4797912345678", "health_insurance"),
    ("000000000000", "placeholder"),
    ("không nhớ", "malformed"),
    ("999168004821", "unknown"),
    ("098268004821", "malformed"),
    ("079168004822", "digit_slip"),
    ("079168004812", "transposed_digits"),
    ("001190123456", "unknown"),
]


@pytest.mark.parametrize(("written", "kind"), CASES)
def test_number_kind_names_the_difference(written: str, kind: str) -> None:
    assert number_kind(written, NUMBER, (OLD,)) == kind


def test_every_number_kind_but_those_of_other_people_has_a_case() -> None:
    others = {NumberKind.PARENTS_NUMBER, NumberKind.OTHER_PERSONS_NUMBER}
    assert {kind for _, kind in CASES} == set(NumberKind) - others


def test_form_kind_of_a_number_that_can_be_is_none() -> None:
    assert form_kind(NUMBER) is None
    assert form_kind(OLD) is None
