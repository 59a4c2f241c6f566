"""How does a cleaning task stand? Computed from its last step, whether the cause is gone, whether a check is awaited.

`TRANSITIONS` is the whole table; `docs/reference/states-cleaning.md` is drawn from it. The view `cleaning_current`
says the same for sets; a test holds the two together.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from tiemchung.cleaning.models import Step


class CleaningState(StrEnum):
    """Where a task lies; each asks for one next step of one party."""

    AT_STATION = "at_station"  # nobody has done anything yet
    WITH_HAMLET = "with_hamlet"
    WITH_POLICE = "with_police"
    WITH_SITE = "with_site"
    RETURNED = "returned"  # came back to the station with an answer that did not cure it
    AWAITING_CHECK = "awaiting_check"  # corrected: the population side is asked again
    SET_ASIDE = "set_aside"  # nobody can cure it now
    CURED = "cured"


class Transition(NamedTuple):
    """From a state, by what happens, to a state. From None: the task is opened."""

    start: CleaningState | None
    by: str
    end: CleaningState


LIES_AFTER = {
    None: CleaningState.AT_STATION,
    Step.GIVEN_TO_HAMLET: CleaningState.WITH_HAMLET,
    Step.HAMLET_CONFIRMED: CleaningState.RETURNED,
    Step.HAMLET_UNKNOWN: CleaningState.RETURNED,
    Step.SENT_TO_POLICE: CleaningState.WITH_POLICE,
    Step.POLICE_SLIP: CleaningState.RETURNED,
    Step.POLICE_REGISTER_CORRECTED: CleaningState.RETURNED,
    Step.POLICE_NOT_RESIDENT: CleaningState.RETURNED,
    Step.POLICE_NOT_CONFIRMED: CleaningState.RETURNED,
    Step.SENT_TO_SITE: CleaningState.WITH_SITE,
    Step.SITE_UNKNOWN: CleaningState.RETURNED,
    Step.CORRECTED: CleaningState.RETURNED,
    Step.SET_ASIDE: CleaningState.SET_ASIDE,
}
STATION_S = (CleaningState.AT_STATION, CleaningState.RETURNED, CleaningState.SET_ASIDE)
OPEN = tuple(state for state in CleaningState if state is not CleaningState.CURED)
# From where each step may be taken. Who had the task does not matter where a record is put right or police answered.
TAKEN_FROM: dict[Step, tuple[CleaningState, ...]] = {
    Step.GIVEN_TO_HAMLET: STATION_S,
    Step.HAMLET_CONFIRMED: (CleaningState.WITH_HAMLET,),
    Step.HAMLET_UNKNOWN: (CleaningState.WITH_HAMLET,),
    Step.SENT_TO_POLICE: (*STATION_S, CleaningState.WITH_SITE),
    Step.POLICE_SLIP: OPEN,
    Step.POLICE_REGISTER_CORRECTED: OPEN,
    Step.POLICE_NOT_RESIDENT: OPEN,
    Step.POLICE_NOT_CONFIRMED: OPEN,
    Step.SENT_TO_SITE: STATION_S,
    Step.SITE_UNKNOWN: (CleaningState.WITH_SITE,),
    Step.CORRECTED: OPEN,
    Step.SET_ASIDE: (CleaningState.AT_STATION, CleaningState.RETURNED),
}
LEADS_TO_CHECK = (Step.POLICE_SLIP, Step.POLICE_REGISTER_CORRECTED, Step.CORRECTED)
_STEPS = tuple(
    Transition(start, step.value, CleaningState.AWAITING_CHECK if step in LEADS_TO_CHECK else LIES_AFTER[step])
    for step, starts in TAKEN_FROM.items()
    for start in starts
)
TRANSITIONS = (
    Transition(None, "a population check finds the cause", CleaningState.AT_STATION),
    *_STEPS,
    *(Transition(start, "the person states something new", CleaningState.AWAITING_CHECK) for start in OPEN[:5]),
    Transition(CleaningState.AWAITING_CHECK, "the check finds the cause again", CleaningState.RETURNED),
    Transition(CleaningState.AWAITING_CHECK, "the check finds the cause no more", CleaningState.CURED),
)


@dataclass(frozen=True)
class TaskFacts:
    """What a task's state is computed from."""

    last_step: Step | None = None
    unchecked: bool = False  # the person stated something since his last verdict, or a re-check was called for
    closed: bool = False


def compute(facts: TaskFacts) -> CleaningState:
    """The state of a task with these facts."""
    if facts.closed:
        return CleaningState.CURED
    if facts.unchecked:
        return CleaningState.AWAITING_CHECK
    return LIES_AFTER[facts.last_step]
