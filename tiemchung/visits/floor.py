"""The acts of the floor, planned in memory against what is known and then written as a set.

Each act gives the objections against it. Who acts now raises the first one and writes nothing; a report of what
happened writes the act all the same and keeps the objections as findings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from tiemchung.ground import audit, clock
from tiemchung.ground.errors import RefusedError
from tiemchung.ground.models import AuditEntry
from tiemchung.ground.rows import Planned
from tiemchung.visits import policy, screening, states
from tiemchung.visits.facts import Known, VisitFacts
from tiemchung.visits.models import Observation, Screening, Visit, VisitAlias
from tiemchung.visits.vitals import Vitals


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A person has come to a session; `id` becomes the visit's."""

    id: UUID
    session_id: UUID
    person_id: UUID
    way: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Examined:
    """A visit was screened; `id` becomes the screening's. Answers are yes or no by the code of the question."""

    id: UUID
    visit_id: UUID
    answers: Mapping[str, str]
    vitals: Vitals
    outcome: screening.Outcome
    at: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """An observation has ended; `id` becomes the observation's."""

    id: UUID
    visit_id: UUID
    outcome: Observation.Outcome
    note: str
    at: datetime


class Floor:
    """What one account does on the floor of one facility."""

    def __init__(self, known: Known, by: UUID, planned: Planned | None = None) -> None:
        """`planned`: what is written with other acts, by whoever gave it."""
        self.known = known
        self.by = by
        self._planned = Planned() if planned is None else planned

    def check_in(self, act: CheckIn) -> list[RefusedError]:
        """Begin a visit. The same again is nothing new; a second visit to the session becomes an alias of the first.

        Raises NotFoundError, and IdTakenError when the id is that of another visit or way.
        """
        session, person = self.known.session(act.session_id), self.known.person(act.person_id)
        named = self.known.visit_or_none(act.id)
        if named is not None:
            return self._same_check_in(named, act)
        there = self.known.visit_of(act.session_id, person.id)
        if there is not None:
            self._call(there, act)
            return [policy.AlreadyCheckedInError(there)]
        self._begin(act, person.id)
        return [*policy.not_on_its_day(session, act.at)]

    def screen(self, act: Examined) -> list[RefusedError]:
        """Write what a screening found. A second one of a visit is not written, only objected to.

        Raises NotFoundError, and IdTakenError when that screening has other content.
        """
        visit = self.known.visit(act.visit_id)
        if visit.screening_id is not None:
            return _same_screening(act) if visit.screening_id == act.id else [policy.already_screened()]
        person, on = self.known.person(visit.person_id), clock.local(act.at).date()
        asked = screening.questions(sex=person.sex, on=on)
        proposal = screening.propose(act.answers, act.vitals, asked)
        self._note_screening(visit, act)
        return [
            *screening.open_questions(act.answers, asked),
            *screening.missing_pressure(act.vitals, person.age(on)),
            *screening.objections_to(act.outcome, proposal),
        ]

    def end_observation(self, act: Ended) -> list[RefusedError]:
        """Let a person go. Before thirty minutes are over «well» is written as left early.

        Raises NotFoundError, and IdTakenError when that observation has other content.
        """
        visit = self.known.visit(act.visit_id)
        if visit.observation_id is not None:
            return _same_end(act) if visit.observation_id == act.id else [policy.already_ended(visit)]
        self._note_end(visit, act)
        return [] if visit.injected_at else [policy.not_injected()]

    def write(self) -> None:
        """Write everything planned, a table at a time. Raises IntegrityError when another writer was faster."""
        self._planned.write()

    def _same_check_in(self, visit: VisitFacts, act: CheckIn) -> list[RefusedError]:
        """Of a visit that the id is an alias of, another device kept its own way."""
        same_way = act.id != visit.id or act.way == visit.way
        same_person = self.known.kept(visit.person_id) == self.known.kept(act.person_id)
        if visit.session_id != act.session_id or not same_person or not same_way:
            raise policy.IdTakenError("visit_id")
        return []

    def _begin(self, act: CheckIn, person_id: UUID) -> None:
        facility_id = self.known.facility_id
        self._planned.add(
            Visit,
            id=act.id,
            facility_id=facility_id,
            session_id=act.session_id,
            person_id=person_id,
            checked_in_at=act.at,
            checked_in_by=self.by,
            way=act.way,
        )
        visit = VisitFacts(act.id, facility_id, act.session_id, person_id, act.at, act.way)
        self.known.add(visit)
        self._record("visits.check_in", visit, act.id, way=act.way)

    def _call(self, visit: VisitFacts, act: CheckIn) -> None:
        self._planned.add(
            VisitAlias, provisional_id=act.id, visit_id=visit.id, facility_id=visit.facility_id, made_at=act.at
        )
        self.known.call(visit, act.id)

    def _note_screening(self, visit: VisitFacts, act: Examined) -> None:
        self._planned.add(
            Screening,
            id=act.id,
            facility_id=visit.facility_id,
            visit_id=visit.id,
            outcome=act.outcome,
            answers=dict(act.answers),
            temperature=act.vitals.temperature,
            pulse=act.vitals.pulse,
            systolic=act.vitals.systolic,
            diastolic=act.vitals.diastolic,
            respiration=act.vitals.respiration,
            screened_at=act.at,
            screened_by=self.by,
        )
        visit.screening_id, visit.outcome = act.id, act.outcome
        self._record("visits.screen", visit, act.id, outcome=act.outcome)

    def _note_end(self, visit: VisitFacts, act: Ended) -> None:
        outcome = _as_observed(visit, act)
        self._planned.add(
            Observation,
            id=act.id,
            facility_id=visit.facility_id,
            visit_id=visit.id,
            ended_at=act.at,
            ended_by=self.by,
            outcome=outcome,
            note=act.note,
        )
        visit.observation_id, visit.ended_as, visit.ended_at = act.id, outcome, act.at
        self._record("visits.end_observation", visit, act.id, outcome=outcome)

    def _record(self, act: str, visit: VisitFacts, subject: UUID, **detail: str) -> None:
        self._planned.add(
            AuditEntry,
            **audit.entry(
                act,
                by=self.by,
                subject=subject,
                person_id=visit.person_id,
                facility_id=visit.facility_id,
                detail=detail,
            ),
        )


