"""Who has come, and for what? What a nurse sees of the person whose code she scanned; the look is written down."""

from dataclasses import dataclass
from uuid import UUID

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.campaigns.models import Invitation, Registration, Session
from tiemchung.doses import course, histories
from tiemchung.doses.course import Course
from tiemchung.doses.histories import Entry
from tiemchung.dosing import Verdict
from tiemchung.ground import audit, clock
from tiemchung.people import lookup, merges
from tiemchung.people.models import Person
from tiemchung.people.personal_qr import number_of
from tiemchung.visits import presence
from tiemchung.visits.facts import Known, PersonFacts, VisitFacts

SHOWN = presence.READ  # the reason of a look that began with a code or number, which `scan` alone writes


@dataclass(frozen=True, slots=True)
class Arrival:
    """A person at a site: the session that fits, what the rules say of its product today, the visit there is."""

    person: Person
    way: str
    number: str  # that speaks for the person now; empty when there is none
    session: Session | None
    invited: bool
    course: Course
    verdict: Verdict | None  # of the session's product today
    visit: VisitFacts | None
    registration: Registration | None
    differs: tuple[str, ...] = ()

    @property
    def last_dose(self) -> Entry | None:
        return self.course.doses[-1] if self.course.doses else None

    @property
    def age(self) -> int:
        """Full years today."""
        return PersonFacts.of(self.person).age(clock.today())

    @property
    def number_ending(self) -> str:
        return self.number[-4:]


def scan(text: str, *, by: Account, reason: str = SHOWN) -> Arrival:
    """Find the person of a scanned code or typed number. Raises InvalidInputError, NotFoundError, ConflictError."""
    known = Known(scope.own_facility(by))
    found = lookup.by_scan(text, by=by.id)
    return _arrival(known, found.person, found.way, by, reason, found.differs)


def meet(person_id: UUID, *, by: Account, way: str = "typed", reason: str = "check_in") -> Arrival:
    """Give the arrival of a person who was found before, which the caller checks. Raises NotFoundError."""
    known = Known(scope.own_facility(by))
    known.read(persons=[person_id])
    person = Person.objects.select_related("residence").get(id=known.person(person_id).kept_id)
    return _arrival(known, person, way, by, reason, ())


def _arrival(known: Known, person: Person, way: str, by: Account, reason: str, differs: tuple[str, ...]) -> Arrival:
    facility_id = known.facility_id
    audit.read(person_id=person.id, by=by.id, reason=reason, facility_id=facility_id)
    facts = PersonFacts.of(person)
    entries, province = histories.of_many([person.id])[person.id], histories.province_of(facility_id)
    taken = course.compute(facts, entries, clock.today(), province)
    sessions = list(Session.objects.filter(facility_id=facility_id, on=clock.today()).order_by("part", "product"))
    records = merges.records_of(person.id)
    invitation = Invitation.objects.filter(person__in=records, session__in=sessions).first()
    session = _fitting(sessions, invitation, taken)
    return Arrival(
        person=person,
        way=way,
        number=number_of(person, records),
        session=session,
        invited=invitation is not None,
        course=taken,
        verdict=course.may_give(facts, taken.doses, session.product, clock.today(), province) if session else None,
        visit=_visit(known, sessions, person.id),
        registration=Registration.objects.filter(person__in=records, withdrawn_at__isnull=True).last(),
        differs=differs,
    )


def _fitting(sessions: list[Session], invitation: Invitation | None, taken: Course) -> Session | None:
    """The session that the person is invited to; else one whose product is due; else any of today."""
    due = taken.answer.due.products if taken.answer.due else ()
    invited = [session for session in sessions if invitation and session.id == invitation.session_id]
    fitting = [session for session in sessions if session.product in due]
    return next(iter([*invited, *fitting, *sessions]), None)


def _visit(known: Known, sessions: list[Session], person_id: UUID) -> VisitFacts | None:
    known.know(sessions)
    known.read(check_ins=[(session.id, person_id) for session in sessions])
    visits = [known.visit_of(session.id, person_id) for session in sessions]
    return next((visit for visit in visits if visit), None)
