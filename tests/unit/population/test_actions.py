"""Questions that were answered: five a person and day, the same one once."""

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.population.register import NUMBER, ask, enrol
from tiemchung.ground.ids import new_id
from tiemchung.population.limits import ASKER_A_DAY as CHECKS_A_DAY
from tiemchung.population.models import Question

pytestmark = pytest.mark.django_db


def test_a_handle_is_the_same_each_time_and_says_nothing_of_the_person() -> None:
    citizen = enrol()
    first, second = ask(), ask()
    assert first.handle == second.handle
    assert len(first.handle) == 64
    assert str(citizen.id) not in first.handle


def test_a_handle_needs_the_key_of_the_population_side(settings: Any) -> None:
    enrol()
    ours = ask().handle
    settings.POPULATION_KEY = "another"
    assert ask().handle != ours
    settings.POPULATION_SECRET = settings.SECRET_KEY = "another"
    settings.POPULATION_KEY = "tests-only, of the other side"
    assert ask().handle == ours


def test_a_handle_is_given_only_on_right() -> None:
    enrol()
    assert ask(sex="male").handle == ""
    assert ask(number="001184000018").handle == ""


def test_the_sixth_question_about_a_number_within_a_day_is_not_answered() -> None:
    enrol()
    verdicts = [ask().verdict for _ in range(CHECKS_A_DAY + 1)]
    assert verdicts == ["right"] * CHECKS_A_DAY + ["too_many"]


def test_a_number_of_nobody_is_limited_too_so_that_the_limit_tells_nothing() -> None:
    verdicts = [ask().verdict for _ in range(CHECKS_A_DAY + 1)]
    assert verdicts == ["unknown"] * CHECKS_A_DAY + ["too_many"]


def test_the_limit_is_each_numbers_own() -> None:
    enrol()
    for _ in range(CHECKS_A_DAY):
        ask(number="001184000018")
    assert ask().verdict == "right"


def test_a_day_later_it_may_be_asked_again(settings: Any) -> None:
    enrol()
    for _ in range(CHECKS_A_DAY):
        ask()
    settings.CLOCK_OFFSET += timedelta(days=1, seconds=1)
    assert ask().verdict == "right"


def test_the_same_question_again_is_answered_as_before_and_not_counted() -> None:
    enrol()
    question_id = new_id()
    first = ask(question_id, sex="male")
    for _ in range(CHECKS_A_DAY + 2):
        assert ask(question_id, sex="male") == first
    assert Question.objects.count() == 1
    assert ask().verdict == "right"


def test_the_same_question_after_a_change_of_the_register_is_answered_by_what_it_says_now() -> None:
    citizen = enrol()
    question_id = new_id()
    assert ask(question_id).verdict == "right"
    citizen.full_name = "Nguyễn Thị Thu Hằng"
    citizen.save()
    assert ask(question_id).verdict == "wrong"
    assert Question.objects.get().answer["verdict"] == "wrong"


def test_an_id_that_asked_something_else_is_a_conflict() -> None:
    enrol()
    question_id = new_id()
    ask(question_id)
    assert ask(question_id, sex="male").verdict == "conflict"


def test_what_is_kept_of_a_question_is_a_keyed_hash() -> None:
    enrol()
    ask()
    kept = Question.objects.values().get()
    for value in (NUMBER, "Hạnh", "1984", "female"):
        assert value not in str(kept)


def test_an_old_number_of_a_citizen_is_his_as_well() -> None:
    citizen = enrol()
    citizen.numbers.create(value="013245678")
    by_old, by_new = ask(number="013245678"), ask()
    assert by_old.handle == by_new.handle
    assert (by_old.fields["number"], by_new.fields["number"]) == ("old_number", "right")


def test_who_has_a_cmnd_alone_has_it_as_the_number_of_today() -> None:
    enrol(number="013245678")
    assert ask(number="013245678").fields["number"] == "right"


def test_two_citizens_alike_on_one_number_are_neither() -> None:
    enrol()
    enrol()
    assert ask().as_json() == {"verdict": "unknown", "fields": {}, "handle": ""}


def test_a_sex_that_is_no_word_of_the_register_is_not_stated() -> None:
    enrol()
    assert ask(sex="unknown").fields["sex"] == "missing"
