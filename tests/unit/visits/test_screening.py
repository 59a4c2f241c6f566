"""Answers and signs propose an outcome; the worst of them decides, by 5785/QĐ-BYT as reference data has it."""

from datetime import date
from decimal import Decimal

import pytest

from tiemchung.ground.errors import InvalidInputError
from tiemchung.visits import screening
from tiemchung.visits.screening import Outcome
from tiemchung.visits.vitals import Vitals

DAY = date(2022, 5, 14)
WELL = Vitals(temperature=Decimal("36.8"))


def asked(sex="female", on=DAY):
    return screening.questions(sex=sex, on=on)


def answers(*yes, sex="female", on=DAY):
    return {question.code: "yes" if question.code in yes else "no" for question in asked(sex, on)}


def outcome(*yes, vitals=WELL):
    return screening.propose(answers(*yes), vitals, asked()).outcome


def test_nothing_against_it_is_eligible():
    assert outcome() == Outcome.ELIGIBLE
    assert screening.propose(answers(), WELL, asked()).grounds == ()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("allergy", Outcome.CAUTION),
        ("chronic_disease", Outcome.CAUTION),
        ("pregnant_13_weeks", Outcome.CAUTION),
        ("acute_illness", Outcome.POSTPONED),
        ("pregnant_under_13_weeks", Outcome.POSTPONED),
        ("anaphylaxis_same_vaccine", Outcome.CONTRAINDICATED),
    ],
)
def test_one_yes_leads_to_its_outcome(answer, expected):
    assert outcome(answer) == expected


def test_the_worst_answer_decides_and_every_ground_is_named():
    proposal = screening.propose(answers("allergy", "acute_illness"), WELL, asked())
    assert proposal.outcome == Outcome.POSTPONED
    assert {ground.code for ground in proposal.grounds} == {"allergy", "acute_illness"}


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ({"temperature": "35.5"}, Outcome.ELIGIBLE),
        ({"temperature": "35.4"}, Outcome.CAUTION),
        ({"temperature": "37.5"}, Outcome.ELIGIBLE),
        ({"temperature": "37.6"}, Outcome.CAUTION),
        ({"temperature": "36.8", "pulse": 59}, Outcome.CAUTION),
        ({"temperature": "36.8", "pulse": 100}, Outcome.ELIGIBLE),
        ({"temperature": "36.8", "systolic": 141, "diastolic": 90}, Outcome.CAUTION),
        ({"temperature": "36.8", "systolic": 140, "diastolic": 90}, Outcome.ELIGIBLE),
        ({"temperature": "36.8", "respiration": 26}, Outcome.CAUTION),
    ],
)
def test_a_sign_outside_its_limits_asks_for_caution(signs, expected):
    vitals = Vitals(temperature=Decimal(signs.pop("temperature")), **signs)
    assert outcome(vitals=vitals) == expected


def test_men_are_not_asked_about_pregnancy():
    assert "pregnant_13_weeks" not in {question.code for question in asked("male")}
    assert "pregnant_13_weeks" in {question.code for question in asked("unknown")}


def test_covid_within_six_months_is_asked_until_20_december_2021():
    assert "covid_6_months" in {question.code for question in asked(on=date(2021, 12, 20))}
    assert "covid_6_months" not in {question.code for question in asked(on=date(2021, 12, 21))}


def test_an_anaphylaxis_of_grade_3_is_injected_at_a_hospital():
    assert screening.propose(answers("anaphylaxis_grade_3"), WELL, asked()).at_hospital


def test_no_question_has_a_default_answer():
    open_ones = screening.open_questions({}, asked())
    assert [error.field for error in open_ones] == [question.code for question in asked()]
    assert "Chưa trả lời" in open_ones[0].vi


def test_a_worse_outcome_than_proposed_may_be_chosen_a_better_one_not():
    proposal = screening.propose(answers("acute_illness"), WELL, asked())
    assert screening.objections_to(Outcome.CONTRAINDICATED, proposal) == []
    assert screening.objections_to(Outcome.POSTPONED, proposal) == []
    (objection,) = screening.objections_to(Outcome.CAUTION, proposal)
    assert objection.field == "outcome"
    assert "Trì hoãn" in objection.vi
    assert "postponed" in objection.en


def test_over_65_blood_pressure_must_be_measured():
    (error,) = screening.missing_pressure(WELL, 66)
    assert error.field == "systolic"
    assert screening.missing_pressure(WELL, 65) == []


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"temperature": ""}, "temperature", "36,8"),
        ({"temperature": "ba mươi"}, "temperature", "36,8"),
        ({"temperature": "368"}, "temperature", "368"),
        ({"temperature": "nan"}, "temperature", "36,8"),
        ({"temperature": "36,8", "blood_pressure": "1320/80"}, "systolic", "1320"),
        ({"temperature": "36,8", "blood_pressure": "132"}, "systolic", "132/80"),
        ({"temperature": "36,8", "blood_pressure": "80/132"}, "systolic", "132/80"),
        ({"temperature": "36,8", "pulse": "nhanh"}, "pulse", "chữ số"),
        ({"temperature": "36,8", "respiration": "200"}, "respiration", "200"),
    ],
)
def test_a_sign_that_cannot_be_true_names_its_field_and_the_cure(typed, field, said):
    with pytest.raises(InvalidInputError) as refusal:
        Vitals.read(**typed)
    assert refusal.value.field == field
    assert said in refusal.value.vi
    assert refusal.value.en


def test_signs_are_read_as_people_write_them():
    assert Vitals.read(temperature="36,8", blood_pressure=" 132 / 80 ", pulse="72") == Vitals(
        Decimal("36.8"), pulse=72, systolic=132, diastolic=80
    )
