"""Priority groups and questions as the reference data has them."""

from datetime import date

import pytest

from tiemchung.campaigns.priority_groups import priority_groups
from tiemchung.campaigns.screening_questions import (
    REGISTRATION,
    SCREENING_ADULT,
    LeadsTo,
    questions,
    vital_signs,
)

DAY = date(2022, 5, 14)


def test_there_are_sixteen_groups_in_two_languages():
    assert len(priority_groups()) == 16
    assert all(group.vi and group.en for group in priority_groups())


@pytest.mark.parametrize("section", [REGISTRATION, SCREENING_ADULT])
def test_every_question_has_two_languages_an_outcome_and_a_source(section):
    for question in questions(section, DAY):
        assert question.vi
        assert question.en
        assert question.source
        assert question.leads_to in LeadsTo


@pytest.mark.parametrize("section", [REGISTRATION, SCREENING_ADULT])
@pytest.mark.parametrize("day", [date(2021, 9, 10), date(2021, 12, 20), date(2021, 12, 21), DAY])
def test_no_question_is_asked_twice_on_one_day(section, day):
    codes = [question.code for question in questions(section, day)]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(("day", "outcome"), [(date(2021, 12, 20), "postponed"), (date(2021, 12, 21), "eligible")])
def test_the_wait_of_six_months_after_covid_ended_on_21_december_2021(day, outcome):
    leads_to = {question.code: question.leads_to for question in questions(REGISTRATION, day)}
    assert leads_to["covid_6_months"] == outcome


def test_pregnancy_is_asked_of_women():
    asked = {question.code for question in questions(SCREENING_ADULT, DAY) if question.is_asked_of("male")}
    assert "pregnant_under_13_weeks" not in asked


def test_a_fever_lies_outside_the_limits():
    temperature = next(sign for sign in vital_signs() if sign["code"] == "temperature")
    assert (temperature["lowest"], temperature["highest"]) == (35.5, 37.5)
