from datetime import date

import pytest

from tiemchung.dosing import InputError, Rules
from tiemchung.dosing.requests import Request, read_many

TODAY = date(2022, 3, 1)
PERSON = {"birth_date": "1990-01-01", "as_of": "2021-09-01", "area": "48"}


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({}, "birth_date"),
        ({"birth_date": ""}, "birth_date"),
        ([], "request"),
        (5, "request"),
        ({**PERSON, "dose": []}, "request.dose"),
        ({**PERSON, "doses": "AZ"}, "doses"),
        ({**PERSON, "doses": ["AZ"]}, "doses[0]"),
        ({**PERSON, "doses": [{"product": 5}]}, "doses[0].product"),
        ({**PERSON, "doses": [{"vaccine": "AZ"}]}, "doses[0].vaccine"),
        ({**PERSON, "conditions": "teacher"}, "conditions"),
        ({**PERSON, "conditions": [5]}, "conditions"),
        ({**PERSON, "sex": "x"}, "sex"),
    ],
)
def test_question_that_cannot_be_read_names_the_key(content: object, field: str) -> None:
    with pytest.raises(InputError) as refused:
        Request.read(content, TODAY)
    assert refused.value.field == field


def test_day_asked_about_is_today_where_none_is_given() -> None:
    assert Request.read({"birth_date": "1990"}, TODAY).as_of == TODAY


@pytest.mark.parametrize(
    ("conditions", "first_day"),
    [
        (["pregnant:12w0d@2021-09-01"], "2021-09-08"),
        ([{"code": "pregnant", "weeks": 12, "date": "2021-09-01"}], "2021-09-08"),
        (["thai 12 tuần"], "2021-09-08"),
        (["flu vaccine 2021-08-25"], "2021-09-08"),
        ([{"code": "other_vaccine", "date": "2021-08-25"}], "2021-09-08"),
        ([], "2021-07-08"),
    ],
)
def test_conditions_are_read_as_people_write_them(conditions: list[object], first_day: str) -> None:
    asked = Request.read({**PERSON, "conditions": conditions}, TODAY)
    due = Rules.load().assess(asked.subject, asked.given, area=asked.area, as_of=asked.as_of).due
    assert due is not None
    assert max(due.from_.isoformat(), "2021-07-08") == first_day


@pytest.mark.parametrize(
    ("infection", "first_day"),
    [
        ("2021-06-01", "2021-12-01"),
        ("2021-06-01/2021-06-20", "2021-12-01"),
        ({"ill": "2021-06-01", "well": None}, "2021-12-01"),
        ("06/2021", "2021-12-30"),
        ("unknown", "2022-03-01"),
    ],
)
def test_infections_are_read_as_people_write_them(infection: object, first_day: str) -> None:
    asked = Request.read({**PERSON, "infections": [infection]}, TODAY)
    due = Rules.load().assess(asked.subject, asked.given, area=asked.area, as_of=asked.as_of).due
    assert due is not None
    assert due.from_.isoformat() == first_day


@pytest.mark.parametrize(("said", "products"), [({"consent": False}, {"AZ"}), ({"supply_short": True}, {"AZ", "PF"})])
def test_consent_and_supply_may_be_stated(said: dict[str, bool], products: set[str]) -> None:
    asked = Request.read({**PERSON, **said, "doses": [{"product": "AZ", "date": "2021-07-01"}]}, TODAY)
    answer = Rules.load().assess(asked.subject, asked.given, area=asked.area, as_of=asked.as_of)
    assert answer.due
    assert set(answer.due.products) == products
    assert "supply" not in {unknown.field for unknown in answer.unknown} or "consent" in said


def test_condition_that_nobody_knows_is_asked_about() -> None:
    asked = Request.read({**PERSON, "conditions": ["xyz"]}, TODAY)
    answer = Rules.load().assess(asked.subject, asked.given, area=asked.area, as_of=asked.as_of)
    assert [unknown.code for unknown in answer.unknown] == ["condition_not_understood"]


def test_country_of_a_dose_makes_it_foreign() -> None:
    asked = Request.read({**PERSON, "doses": [{"product": "Pfizer", "date": "2021-03-01", "country": "DE"}]}, TODAY)
    assert asked.given[0].abroad
    answer = Rules.load().assess(asked.subject, asked.given, area=asked.area, as_of=asked.as_of)
    assert not answer.held


def test_lines_are_numbered_as_they_stand() -> None:
    found = list(read_many('{"a": 1}\n\n{"b": 2}\n'))
    assert [number for number, _ in found] == [1, 3]
