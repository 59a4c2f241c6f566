"""What can be said of a person's data without asking any register."""

from dataclasses import replace

import pytest

from tiemchung.linkage.kinds import DateKind, NameKind, NumberKind, SexKind
from tiemchung.linkage.self_check import Proposal, contradicts, self_check
from tiemchung.linkage.verdict import Asked
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.sex import Sex

RIGHT = Asked("079168004821", "Trần Thị Sáu", PartialDate(1968, 8, 5), Sex.FEMALE)


def found(asked: Asked) -> dict[str, str]:
    return {one.field: one.kind for one in self_check(asked).findings}


def test_self_check_of_what_fits_finds_nothing() -> None:
    check = self_check(RIGHT)
    assert (check.findings, check.proposals) == ((), ())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"number": ""}, {"number": NumberKind.MISSING}),
        ({"number": "079168"}, {"number": NumberKind.MISSING_DIGITS}),
        ({"full_name": "Tran Thi Sau"}, {"full_name": NameKind.ACCENTS_LOST}),
        ({"full_name": "Trần Thi Sáu"}, {"full_name": NameKind.ACCENTS_PARTLY_LOST}),
        ({"full_name": "Traanf Thij Sasu"}, {"full_name": NameKind.TYPING_RESIDUE}),
        ({"full_name": "T. Thị Sáu"}, {"full_name": NameKind.INITIALS}),
        ({"full_name": ""}, {"full_name": NameKind.MISSING}),
        ({"birth_date": PartialDate(1968)}, {"birth_date": DateKind.YEAR_ONLY}),
        ({"birth_date": PartialDate(1968, 1, 1)}, {"birth_date": DateKind.FIRST_OF_JANUARY}),
        ({"birth_date": PartialDate(2012, 8, 5)}, {"number": NumberKind.PARENTS_NUMBER}),
        ({"birth_date": PartialDate(1950, 8, 5), "sex": Sex.MALE}, {"number": NumberKind.UNKNOWN}),
        ({"sex": None}, {"sex": SexKind.MISSING}),
    ],
)
def test_self_check_names_what_does_not_fit(change: dict, expected: dict) -> None:
    assert found(replace(RIGHT, **change)) == expected


def test_self_check_lets_the_central_highlands_y_stand() -> None:
    assert found(replace(RIGHT, full_name="Y Moan Niê")) == {}


@pytest.mark.parametrize(
    ("change", "proposal"),
    [
        ({"number": "79168004821"}, Proposal("number", NumberKind.LOST_ZERO, "079168004821")),
        ({"number": "O79168004821"}, Proposal("number", NumberKind.LETTERS_FOR_DIGITS, "079168004821")),
        ({"full_name": "Traanf Thij Sasu"}, Proposal("full_name", NameKind.TYPING_RESIDUE, "Trần Thị Sáu")),
        ({"full_name": "Tráº§n Thá»‹ SÃ¡u"}, Proposal("full_name", NameKind.WRONG_ENCODING, "Trần Thị Sáu")),
        (
            {"birth_date": PartialDate(1986, 8, 5)},
            Proposal("birth_date", DateKind.TRANSPOSED_DIGITS, "1968-08-05"),
        ),
        ({"birth_date": PartialDate(1978, 8, 5)}, Proposal("birth_date", DateKind.YEAR_OFF_BY_TEN, "1968-08-05")),
        ({"sex": Sex.MALE}, Proposal("sex", SexKind.OTHER, "female")),
    ],
)
def test_self_check_proposes_a_repair(change: dict, proposal: Proposal) -> None:
    assert proposal in self_check(replace(RIGHT, **change)).proposals


def test_self_check_proposes_nothing_where_sex_and_year_both_contradict_the_number() -> None:
    strange = replace(RIGHT, birth_date=PartialDate(1967, 8, 5), sex=Sex.MALE)
    assert contradicts(strange) == (True, True)
    assert self_check(strange).proposals == ()


def test_self_check_proposes_no_day_that_does_not_exist() -> None:
    leap = replace(RIGHT, number="079169004821", birth_date=PartialDate(1968, 2, 29))
    assert self_check(leap).proposals == ()
