"""How does a visit stand? Computed from its facts and the clock, never stored.

`TRANSITIONS` is the whole table; `docs/reference/states-visit.md` is drawn from it.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from tiemchung.ground import clock
from tiemchung.visits.facts import Known, VisitFacts
from tiemchung.visits.models import Visit
from tiemchung.visits.screening import ALLOWS_INJECTION

OBSERVED_FOR = timedelta(minutes=30)  # 3588/QĐ-BYT


class VisitState(StrEnum):
    """Where a visit stands; each asks for one next step."""

    CHECKED_IN = "checked_in"  # to be screened
    CLEARED = "cleared"  # screened eligible or with caution: to be injected
    NOT_TODAY = "not_today"  # screened postponed or contraindicated: goes home
    OBSERVED = "observed"  # injected less than thirty minutes ago
    MAY_LEAVE = "may_leave"  # thirty minutes are over: to be let go
    LEFT = "left"  # the observation has ended


class Transition(NamedTuple):
    """From a state, by what happens, to a state. From None: the visit begins."""

    start: VisitState | None
    by: str
    end: VisitState


_REPORTED_LATE = "end of observation reported before the injection, with a finding"
TRANSITIONS = (
    Transition(None, "check-in", VisitState.CHECKED_IN),
    Transition(VisitState.CHECKED_IN, "screening: eligible, caution", VisitState.CLEARED),
    Transition(VisitState.CHECKED_IN, "screening: postponed, contraindicated", VisitState.NOT_TODAY),
    Transition(VisitState.CLEARED, "injection", VisitState.OBSERVED),
    Transition(VisitState.CHECKED_IN, "injection reported without screening, with a finding", VisitState.OBSERVED),
    Transition(VisitState.NOT_TODAY, "injection reported against the screening, with a finding", VisitState.OBSERVED),
    Transition(VisitState.OBSERVED, "thirty minutes pass", VisitState.MAY_LEAVE),
    Transition(VisitState.OBSERVED, "observation ends early", VisitState.LEFT),
    Transition(VisitState.MAY_LEAVE, "observation ends", VisitState.LEFT),
    Transition(VisitState.CHECKED_IN, _REPORTED_LATE, VisitState.LEFT),
    Transition(VisitState.CLEARED, _REPORTED_LATE, VisitState.LEFT),
    Transition(VisitState.NOT_TODAY, _REPORTED_LATE, VisitState.LEFT),
)


def compute(facts: VisitFacts, now: datetime) -> VisitState:
    """The state of a visit with these facts at that moment."""
    if facts.ended_as is not None:
        return VisitState.LEFT
    if facts.injected_at is not None:
        return VisitState.MAY_LEAVE if now >= facts.injected_at + OBSERVED_FOR else VisitState.OBSERVED
    if facts.outcome is not None:
        return VisitState.CLEARED if facts.outcome in ALLOWS_INJECTION else VisitState.NOT_TODAY
    return VisitState.CHECKED_IN


def facts_of(visit: Visit) -> VisitFacts:
    """Read the facts of one visit."""
    return facts_of_id(visit.id, visit.facility_id)


def facts_of_id(visit_id: UUID, facility_id: UUID) -> VisitFacts:
    """Read the facts of one visit of a facility. Raises NotFoundError."""
    known = Known(facility_id)
    known.read(visits=[visit_id])
    return known.visit(visit_id)


def of(visit: Visit) -> VisitState:
    """The state of a visit now."""
    return compute(facts_of(visit), clock.now())
