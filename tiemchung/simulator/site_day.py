"""A site's morning as its device sends it: who came, what screening found, which dose, how the half hour ended."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tiemchung.campaigns import screening_questions
from tiemchung.ground.ids import new_id
from tiemchung.simulator.client import Client, UnexpectedAnswerError
from tiemchung.simulator.guests import Guest
from tiemchung.simulator.plan import DAY, PASSWORD, STARTS_AT
from tiemchung.simulator.stage import OLD_LOTS, Place

Event = dict[str, Any]
OPENS_AT = STARTS_AT - timedelta(hours=4)
BATCH = 10  # people whose events a device sends at once
LATE = 3  # people whose events stay on a second device until the evening


@dataclass
class SiteDay:
    """One site on the day; counts what it sent and what was answered."""

    place: Place
    guests: Sequence[Guest]
    client: Client
    answers: Counter[str] = field(default_factory=Counter)
    injected: int = 0
    held_back: list[Event] = field(default_factory=list)

    def open(self) -> None:
        """The nurse signs in."""
        self.client.sign_in(self.place.site.nurse, PASSWORD)

    def declare_walk_ins(self, *, queued: bool = False) -> None:
        """Staff declare who did not register himself; a device makes the id. Who is `queued` comes later."""
        walk_ins = [guest for guest in self.guests if guest.person_id is None and guest.queued == queued]
        for guest in walk_ins:
            guest.person_id = new_id()
        self._send([self._event("person_declared", guest.as_event_content(), OPENS_AT) for guest in walk_ins])

    def enter_first_doses(self) -> None:
        """First doses of earlier weeks, from paper: late entries without a visit, each for whom his number names."""
        given = [guest for guest in self.guests if guest.first_dose_at]
        for guest in given:
            self._scan(guest)
        self._send([self._first_dose(guest) for guest in given])

    def receive(self, done: Callable[[int], None]) -> None:
        """The morning: everybody is scanned, then his events are sent. The last few stay on a second device."""
        for start in range(0, len(self.guests), BATCH):
            group = self.guests[start : start + BATCH]
            events = [event for place, guest in enumerate(group) for event in self._visit(guest, start + place)]
            self._send(events)
            done(len(group))
        self._send(events)  # as a device does that did not hear the answer

    def type_tally(self) -> None:
        """What the paper says was given."""
        content = {"session_id": str(self.place.session_id), "product": self.place.site.product, "doses": self.injected}
        self._send([self._event("tally_typed", content, STARTS_AT - timedelta(minutes=5))])

    def send_held_back(self) -> None:
        """The second device finds the network again: the backlog of the site goes to nil."""
        self._send(self.held_back)
        self.held_back.clear()

    def _visit(self, guest: Guest, place: int) -> Iterator[Event]:
        self._scan(guest)
        at, visit_id = OPENS_AT + timedelta(minutes=1.1 * place), str(new_id())
        events = list(self._visit_events(guest, visit_id, at))
        self.injected += not guest.postponed
        if place >= len(self.guests) - LATE:
            self.held_back += events
        else:
            yield from events

    def _visit_events(self, guest: Guest, visit_id: str, at: datetime) -> Iterator[Event]:
        yield self._event(
            "checked_in",
            {
                "visit_id": visit_id,
                "session_id": str(self.place.session_id),
                "person_id": str(guest.person_id),
                "way": "cccd_qr" if guest.said.number else "typed",
            },
            at,
        )
        yield self._event("screened", {"visit_id": visit_id, **_screening(guest)}, at + timedelta(minutes=4))
        if not guest.postponed:
            content = {"visit_id": visit_id, "lot_number": self.place.site.lot, "arm": "left"}
            yield self._event("injected", content, at + timedelta(minutes=9))
            ended = {"visit_id": visit_id, "outcome": "well"}
            yield self._event("observation_ended", ended, at + timedelta(minutes=40))

    def _scan(self, guest: Guest) -> None:
        """The card is scanned; when the record has another number, the number that was registered is typed."""
        if not guest.said.number:
            return
        for text in (guest.card_text, guest.said.number):
            found = self.client.post_json("/api/checkin/scan", {"text": text}, expect=frozenset({200, 404, 409}))
            if "person" in found:
                guest.person_id = UUID(found["person"]["id"])
                return
        raise UnexpectedAnswerError("a registered person was not found at his site")

    def _first_dose(self, guest: Guest) -> Event:
        assert guest.first_dose_at is not None
        content = {
            "person_id": str(guest.person_id),
            "product": self.place.site.product,
            "lot_number": OLD_LOTS[self.place.site.product],
            "injected_at": guest.first_dose_at.isoformat(),
            "stated_number": 1,
        }
        return self._event("injected", content, STARTS_AT - timedelta(hours=5))

    def _event(self, kind: str, content: dict[str, Any], at: datetime) -> Event:
        return {
            "id": str(new_id()),
            "kind": kind,
            "facility_id": str(self.place.facility_id),
            "made_at": at.isoformat(),
            "content": content,
        }

    def _send(self, events: Sequence[Event]) -> None:
        for start in range(0, len(events), 200):
            answer = self.client.post_json("/api/events", {"events": list(events[start : start + 200])})
            self.answers.update(one["answer"] for one in answer["answers"])


def _screening(guest: Guest) -> dict[str, Any]:
    asked = screening_questions.questions(screening_questions.SCREENING_ADULT, DAY)
    answers = {one.code: "no" for one in asked if one.is_asked_of(guest.said.sex)}
    if guest.postponed:
        answers["acute_illness"] = "yes"
    return {
        "answers": answers,
        "vitals": {"temperature": 36.7, "pulse": 78, "systolic": 122, "diastolic": 78},
        "outcome": "postponed" if guest.postponed else "eligible",
    }
