"""Who has come, and for what? What a nurse sees of the person whose code she scanned; the look is written down."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.campaigns.models import Registration, Session
from tiemchung.doses import course, histories
from tiemchung.doses.course import Course
from tiemchung.doses.histories import Entry
from tiemchung.dosing import Verdict
from tiemchung.ground import audit, clock, rows, sql
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


def registration_of(person: Person) -> Registration | None:
    """The registration of a person, under whichever of his records, that stands."""
    mine = Registration.objects.filter(person__in=merges.records_of(person.id), withdrawn_at__isnull=True)
    return mine.last()


def _arrival(known: Known, person: Person, way: str, by: Account, reason: str, differs: tuple[str, ...]) -> Arrival:
    audit.read(person_id=person.id, by=by.id, reason=reason, facility_id=known.facility_id)
    facts, today = PersonFacts.of(person), clock.today()
    here = _Here.of(known.facility_id, person.id, today)
    taken = course.compute(facts, histories.of_many([person.id])[person.id], today, here.province)
    session = _fitting(here, taken)
    return Arrival(
        person=person,
        way=way,
        number=number_of(person),
        session=session,
        invited=bool(here.invited),
        course=taken,
        verdict=course.may_give(facts, taken.doses, session.product, today, here.province) if session else None,
        visit=_visit(known, here.sessions, facts),
        differs=differs,
    )


@dataclass(frozen=True, slots=True)
class _Here:
    """What a facility holds on a day, by part of the day and product, and to what of it a person is invited."""

    province: str
    sessions: list[Session]
    invited: list[Session]

    @classmethod
    def of(cls, facility_id: UUID, person_id: UUID, today: date) -> "_Here":
        asked = {"facility": facility_id, "person": person_id, "today": today}
        read = sql.fetch_all(histories.queries.today_for, asked)
        held = [(rows.loaded(Session, row), row["invited"]) for row in read if row["id"]]
        province = read[0]["province"] if read else ""
        return cls(province, [session for session, _ in held], [session for session, invited in held if invited])


def _fitting(here: _Here, taken: Course) -> Session | None:
    """The session that the person is invited to; else one whose product is due; else any of today."""
    due = taken.answer.due.products if taken.answer.due else ()
    fitting = [session for session in here.sessions if session.product in due]
    return next(iter([*here.invited, *fitting, *here.sessions]), None)


def _visit(known: Known, sessions: list[Session], person: PersonFacts) -> VisitFacts | None:
    known.know(sessions, [person])
    known.read(check_ins=[(session.id, person.id) for session in sessions])
    visits = [known.visit_of(session.id, person.id) for session in sessions]
    return next((visit for visit in visits if visit), None)
