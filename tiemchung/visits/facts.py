"""What is known of the visits, persons and sessions that an act or a batch of events names? Read in a few queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tiemchung.campaigns.models import Session
from tiemchung.ground import sql
from tiemchung.ground.errors import NotFoundError
from tiemchung.people.models import Person

queries = sql.load(__package__)


@dataclass(slots=True)
class VisitFacts:
    """The facts of one visit, of which its state is computed. An act in hand adds to them before they are written."""

    id: UUID
    facility_id: UUID
    session_id: UUID
    person_id: UUID
    checked_in_at: datetime
    way: str = ""  # of the check-in
    screening_id: UUID | None = None
    outcome: str | None = None  # of the screening
    dose_id: UUID | None = None
    injected_at: datetime | None = None
    observation_id: UUID | None = None
    ended_as: str | None = None  # outcome of the observation
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What screening and dosing need to know of a person."""

    id: UUID  # of the record that was named: what is written about the person stays with it
    sex: str
    birth_date: date  # the first day that the precision allows
    birth_precision: str
    kept_id: UUID  # of the record that speaks for it: two records are one human's when these are equal

    @classmethod
    def of(cls, person: Person) -> "PersonFacts":
        """The facts of a record that speaks for itself."""
        return cls(person.id, person.sex, person.birth_date, person.birth_precision, person.id)

    def age(self, on: date) -> int:
        """Full years on that day, at most: an unknown month or day is taken as the first."""
        birthday_to_come = (on.month, on.day) < (self.birth_date.month, self.birth_date.day)
        return on.year - self.birth_date.year - birthday_to_come


class Known:
    """Visits, persons and sessions by every id that may name them, at one facility."""

    def __init__(self, facility_id: UUID) -> None:
        self.facility_id = facility_id
        self._visits: dict[UUID, VisitFacts] = {}
        self._visit_of: dict[tuple[UUID, UUID], VisitFacts] = {}
        self._persons: dict[UUID, PersonFacts] = {}
        self._sessions: dict[UUID, Session] = {}

    def read(
        self,
        *,
        visits: Iterable[UUID] = (),
        persons: Iterable[UUID] = (),
        sessions: Iterable[UUID] = (),
        check_ins: Iterable[tuple[UUID, UUID]] = (),
    ) -> None:
        """Read everything named; `check_ins` are pairs of session and person, whose visit is read if there is one."""
        pairs = set(check_ins)
        self._read_sessions({*sessions, *(session for session, _ in pairs)} - self._sessions.keys())
        self._read_persons({*persons, *(person for _, person in pairs)})
        self._read_visits(set(visits), pairs)

    def know(self, sessions: Iterable[Session]) -> None:
        """Take in sessions of the facility that were read already."""
        self._sessions |= {session.id: session for session in sessions}

    def add(self, visit: VisitFacts) -> None:
        """Let later acts of this batch see a visit that is about to be written."""
        self._visits[visit.id] = visit
        self._visit_of[visit.session_id, self.kept(visit.person_id)] = visit

    def call(self, visit: VisitFacts, alias: UUID) -> None:
        """Let an alias name the visit too."""
        self._visits[alias] = visit

    def session(self, session_id: UUID) -> Session:
        """Raises NotFoundError."""
        if session_id not in self._sessions:
            raise NotFoundError(
                "session_unknown",
                field="session_id",
                vi="Không thấy buổi tiêm này ở điểm tiêm của bạn. Chọn lại buổi tiêm hôm nay.",
                en="This session is not found at your facility. Choose today's session again.",
            )
        return self._sessions[session_id]

    def person(self, person_id: UUID) -> PersonFacts:
        """Give a person by his id or by what a device had called him. Raises NotFoundError."""
        if person_id not in self._persons:
            raise NotFoundError(
                "person_unknown",
                field="person_id",
                vi="Không thấy người này. Quét lại mã, hoặc nhập thông tin người này trước.",
                en="This person is not found. Scan the code again, or enter the person first.",
            )
        return self._persons[person_id]

    def visit(self, visit_id: UUID) -> VisitFacts:
        """Give a visit by its id or alias. Raises NotFoundError."""
        if visit_id not in self._visits:
            raise NotFoundError(
                "visit_unknown",
                field="visit_id",
                vi="Không thấy lượt tiêm này ở điểm tiêm của bạn. Quét lại mã người đến tiêm.",
                en="This visit is not found at your facility. Scan the person's code again.",
            )
        return self._visits[visit_id]

    def person_ids(self) -> set[UUID]:
        """Everybody who was named and found."""
        return {person.id for person in self._persons.values()}

    def visit_or_none(self, visit_id: UUID) -> VisitFacts | None:
        return self._visits.get(visit_id)

    def visit_of(self, session_id: UUID, person_id: UUID) -> VisitFacts | None:
        """The visit of a person to a session, if he has come."""
        return self._visit_of.get((session_id, self.kept(person_id)))

    def kept(self, person_id: UUID) -> UUID:
        """The record that speaks for a person who was read; two ids of one human give one."""
        known = self._persons.get(person_id)
        return known.kept_id if known else person_id

    def _read_sessions(self, ids: set[UUID]) -> None:
        if ids:
            found = Session.objects.filter(id__in=ids, facility_id=self.facility_id)
            self._sessions |= {session.id: session for session in found}

    def _read_persons(self, ids: set[UUID]) -> None:
        if not ids:
            return
        for called, *facts in sql.fetch_tuples(queries.persons, {"persons": list(ids)}):
            person = PersonFacts(*facts)
            self._persons[called] = self._persons[person.id] = person

    def _read_visits(self, ids: set[UUID], pairs: set[tuple[UUID, UUID]]) -> None:
        if not (ids or pairs):
            return
        meant = self._read_aliases(ids)
        met = [(session, self._persons[person].kept_id) for session, person in pairs if person in self._persons]
        values = {
            "facility": self.facility_id,
            "visits": list(ids | set(meant.values())),
            "sessions": [session for session, _ in met],
            "persons": [person for _, person in met],
        }
        found = [VisitFacts(**row) for row in sql.fetch_all(queries.facts, values)]
        self._read_persons({visit.person_id for visit in found} - self._persons.keys())
        for visit in found:
            self.add(visit)
        for alias, visit_id in meant.items():
            self.call(self._visits[visit_id], alias)
        self._read_sessions({visit.session_id for visit in self._visits.values()} - self._sessions.keys())

    def _read_aliases(self, ids: set[UUID]) -> dict[UUID, UUID]:
        if not ids:
            return {}
        values = {"facility": self.facility_id, "visits": list(ids)}
        return dict(sql.fetch_tuples(queries.visit_aliases, values))
