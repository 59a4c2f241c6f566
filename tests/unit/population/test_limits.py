"""Bounds on questions: each runs into his own first, and a walk along the numbers is stopped and told."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from tests.unit.population.register import NUMBER, ask, enrol
from tiemchung.ground.ids import new_id
from tiemchung.population import limits
from tiemchung.population.models import Act, QuestionOfBatch

pytestmark = pytest.mark.django_db


def test_a_record_is_checked_five_times_a_day_whatever_it_says() -> None:
    verdicts = [ask(number=f"00118400{at:04}", record="r1", asker=f"a{at}").verdict for at in range(6)]
    assert verdicts == ["unknown"] * limits.RECORD_A_DAY + ["too_many"]


def test_a_stranger_cannot_use_up_the_checks_of_another() -> None:
    enrol()
    stranger = [ask(record=f"made-up-{at}", asker="stranger", sex="male").verdict for at in range(8)]
    assert stranger == ["wrong"] * limits.ASKER_A_DAY + ["too_many"] * 3
    assert ask(record="hers", asker="her site").verdict == "right"


def test_a_number_that_many_ask_about_is_closed_for_the_day(settings: Any) -> None:
    enrol()
    verdicts = [ask(record=f"r{at}", asker=f"a{at // 5}").verdict for at in range(limits.NUMBER_A_DAY + 1)]
    assert verdicts == ["right"] * limits.NUMBER_A_DAY + ["too_many"]
    assert Act.objects.get(act="limit").detail["limit"] == "number"
    settings.CLOCK_OFFSET += timedelta(days=1, seconds=1)
    assert ask(record="r", asker="a").verdict == "right"


def test_who_gives_no_handles_is_one_asker() -> None:
    assert [ask().verdict for _ in range(6)] == ["unknown"] * 5 + ["too_many"]


def walk(asker: str, numbers: range) -> list[str]:
    """Ask about an invented person on each of Mrs Hạnh's neighbours."""
    return [ask(number=NUMBER[:-2] + f"{at:02}", record=f"{asker}{at}", asker=asker).verdict for at in numbers]


def test_a_walk_along_the_numbers_is_stopped_and_told() -> None:
    verdicts = walk("walker", range(20, 20 + limits.BLOCK_A_DAY + 3))
    assert verdicts == ["unknown"] * limits.BLOCK_A_DAY + ["too_many"] * 3
    alarm = Act.objects.filter(act="limit").first()
    assert alarm is not None
    assert alarm.detail["limit"] == "walk"
    assert NUMBER[:-2] not in str(alarm.detail["limit"])


def test_old_cards_stand_close_together_and_are_no_walk() -> None:
    verdicts = {ask(number=f"0132456{last:02}", record=str(last), asker=str(last)).verdict for last in range(30)}
    assert verdicts == {"unknown"}


def test_a_walk_does_not_close_the_numbers_beside_it_for_anybody_else() -> None:
    enrol()
    assert walk("walker", range(30, 30 + limits.BLOCK_A_DAY + 1))[-1] == "too_many"
    assert ask(record="hers", asker="her site").verdict == "right"
    assert ask(record="hers, by herself", asker="her own account").verdict == "right"


def test_many_who_walk_are_told_and_still_do_not_close_her_number() -> None:
    enrol()
    for at in range(4):
        walk(f"walker{at}", range(20 + at * 18, 20 + (at + 1) * 18))
    assert not Act.objects.exclude(detail__limit="walk_of_many").exists()
    assert Act.objects.filter(act="limit").count() == 4 * 18 - limits.BLOCK_ALARM
    assert ask(record="hers", asker="her site").verdict == "right"


def test_a_record_that_was_asked_about_before_is_no_step_of_a_walk() -> None:
    enrol()
    assert ask(record="hers", asker="site").verdict == "right"
    assert set(walk("site", range(30, 30 + limits.BLOCK_A_DAY))) == {"unknown", "too_many"}
    assert ask(record="hers", asker="site").verdict == "right"
    assert walk("site", range(90, 91)) == ["too_many"]


def test_an_upgraded_store_forgets_questions_that_may_have_been_unknown() -> None:
    """Earlier versions kept them without their verdict: a list would tell that such a number has come to be known."""
    QuestionOfBatch.objects.create(id=new_id(), about="a")
    upgrade = import_module("tiemchung.population.migrations.0007_forget_what_may_be_unknown")
    upgrade.forget(apps, None)
    assert not QuestionOfBatch.objects.exists()
