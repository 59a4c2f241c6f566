"""What is known of the visits, persons and sessions that an act or a batch of events names? Read in a few queries."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tiemchung.campaigns.models import Session
from tiemchung.ground import rows, sql
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


_SESSION = ("id", "facility_id", "campaign_id", "on", "part", "product", "capacity")
_OF_VISIT = len(fields(VisitFacts))  # columns of a row of `facts`, behind the name by which it was called
_OF_COMER = len(fields(PersonFacts))
_OF_PERSON = _OF_VISIT + _OF_COMER - 1  # all but the id, which stands with the visit


class Known:
    """Visits, persons and sessions by every id that may name them, at one facility."""

    def __init__(self, facility_id: UUID) -> None:
        self.facility_id = facility_id
        self._visits: dict[UUID, VisitFacts] = {}
        self._visit_of: dict[tuple[UUID, UUID], VisitFacts] = {}
        self._persons: dict[UUID, PersonFacts] = {}
        self._sessions: dict[UUID, Session] = {}
        self.met: dict[UUID, bool] = {}  # who is known at the facility otherwise than by an id; `presence` fills it

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
        self._read_sessions(set(sessions) - self._sessions.keys())
        self._read_persons(set(persons))
        self._read_coming({each for each in pairs if each[0] not in self._sessions or each[1] not in self._persons})
        self._read_visits(set(visits), pairs)

    def know(self, sessions: Iterable[Session], persons: Iterable[PersonFacts]) -> None:
        """Take in sessions of the facility and persons that were read already: they are not read again."""
        self._sessions |= {session.id: session for session in sessions}
        self._persons |= {person.id: person for person in persons}

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
        if not ids:
            return
        for columns in sql.fetch_tuples(queries.sessions, {"facility": self.facility_id, "sessions": list(ids)}):
            self._know(columns)

    def _read_persons(self, ids: set[UUID]) -> None:
        if not ids:
            return
        for called, *facts in sql.fetch_tuples(queries.persons, {"persons": list(ids)}):
            person = PersonFacts(*facts)
            self._persons[called] = self._persons[person.id] = person

    def _read_coming(self, pairs: set[tuple[UUID, UUID]]) -> None:
        if not pairs:
            return
        for called, *columns in sql.fetch_tuples(queries.coming, self._named(pairs)):
            person, session = columns[:_OF_COMER], columns[_OF_COMER:]
            if person[0]:
                self._persons[called] = self._persons[person[0]] = PersonFacts(*person)
            if session[0]:
                self._know(tuple(session))

    def _named(self, pairs: set[tuple[UUID, UUID]]) -> dict[str, Any]:
        sessions, persons = ([pair[place] for pair in pairs] for place in (0, 1))
        return {"facility": self.facility_id, "sessions": sessions, "persons": persons}

    def _read_visits(self, ids: set[UUID], pairs: set[tuple[UUID, UUID]]) -> None:
        """Visits with their persons and sessions; of one that two names name, one set of facts."""
        if not (ids or pairs):
            return
        values = self._named(pairs) | {"visits": list(ids)}
        met: dict[UUID, VisitFacts] = {}
        for called, *columns in sql.fetch_tuples(queries.facts, values):
            visit = met.setdefault(columns[0], VisitFacts(*columns[:_OF_VISIT]))
            self._persons[visit.person_id] = PersonFacts(visit.person_id, *columns[_OF_VISIT:_OF_PERSON])
            self._know((visit.session_id, visit.facility_id, *columns[_OF_PERSON:]))
            self.add(visit)
            if called:
                self.call(visit, called)

    def _know(self, columns: tuple[Any, ...]) -> None:
        if columns[0] not in self._sessions:
            self._sessions[columns[0]] = rows.loaded(Session, dict(zip(_SESSION, columns, strict=True)))