def _same_screening(act: Examined) -> list[RefusedError]:
    """The time is left out, as for an end: a page that is sent twice is not sent at one moment."""
    kept = Screening.objects.get(id=act.id)
    signs = Vitals(**{sign.name: getattr(kept, sign.name) for sign in fields(Vitals)})
    if (kept.outcome, kept.answers, signs) != (act.outcome, dict(act.answers), act.vitals):
        raise policy.IdTakenError("screening_id")
    return []


def _same_end(act: Ended) -> list[RefusedError]:
    """«Well» may have been written as left early, by when it was said."""
    kept = Observation.objects.get(id=act.id)
    written_as = {Observation.Outcome.WELL: {Observation.Outcome.WELL, Observation.Outcome.LEFT_EARLY}}
    if kept.note != act.note or kept.outcome not in written_as.get(act.outcome, {act.outcome}):
        raise policy.IdTakenError("observation_id")
    return []


def _as_observed(visit: VisitFacts, act: Ended) -> Observation.Outcome:
    """Nobody was observed for thirty minutes in ten, whatever the button said."""
    early = visit.injected_at is not None and act.at < visit.injected_at + states.OBSERVED_FOR
    return Observation.Outcome.LEFT_EARLY if early and act.outcome == Observation.Outcome.WELL else act.outcome


def raise_first(objections: list[RefusedError]) -> None:
    """Before an act any objection stops it."""
    if objections:
        raise objections[0]
