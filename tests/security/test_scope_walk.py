"""What lies behind a page that opens: only what is within the reader's reach.

Every address that names a thing is asked, by reading and by writing, by an account of every role that its row opens
for: with a thing of its own place it opens, with one of another province's it answers like for a thing that is not
there. No page without such an argument shows anything of the other place. And every action is tried across the border.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.security.acts import ACTS, goes_through
from tests.security.walk import METHODS, Answer, address, arguments, ask, ask_closely, is_shut
from tests.security.world import Place, World, make_world
from tiemchung.accounts.models import Role
from tiemchung.accounts.rights import ANYONE, table
from tiemchung.accounts.roles import OF_NATION

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
    "office:dose-void": {"void_id": "01900000-0000-7000-8000-0000000000ad", "reason": "x"},
}
WORDS = {"field", "kind", "way"}  # arguments that are words of ours, and no ids


def bound_pages() -> list[str]:
    """The addresses that name a thing which belongs to a place or to a family."""
    return [page for page, given in arguments().items() if given and page not in UNBOUND]


def readers(page: str, place: Place) -> Iterator[tuple[Role, Client]]:
    """A signed-in browser of each role that the page opens for and that a place or a family bounds."""
    for role in Role:
        if table()[page].opens_for(role) and role not in OF_NATION:
            client = Client()
            client.force_login(place.accounts[role])
            yield role, client


def answers(client: Client, page: str, given: dict[str, Any]) -> dict[str, Answer]:
    """What the page answers to reading and to writing."""
    path = address(page, **given)
    return {method: ask_closely(client, method, path, SENT.get(page, {})) for method in METHODS}


# One's own thing reads like none here, though the other place's is asked for all the same; each with its reason.
QUIET = {"office:complaint-dose": "the complaint of either place is of a missing dose, and names none to correct"}


def faults_of(page: str, world: World) -> list[str]:
    """What is wrong with a page that names a thing: too much is open, or too little."""
    found = []
    for role, client in readers(page, world.here):
        mine, others = (
            {name: place.value_of(name, page, role) for name in arguments()[page]}
            for place in (world.here, world.there)
        )
        assert None not in mine.values(), f"{page}: tell tests/security/world.py of {sorted(mine)}"
        nowhere = answers(client, page, arguments()[page] | {n: v for n, v in others.items() if n in WORDS})
        far, near = answers(client, page, others), answers(client, page, mine)
        found += [
            f"{page} ({method}, {role}): {what}"
            for method in METHODS
            for what in tells(far[method], nowhere[method], world)
        ]
        if page not in QUIET and not any(
            tells(near[method], nowhere[method], world, of_own=True) for method in METHODS
        ):
            found.append(f"{page} ({role}) answers of one's own thing as of none")
    return found


def first_leak_of(page: str, world: World) -> bool:
    """Say whether one reader of the page gets something of the other place: what a mutation must lead to."""
    role, client = next(readers(page, world.here), (None, None))
    if role is None or client is None:
        return False
    if not arguments()[page]:
        return any(mark in ask_closely(client, "get", address(page)).text for mark in world.there.in_lists)
    others = {name: world.there.value_of(name, page, role) for name in arguments()[page]}
    nowhere = answers(client, page, arguments()[page] | {n: v for n, v in others.items() if n in WORDS})
    far = answers(client, page, others)
    return any(tells(far[method], nowhere[method], world) for method in METHODS)


def tells(answer: Answer, nowhere: Answer, world: World, *, of_own: bool = False) -> list[str]:
    """How an answer differs from the one about a thing that is not there."""
    marks = world.here.marks if of_own else world.there.marks
    found = [f"status {answer.status}, not {nowhere.status}"] if answer.status != nowhere.status else []
    found += [f"did {act}" for act in answer.acts if act not in nowhere.acts]
    found += [f"read of {person}" for person in answer.persons - nowhere.persons]
    return found + [f"shows {mark}" for mark in marks if mark in answer.text and mark not in nowhere.text]


def leaks_of(page: str, world: World) -> list[str]:
    """What a page without an argument shows of another place."""
    found = []
    for role, client in readers(page, world.here):
        response = ask(client, "get", address(page))
        text = "" if response.streaming else response.content.decode(errors="replace")
        found += [f"{page} shows {role} {mark}" for mark in world.there.in_lists if mark in text]
    return found


@pytest.fixture
def world() -> World:
    return make_world()


def test_every_address_that_names_a_thing_opens_for_ones_own_alone(world: World) -> None:
    found = [fault for page in bound_pages() for fault in faults_of(page, world)]
    assert not found, "\n".join(found)


def test_no_page_shows_anything_of_another_place(world: World) -> None:
    pages = [page for page, given in arguments().items() if not given and ANYONE not in table()[page].roles]
    assert [leak for page in pages for leak in leaks_of(page, world)] == []


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
