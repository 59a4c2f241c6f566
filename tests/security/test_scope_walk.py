"""What lies behind a page that opens: only what is within the reader's reach.

Every address that names a thing is asked, by reading and by writing, by an account of every role that its row opens
for: with a thing of its own place it opens, with one of another province's it answers like for a thing that is not
there. No page without such an argument shows anything of the other place. And every action is tried across the border.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from tests.security.acts import ACTS, goes_through
from tests.security.walk import METHODS, Answer, address, arguments, ask, ask_closely, is_shut, text_of
from tests.security.world import AREAS, Place, World, at, make_world
from tiemchung.accounts.models import Role
from tiemchung.accounts.rights import ANYONE, table
from tiemchung.accounts.roles import OF_NATION
from tiemchung.doses.late_list import COLUMNS
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.people.personal_qr import number_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]

# Addresses whose argument names nothing that is bound by place; each with its reason.
UNBOUND = {
    "healthbook:add-scan": "a draft lives in the browser's own session",
    "healthbook:add-person": "a draft lives in the browser's own session",
    "healthbook:add-health": "a draft lives in the browser's own session",
    "healthbook:add-consent": "a draft lives in the browser's own session",
    "portal:trust-list-country": "a country's public keys",
    "portal:account-end-one": "a sign-in of one's own; of another's it ends nothing and says nothing",
}
# What a page must be sent so that it acts, where an empty form only asks again.
SENT: dict[str, dict[str, str]] = {
    "clinic:let-go": {"observation_id": "01900000-0000-7000-8000-0000000000aa"},
    "clinic:end": {"observation_id": "01900000-0000-7000-8000-0000000000ab", "outcome": "reaction", "note": "x"},
    "clinic:injection": {"dose_id": "01900000-0000-7000-8000-0000000000ac", "lot_number": "X", "arm": "left"},
    "office:undo-merge": {"reason": "x"},
    "office:resolve": {"text": "001067999003"},
    "office:dose-void": {"void_id": "01900000-0000-7000-8000-0000000000ad", "reason": "x"},
}


@dataclass(frozen=True)
class Sent:
    """What a page is sent that names a thing in its body: the body for a place's thing, and how one's own is taken.

    Where the thing is `bound`, the other place's must be answered as one that is not there, `nothing` put in its place.
    """

    body: Callable[[Place], dict[str, Any]]
    done: int
    nothing: dict[str, Any] = field(default_factory=dict)

    @property
    def bound(self) -> bool:
        return bool(self.nothing)


def _entered(place: Place) -> dict[str, Any]:
    return {
        "person_id": str(new_id()), "full_name": "Ngô Minh Tuệ", "birth_date": "03/09/1967", "sex": "male",
        "identity_number": "001067999001", "phone": "", "address": "Thôn Nà Lốc", "priority_group": "16",
    }  # fmt: skip


def _late(place: Place) -> dict[str, Any]:
    return {
        "dose_id": str(new_id()), "text": number_of(place.observed.person), "product": "AZ", "lot_number": "X1",
        "injected_on": f"{clock.today():%d/%m/%Y}", "stated_number": "1",
    }  # fmt: skip


def _checked_in(place: Place) -> dict[str, Any]:
    content = {
        "visit_id": str(new_id()), "session_id": str(place.station.session.id),
        "person_id": str(place.merge.kept_id), "way": "typed",
    }  # fmt: skip
    event = {"id": str(new_id()), "kind": "checked_in", "facility_id": str(place.station.facility.id)}
    return {"events": [event | {"made_at": clock.now().isoformat(), "content": content}]}


# Anybody may come to any site, so a code of the other place's person opens; what it writes stays with the reader's.
BODIES = {
    "office:doses": Sent(lambda place: {"text": number_of(place.dose.person)}, 200, {"text": "001067999002"}),
    "clinic:scan": Sent(lambda place: {"text": number_of(place.person)}, 302),
    "clinic:walk-in": Sent(_entered, 302),
    "clinic:late-entry": Sent(_late, 302),
    "clinic:late-list": Sent(lambda _: {"file": ContentFile(f"{','.join(COLUMNS)}\n", "doses.csv")}, 200),
    "clinic:tally": Sent(
        lambda place: {
            "session_id": str(place.station.session.id),
            "product": "AZ",
            "doses": 1,
            "tally_id": str(new_id()),
        },
        302,
        {"session_id": str(new_id())},
    ),
    "api:checkin-scan": Sent(lambda place: {"text": number_of(place.person)}, 200),
    "api:events": Sent(_checked_in, 200),
}
BROKEN = 500
# Pages that never read alike; each with its reason.
ANEW = {
    "portal:account-factor": "each time another secret for the app",
    "portal:account": "when one was last seen on each device",
}
# What a page makes anew each time it is read: ids of forms, and the token against forms of other sites.
MADE_ANEW = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9]{64}")
WORDS = {"field", "kind", "way"}  # arguments that are words of ours, and no ids


def bound_pages() -> list[str]:
    """The addresses that name a thing which belongs to a place or to a family."""
    return [page for page, given in arguments().items() if given and page not in UNBOUND]


def plain_pages() -> list[str]:
    """The addresses that name nothing, and that only who has signed in may open."""
    return [page for page, given in arguments().items() if not given and ANYONE not in table()[page].roles]


def readers(page: str, place: Place) -> Iterator[tuple[Role, Client]]:
    """A signed-in browser of each role that the page opens for and that a place or a family bounds."""
    for role in Role:
        if table()[page].opens_for(role) and role not in OF_NATION:
            yield role, place.browser(role)


def answers(client: Client, page: str, given: dict[str, Any]) -> dict[str, Answer]:
    """What the page answers to reading and to writing."""
    path = address(page, **given)
    return {method: ask_closely(client, method, path, SENT.get(page, {})) for method in METHODS}


# One's own thing reads like none here, though the other place's is asked for all the same; each with its reason.
QUIET = {"office:complaint-dose": "the complaint of either place is of a missing dose, and names none to correct"}


def faults_of(page: str, world: World) -> Iterator[str]:
    """What is wrong with a page that names a thing: too much is open, or too little."""
    for role, client in readers(page, world.here):
        mine, others = things_of(page, role, world)
        assert None not in mine.values(), f"{page}: tell tests/security/world.py of {sorted(mine)}"
        nowhere = answers(client, page, arguments()[page] | {n: v for n, v in others.items() if n in WORDS})
        far, near = answers(client, page, others), answers(client, page, mine)
        for method in METHODS:
            for what in [*tells(far[method], nowhere[method], world), *names(near[method], world)]:
                yield f"{page} ({method}, {role}): {what}"
        if page not in QUIET and not any(
            tells(near[method], nowhere[method], world, of_own=True) for method in METHODS
        ):
            yield f"{page} ({role}) answers of one's own thing as of none"


def things_of(page: str, role: Role, world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the page's arguments are for a thing of one's own place, and for one of the other."""
    mine, others = (
        {name: place.value_of(name, page, role) for name in arguments()[page]} for place in (world.here, world.there)
    )
    return mine, others


