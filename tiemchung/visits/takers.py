"""Who takes in the events of the floor: declarations first, as all others name persons; then visits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import singledispatchmethod
from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung.ground.errors import ConflictError, RefusedError
from tiemchung.people import actions as people
from tiemchung.people.policy import Source
from tiemchung.people.statement import Statement
from tiemchung.visits import presence
from tiemchung.visits.batches import Wanted
from tiemchung.visits.content import Content, unreadable
from tiemchung.visits.events import Event, Kind
from tiemchung.visits.facts import Known
from tiemchung.visits.floor import CheckIn, Ended, Examined, Floor
from tiemchung.visits.models import Observation, PersonAlias, Visit
from tiemchung.visits.screening import Outcome
from tiemchung.visits.vitals import Vitals

MOST_NUMBERS = 5
HIGHEST_SIGN = 10_000  # beyond any unit; what is plausible is the vitals' matter


@dataclass(frozen=True, slots=True)
class Declared:
    """A device declared a person under an id of its own."""

    person_id: UUID
    statement: Statement
    at: datetime


class DeclarationTaker:
    """Takes in persons. One who is known already gets the device's id as an alias."""

    reads: Mapping[str, Callable[[Event], Declared]]

    def __init__(self, known: Known, by: UUID) -> None:
        self.known = known
        self.by = by
        self.reads = {Kind.PERSON_DECLARED: _declared}

    def name(self, acts: Sequence[Declared], wanted: Wanted) -> None:
        """A declaration names nobody who is known."""

    def prepare(self, acts: Sequence[Declared]) -> None:
        """Each declaration looks for its person itself."""

    def take(self, act: Declared) -> list[RefusedError]:
        """Declare the person, in a savepoint of his own. Findings say what does not fit together in the statement."""
        with transaction.atomic():
            person = people.declare(statement=act.statement, source=Source.DEVICE, by=self.by, person_id=act.person_id)
            if person.id != act.person_id:
                self._call(person.id, act)
        found = act.statement.findings()
        return [ConflictError(each.code, field=each.field, vi=each.vi, en=each.en) for each in found]

    def _call(self, person_id: UUID, act: Declared) -> None:
        PersonAlias.objects.get_or_create(
            provisional_id=act.person_id,
            defaults={"person_id": person_id, "facility_id": self.known.facility_id, "made_at": act.at},
        )


class FloorTaker:
    """Takes in check-ins, screenings and ends of observation."""

    reads: Mapping[str, Callable[[Event], Any]]

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.reads = {Kind.CHECKED_IN: _check_in, Kind.SCREENED: _examined, Kind.OBSERVATION_ENDED: _ended}

    def name(self, acts: Sequence[Any], wanted: Wanted) -> None:
        """Every act names its visit; a check-in its session and person."""
        for act in acts:
            wanted.visits.add(act.id if isinstance(act, CheckIn) else act.visit_id)
            if isinstance(act, CheckIn):
                wanted.check_ins.add((act.session_id, act.person_id))

    def prepare(self, acts: Sequence[Any]) -> None:
        """Read who of those named is known here otherwise than by an id (docs/adr/0059)."""
        if any(isinstance(act, CheckIn) for act in acts):
            presence.look(self.floor.known)

    @singledispatchmethod
    def take(self, act: Any) -> list[RefusedError]:
        """Plan one act of the floor."""
        raise TypeError(act)

    @take.register
    def _(self, act: CheckIn) -> list[RefusedError]:
        found = self.floor.check_in(act)
        return found if presence.is_met(self.floor.known, act.person_id) else [*found, presence.unproven()]

    @take.register
    def _(self, act: Examined) -> list[RefusedError]:
        return self.floor.screen(act)

    @take.register
    def _(self, act: Ended) -> list[RefusedError]:
        return self.floor.end_observation(act)


def _declared(event: Event) -> Declared:
    content = event.content
    return Declared(content.uuid("person_id"), _statement(content), event.made_at)


def _statement(content: Content) -> Statement:
    return Statement(
        full_name=content.text("full_name", 250),
        birth_date=content.text("birth_date", 20),
        sex=content.text("sex", 10, "unknown"),
        identity_numbers=_numbers(content),
        phone=content.text("phone", 30, ""),
        residence_code=content.text("residence_code", 5, ""),
        address=content.text("address", 250, ""),
        nationality=content.text("nationality", 2, "VN"),
        insurance_number=content.text("insurance_number", 20, ""),
    )


def _numbers(content: Content) -> tuple[tuple[str | None, str], ...]:
    given = content.fields.get("identity_numbers", [])
    if not isinstance(given, list) or len(given) > MOST_NUMBERS or not all(isinstance(each, dict) for each in given):
        raise unreadable("content.identity_numbers")
    return tuple((_kind(Content(each)), Content(each).text("value", 40)) for each in given)


def _kind(number: Content) -> str | None:
    return number.text("kind", 16, "") or None


def _check_in(event: Event) -> CheckIn:
    content = event.content
    return CheckIn(
        id=content.uuid("visit_id"),
        session_id=content.uuid("session_id"),
        person_id=content.uuid("person_id"),
        way=content.one_of("way", Visit.Way.values, Visit.Way.TYPED),
        at=event.made_at,
    )


def _examined(event: Event) -> Examined:
    content = event.content
    return Examined(
        id=event.id,
        visit_id=content.uuid("visit_id"),
        answers=content.words("answers"),
        vitals=_vitals(content.part("vitals")),
        outcome=Outcome(content.one_of("outcome", Outcome.values)),
        at=event.made_at,
    )


def _vitals(signs: Content) -> Vitals:
    return Vitals(
        temperature=_temperature(signs),
        pulse=signs.number_or_none("pulse", HIGHEST_SIGN),
        systolic=signs.number_or_none("systolic", HIGHEST_SIGN),
        diastolic=signs.number_or_none("diastolic", HIGHEST_SIGN),
        respiration=signs.number_or_none("respiration", HIGHEST_SIGN),
    )


def _temperature(signs: Content) -> Decimal:
    value = signs.fields.get("temperature")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= HIGHEST_SIGN:
        raise unreadable("content.temperature")
    return Decimal(value).quantize(Decimal("0.1"))


def _ended(event: Event) -> Ended:
    content = event.content
    return Ended(
        id=event.id,
        visit_id=content.uuid("visit_id"),
        outcome=Observation.Outcome(content.one_of("outcome", Observation.Outcome.values)),
        note=content.text("note", 500, ""),
        at=event.made_at,
    )
