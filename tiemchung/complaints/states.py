"""How does a complaint stand? Computed from its steps and the clock; never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from tiemchung.complaints.models import Complaint, ComplaintStep
from tiemchung.complaints.reasons import answer_within
from tiemchung.ground import clock

Act = ComplaintStep.Act


class ComplaintState(StrEnum):
    """The five ways a complaint can stand."""

    SENT = "sent"
    TAKEN = "taken"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Transition(NamedTuple):
    """From a state, by an act, to a state; from None it begins."""

    start: ComplaintState | None
    by: str
    end: ComplaintState


ENDS = (ComplaintState.ACCEPTED, ComplaintState.REFUSED, ComplaintState.WITHDRAWN)
# From a state, by an act, to a state: what is not here may not happen. docs/reference/states-complaint.md shows it.
TRANSITIONS: dict[ComplaintState, dict[str, ComplaintState]] = {
    state: {
        Act.TAKEN.value: ComplaintState.TAKEN,
        Act.ACCEPTED.value: ComplaintState.ACCEPTED,
        Act.REFUSED.value: ComplaintState.REFUSED,
        Act.WITHDRAWN.value: ComplaintState.WITHDRAWN,
    }
    for state in (ComplaintState.SENT, ComplaintState.TAKEN)
} | {state: {} for state in ENDS}


@dataclass(frozen=True)
class Standing:
    """A state and the 48-hour clock: `due_at` is when an answer is due, `left` what is left (below 0: overdue)."""

    state: ComplaintState
    due_at: datetime
    last: ComplaintStep | None

    @property
    def is_open(self) -> bool:
        return bool(TRANSITIONS[self.state])

    @property
    def left(self) -> timedelta:
        return self.due_at - clock.now()

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.left < timedelta(0)


def of(complaint: Complaint) -> Standing:
    """How a complaint stands now."""
    steps = list(complaint.steps.order_by("at", "id"))
    return Standing(
        after(step.act for step in steps), complaint.sent_at + answer_within(), steps[-1] if steps else None
    )


def after(acts: Iterable[str]) -> ComplaintState:
    """The state to which these acts lead, in their order. Raises KeyError for one that may not happen."""
    state = ComplaintState.SENT
    for act in acts:
        state = TRANSITIONS[state][act]
    return state
