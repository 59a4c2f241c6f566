"""Single questions go when nothing is kept for them any more: bounds, walks, who asked, and lists of changes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.unit.population.register import NUMBER, ask, enrol
from tiemchung.population import actions_retention, retention
from tiemchung.population.actions_retention import prune_questions
from tiemchung.population.models import Act, Question
from tiemchung.population.retention import RetentionRuleError

pytestmark = pytest.mark.django_db

NOBODYS = "001184999999"


def pass_days(settings: Any, days: int) -> None:
    settings.CLOCK_OFFSET += timedelta(days=days, seconds=1)


def verdicts() -> list[str]:
    return [one.answer["verdict"] for one in Question.objects.order_by("asked_at")]


def test_a_question_stays_for_its_days_and_then_goes(settings: Any) -> None:
    enrol()
    ask(record="r")
    ask(number=NOBODYS, record="u")
    pass_days(settings, retention.rule().days - 1)
    assert prune_questions() == 0
    pass_days(settings, 1)
    assert prune_questions() == 2
    assert verdicts() == []
    assert [act.detail for act in Act.objects.filter(act="prune")] == [{"questions": 2}]


def test_the_last_wrong_one_of_a_record_stays_for_the_lists_of_changes(settings: Any) -> None:
    enrol()
    ask(record="r", sex="male")
    pass_days(settings, 1)
    ask(record="r", sex="male")
    last = Question.objects.latest("asked_at")
    pass_days(settings, retention.rule().days)
    assert prune_questions() == 1
    assert list(Question.objects.all()) == [last]


def test_a_wrong_one_goes_once_its_record_was_asked_about_again(settings: Any) -> None:
    enrol()
    ask(record="r", sex="male")
    pass_days(settings, retention.rule().days)
    assert prune_questions() == 0
    ask(record="r")
    assert prune_questions() == 1
    assert verdicts() == ["right"]


def test_pieces_pass_nobody_over(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    enrol()
    for at in range(7):
        ask(record=f"r{at}", asker=f"a{at}", sex="male" if at % 3 == 0 else "female")
    pass_days(settings, retention.rule().days)
    monkeypatch.setattr(actions_retention, "AT_ONCE", 2)
    assert prune_questions() == 4
    assert verdicts() == ["wrong"] * 3


def test_who_was_killed_in_between_goes_on(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in range(3):
        ask(number=f"00118400{at:04}", record=f"r{at}", asker=f"a{at}")
    pass_days(settings, retention.rule().days)
    monkeypatch.setattr(actions_retention, "AT_ONCE", 1)
    with monkeypatch.context() as patch:
        patch.setattr(actions_retention.acts, "note", _killed_at_the_second())
        with pytest.raises(KeyboardInterrupt):
            prune_questions()
    assert len(verdicts()) == 2
    assert prune_questions() == 2


def _killed_at_the_second() -> Callable[..., None]:
    calls = iter([None])

    def note(*_: Any, **__: Any) -> None:
        try:
            next(calls)
        except StopIteration:
            raise KeyboardInterrupt from None

    return note


def test_who_is_asked_about_again_within_the_weeks_is_no_step_of_a_walk(settings: Any) -> None:
    neighbours = [NUMBER[:-2] + f"{at:02}" for at in range(20, 45)]
    for at, number in enumerate(neighbours):
        ask(number=number, record=number, asker=f"site {at // 10}")
    pass_days(settings, 13)
    prune_questions()
    assert {ask(number=number, record=number, asker="one site").verdict for number in neighbours} == {"unknown"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("questions: {days: 7, last_stays: [wrong]}", "days"),
        ("questions: {days: 90, last_stays: []}", "last_stays"),
    ],
)
def test_a_rule_that_would_break_what_questions_are_kept_for_is_refused(text: str, word: str) -> None:
    with pytest.raises(RetentionRuleError, match=word):
        retention.read(text)
