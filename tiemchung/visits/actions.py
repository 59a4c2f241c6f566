"""All writes to visits by somebody who acts now: what speaks against an act stops it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.visits import policy
from tiemchung.visits.facts import Known
from tiemchung.visits.floor import CheckIn, Ended, Examined, Floor, raise_first
from tiemchung.visits.models import Observation, Screening, Visit
from tiemchung.visits.vitals import Vitals


@transaction.atomic
def check_in(
    *,
    session_id: UUID,
    person_id: UUID,
    way: Visit.Way,
    by: Account,
    at: datetime | None = None,
    visit_id: UUID | None = None,
) -> Visit:
    """Begin the visit of a person to a session of today; the same visit_id again gives the same visit.

    Raises policy.AlreadyCheckedInError (with the visit there is), NotFoundError (also for another facility's session),
    ConflictError (a session of another day, an id with other content).
    """
    act = CheckIn(visit_id or new_id(), session_id, person_id, way, at or clock.now())
    floor = _floor(by)
    floor.known.read(visits=[act.id], check_ins=[(session_id, person_id)])
    raise_first(floor.check_in(act))
    _write_or_meet(floor, act)
    return Visit.objects.get(id=floor.known.visit(act.id).id)


@transaction.atomic
def screen(
    *,
    visit_id: UUID,
    answers: Mapping[str, str],
    vitals: Vitals,
    outcome: Screening.Outcome,
    by: Account,
    at: datetime | None = None,
    screening_id: UUID | None = None,
) -> Screening:
    """Write what the screening of a visit found; the same screening_id again gives the same screening.

    Raises InvalidInputError on an open question's code or on systolic, ConflictError when the outcome is better than
    the answers allow, the visit was screened already or the id has other content, NotFoundError.
    """
    _lock(visit_id)
    floor = _floor(by)
    floor.known.read(visits=[visit_id])
    act = Examined(screening_id or new_id(), visit_id, answers, vitals, outcome, at or clock.now())
    raise_first(floor.screen(act))
    _write(floor, "screening_id")
    return Screening.objects.get(visit_id=floor.known.visit(visit_id).id)


@transaction.atomic
def end_observation(
    *,
    visit_id: UUID,
    outcome: Observation.Outcome,
    by: Account,
    note: str = "",
    at: datetime | None = None,
    observation_id: UUID | None = None,
) -> Observation:
    """Let a person go after the injection; before thirty minutes are over «well» is recorded as left early.

    The same observation_id again gives the same one. Raises ConflictError (not injected, ended already, an id with
    other content), NotFoundError.
    """
    _lock(visit_id)
    floor = _floor(by)
    floor.known.read(visits=[visit_id])
    act = Ended(observation_id or new_id(), visit_id, outcome, note, at or clock.now())
    raise_first(floor.end_observation(act))
    _write(floor, "observation_id")
    return Observation.objects.get(visit_id=floor.known.visit(visit_id).id)


def _floor(by: Account) -> Floor:
    return Floor(Known(scope.own_facility(by)), by.id)


def _lock(visit_id: UUID) -> None:
    """Two acts on one visit take turns."""
    Visit.objects.select_for_update().filter(id=visit_id).first()


def _write(floor: Floor, field: str) -> None:
    """Write what was planned. Nobody else is at this visit: a clash is with the id, which another visit's act has."""
    try:
        with transaction.atomic():
            floor.write()
    except IntegrityError:
        raise policy.IdTakenError(field) from None


def _write_or_meet(floor: Floor, act: CheckIn) -> None:
    """Write a visit, or meet the one that somebody else began at the same moment."""
    try:
        with transaction.atomic():
            floor.write()
    except IntegrityError:
        known = Known(floor.known.facility_id)
        known.read(check_ins=[(act.session_id, act.person_id)])
        there = known.visit_of(act.session_id, known.person(act.person_id).id)
        if there is None:
            raise
        raise policy.AlreadyCheckedInError(there) from None
