"""Where a visit stands is computed from its facts; the table of transitions is whole and its drawing current."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from scripts.states import TARGET, drawing
from tests.station import DAY
from tiemchung.ground.ids import new_id
from tiemchung.visits.facts import VisitFacts
from tiemchung.visits.screening import Outcome
from tiemchung.visits.states import OBSERVED_FOR, TRANSITIONS, VisitState, compute

BEGUN = VisitFacts(new_id(), new_id(), new_id(), new_id(), DAY)
LATE = DAY + timedelta(hours=2)


@pytest.mark.parametrize(
    ("facts", "minutes", "state"),
    [
        ({}, 0, VisitState.CHECKED_IN),
        ({"outcome": "eligible"}, 3, VisitState.CLEARED),
        ({"outcome": "caution"}, 3, VisitState.CLEARED),
        ({"outcome": "postponed"}, 3, VisitState.NOT_TODAY),
        ({"outcome": "contraindicated"}, 3, VisitState.NOT_TODAY),
        ({"outcome": "eligible", "injected_at": DAY}, 0, VisitState.OBSERVED),
        ({"outcome": "eligible", "injected_at": DAY}, 29, VisitState.OBSERVED),
        ({"outcome": "eligible", "injected_at": DAY}, 30, VisitState.MAY_LEAVE),
        ({"injected_at": DAY}, 5, VisitState.OBSERVED),
        ({"outcome": "eligible", "injected_at": DAY, "ended_as": "well"}, 31, VisitState.LEFT),
        ({"outcome": "eligible", "injected_at": DAY, "ended_as": "left_early"}, 5, VisitState.LEFT),
    ],
)
def test_the_state_follows_from_the_facts(facts, minutes, state):
    assert compute(replace(BEGUN, **facts), DAY + timedelta(minutes=minutes)) == state


def steps():
    """Every fact that may be added to every set of facts, and the states before and after."""
    sets = product([None, *Outcome], [None, DAY], [None, "well"])
    for outcome, injected_at, ended_as in sets:
        before = replace(BEGUN, outcome=outcome, injected_at=injected_at, ended_as=ended_as)
        now = DAY + timedelta(minutes=5)
        if outcome is None:
            yield from ((before, replace(before, outcome=each), now, now) for each in Outcome)
        if injected_at is None:
            yield before, replace(before, injected_at=DAY), now, now
        if ended_as is None:
            yield before, replace(before, ended_as="well"), now, now
        yield before, before, now, DAY + OBSERVED_FOR


def test_every_change_of_state_is_in_the_table():
    allowed = {(transition.start, transition.end) for transition in TRANSITIONS}
    for before, after, earlier, later in steps():
        change = compute(before, earlier), compute(after, later)
        assert change[0] == change[1] or change in allowed


def test_every_transition_of_the_table_can_happen():
    happened = {(compute(before, earlier), compute(after, later)) for before, after, earlier, later in steps()}
    happened |= {(compute(before, LATE), compute(after, LATE)) for before, after, _, _ in steps()}
    happened.add((None, compute(BEGUN, DAY)))
    assert {(transition.start, transition.end) for transition in TRANSITIONS} <= happened


def test_every_state_is_reached():
    assert {transition.end for transition in TRANSITIONS} == set(VisitState)


def test_the_drawing_in_the_documents_is_current():
    assert TARGET.read_text(encoding="utf8") == drawing()