def names(answer: Answer, world: World) -> list[str]:
    """What was written of the other place while one's own thing was asked for."""
    wrong = [f"logs {world.there.name}"] if world.there.station.facility.id in answer.facilities else []
    return wrong + [f"enters somebody at {home}" for home in answer.homes if home in AREAS["there"]]


def tells(answer: Answer, nowhere: Answer, world: World, *, of_own: bool = False) -> list[str]:
    """How an answer differs from the one about a thing that is not there."""
    marks = world.here.marks if of_own else world.there.marks
    found = [f"status {answer.status}, not {nowhere.status}"] if answer.status != nowhere.status else []
    found += ["breaks"] * (answer.status >= BROKEN)
    found += [f"did {act}" for act in answer.acts if act not in nowhere.acts]
    found += [f"read of {person}" for person in answer.persons - nowhere.persons]
    return found + [f"shows {mark}" for mark in marks if mark in answer.text and mark not in nowhere.text]


def leaks_of(page: str, world: World) -> Iterator[str]:
    """What a page without an argument shows of another place, or how it differs because there is one."""
    for role, text in texts_of(page, world.here):
        yield from (f"{page} shows {role} {mark}" for mark in world.there.in_lists if mark in text)
        if page not in ANEW and without_what_is_new(text) != without_what_is_new(world.alone[page, role]):
            yield f"{page} reads otherwise for {role} because there is another place"


