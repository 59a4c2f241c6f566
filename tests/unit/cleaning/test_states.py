"""How a cleaning task stands: the table is whole, and the view says the same as the code for every step."""

import pytest

from scripts.states import CLEANING, drawing_of_cleaning
from tests.station import open_station
from tests.unit.cleaning.tasks import judged, task_of
from tiemchung.cleaning import actions
from tiemchung.cleaning.models import CleaningTask, Step
from tiemchung.cleaning.states import LIES_AFTER, OPEN, TAKEN_FROM, TRANSITIONS, CleaningState, TaskFacts, compute
from tiemchung.ground import sql


def view(task: CleaningTask) -> str:
    [row] = sql.fetch_all(actions.queries["standing"], {"tasks": [task.id]})
    return str(row["state"])


@pytest.mark.django_db
@pytest.mark.parametrize("step", [None, *Step])
def test_view_and_code_say_the_same(step: Step | None) -> None:
    task = task_of(open_station().person(), birth_date="day_month_swap")
    row = {"id": task.id, "person_id": task.person_id}
    if step:
        actions.note_steps([row], step, by=None)
    assert view(task) == compute(TaskFacts(last_step=step))
    judged(task.person, "right")
    actions.settle(person_ids=[task.person_id])
    assert view(task) == compute(TaskFacts(last_step=step, closed=True)) == CleaningState.CURED


@pytest.mark.django_db
def test_who_is_unchecked_awaits_his_check_in_both() -> None:
    task = task_of(open_station().person(), birth_date="day_month_swap")
    actions.identity.ask_anew(person_ids=[task.person_id], why="register_corrected", by=None)
    assert view(task) == compute(TaskFacts(unchecked=True)) == CleaningState.AWAITING_CHECK


def test_every_step_leads_somewhere_and_may_be_taken_from_somewhere() -> None:
    assert set(LIES_AFTER) == {None, *Step}
    assert set(TAKEN_FROM) == set(Step)
    assert all(starts and set(starts) <= set(OPEN) for starts in TAKEN_FROM.values())


def test_every_state_is_reached_and_all_but_the_last_can_be_left() -> None:
    assert {each.end for each in TRANSITIONS} == set(CleaningState)
    assert {each.start for each in TRANSITIONS} == {None, *OPEN}


def test_the_drawing_is_current() -> None:
    assert CLEANING.read_text(encoding="utf8") == drawing_of_cleaning()