def texts_of(page: str, place: Place) -> Iterator[tuple[Role, str]]:
    """What the page reads like for each reader at one moment of the day."""
    for role, client in readers(page, place):
        with at(place.moment):
            response = ask(client, "get", address(page))
            assert response.status_code < BROKEN, f"{page} breaks for {role}"
            yield role, text_of(response)


def without_what_is_new(text: str) -> str:
    return MADE_ANEW.sub("", text)


def faults_of_sent(page: str, world: World) -> Iterator[str]:
    """What is wrong with a page that is sent a thing in its body: one's own is taken, the other place's is not."""
    sent = BODIES[page]
    for role, client in readers(page, world.here):
        near = ask_closely(client, "post", address(page), sent.body(world.here))
        yield from (f"{page} ({role}): {what}" for what in names(near, world))
        if near.status != sent.done:
            yield f"{page} ({role}) answers {near.status} to one's own thing"
        if sent.bound:
            far = ask_closely(client, "post", address(page), sent.body(world.there))
            nothing = ask_closely(client, "post", address(page), sent.body(world.there) | sent.nothing)
            yield from (f"{page} ({role}) with the other's: {what}" for what in tells(far, nothing, world))


def all_faults_of(page: str, world: World) -> Iterator[str]:
    """Whatever the walk finds wrong with a page."""
    if page in BODIES:
        yield from faults_of_sent(page, world)
    yield from faults_of(page, world) if arguments()[page] else leaks_of(page, world)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def watched() -> World:
    """The same, and what every page read like as long as the other place was not there."""
    return make_world(reading=read_alone)


def read_alone(place: Place) -> dict[tuple[str, Role], str]:
    """Every page without an argument, for each of its readers."""
    return {(page, role): text for page in plain_pages() for role, text in texts_of(page, place)}


def test_every_address_that_names_a_thing_opens_for_ones_own_alone(world: World) -> None:
    found = [fault for page in bound_pages() for fault in faults_of(page, world)]
    assert not found, "\n".join(found)


def test_no_page_shows_anything_of_another_place_or_differs_because_there_is_one(watched: World) -> None:
    assert [leak for page in plain_pages() for leak in leaks_of(page, watched)] == []


def test_what_is_sent_in_a_body_is_ones_own_too(world: World) -> None:
    assert [fault for page in BODIES for fault in faults_of_sent(page, world)] == []


def test_the_marks_of_a_place_are_seen_by_its_own(world: World) -> None:
    client = Client()
    client.force_login(world.there.station.head)
    seen = "".join(ask(client, "get", address(page)).content.decode() for page in ("office:attest", "office:staff"))
    seen += ask(client, "get", address("clinic:vaccine")).content.decode()
    assert {mark for mark in world.there.marks if mark not in seen} == set()


def test_no_action_reaches_across_the_border(world: World) -> None:
    assert [name for name, attempt in ACTS.items() if goes_through(attempt, world)] == []


def test_nobody_comes_to_anything_without_signing_in(world: World) -> None:
    nobody = Client()
    for page in bound_pages():
        things = {name: world.here.value_of(name, page, Role.MINISTRY) for name in arguments()[page]}
        given = {name: thing for name, thing in things.items() if thing is not None}
        for method in METHODS:
            assert is_shut(ask(nobody, method, address(page, **given))), page
