"""What a role of the nation may not do: nothing bounds it by place, so what it is for must.

Every action of the walk is tried in its name; every page that it opens is asked for things of another kind than the
page's, which must read like nothing; and those who administer accounts are held off those that are not theirs.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from tests.security.acts import ACTS, goes_through
from tests.security.test_scope_walk import SENT, UNBOUND, WORDS, tells
from tests.security.walk import METHODS, address, arguments, ask_closely
from tests.security.world import World, make_world
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.rights import ANYONE, table
from tiemchung.accounts.roles import OF_NATION

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def world() -> World:
    return make_world()


def as_of(world: World, account: Account) -> World:
    """The world in which whoever acts from the one place is that account."""
    station = replace(world.here.station, nurse=account, head=account)
    here = replace(world.here, station=station, accounts=dict.fromkeys(Role, account))
    return World(here, world.there)


DECIDES = {  # who decides for the nation may do at every site what those between him and the site may
    "doses.actions: let a finding stand",
    "doses.actions: type a tally",
    "doses.actions: void a dose",
    "doses.actions: correct a dose",
    "doses.actions: report for another facility",
    "doses.actions_import: record a list",
    "campaigns.actions: plan a session",
    "campaigns.actions_invite: invite",
    "stock.actions: receive",
    "stock.actions: write off",
    "stock.actions: hold a lot of the nation",
    "stock.actions: release a lot of the nation",
    "visits.actions_events: take in again",
}
OF_HIMSELF = {"accounts: move somebody out of reach", "accounts: raise somebody"}  # whom the walk changes there is he
ADMINISTERS = {name for name in ACTS if name.startswith("accounts:")} - {"accounts: a list of auditors"} - OF_HIMSELF
OF_MINISTRY = {
    "identity.deciding: decide about two records",
    "complaints: take one of another site",
    "complaints: take one of another area",
}
MAY: dict[Role, set[str]] = {
    Role.NATIONAL_SIGNER: DECIDES,
    Role.MINISTRY: DECIDES | OF_MINISTRY | ADMINISTERS,
    Role.ADMINISTRATOR: ADMINISTERS | {"accounts: a list of auditors"},
    Role.KEY_OFFICER: set(),
    Role.DESK_OPERATOR: set(),
    Role.AUDITOR: set(),
}


@pytest.mark.parametrize("role", OF_NATION)
def test_each_acts_as_it_is_for_and_no_further(world: World, role: Role) -> None:
    mine = as_of(world, world.here.accounts[role])
    assert {name for name, attempt in ACTS.items() if goes_through(attempt, mine)} == MAY[role]


def things(world: World) -> dict[str, Any]:
    """A thing of each kind that an address may name, by the argument that names it."""
    names = {name for given in arguments().values() for name in given} - WORDS
    found = {name: world.there.value_of(name, "", Role.ADMINISTRATOR) for name in names}
    return {name: value for name, value in found.items() if value}


def mistaken(page: str, world: World) -> Iterator[dict[str, Any]]:
    """The arguments of a page, each time with a thing of another kind in place of its own."""
    kinds = things(world)
    for name in set(arguments()[page]) & kinds.keys():
        for other in kinds.keys() - {name}:
            yield arguments()[page] | {name: kinds[other]}


@pytest.mark.parametrize("role", OF_NATION)
def test_a_thing_of_another_kind_reads_like_nothing(world: World, role: Role) -> None:
    client = world.here.browser(role)
    pages = [
        page
        for page, given in arguments().items()
        if given and page not in UNBOUND and table()[page].opens_for(role) and ANYONE not in table()[page].roles
    ]
    faults = []
    for page in pages:
        nowhere = {method: ask_closely(client, method, address(page), SENT.get(page, {})) for method in METHODS}
        for given in mistaken(page, world):
            for method in METHODS:
                answer = ask_closely(client, method, address(page, **given), SENT.get(page, {}))
                faults += [f"{page} {given}: {what}" for what in tells(answer, nowhere[method], world)]
    assert faults == []


def not_administered(world: World, role: Role) -> dict[str, Account]:
    """Accounts that are not the role's to administer, whatever its reach."""
    found = {
        "himself": world.here.accounts[role],
        "a citizen": world.there.accounts[Role.CITIZEN],
        "a program": world.there.client.account,
    }
    if role == Role.MINISTRY:
        peers = (Role.AUDITOR, Role.ADMINISTRATOR, Role.MINISTRY)
        found |= {f"another {one}": world.there.accounts[one] for one in peers}
    return found


@pytest.mark.parametrize("role", [Role.MINISTRY, Role.ADMINISTRATOR])
def test_who_administers_accounts_does_not_reach_those_that_are_not_his(world: World, role: Role) -> None:
    client: Client = world.here.browser(role)
    pages = [page for page, given in arguments().items() if page.startswith("office:staff") and "account_id" in given]
    assert len(pages) > 5
    for page in pages:
        for who, account in not_administered(world, role).items():
            for method in METHODS:
                answer = ask_closely(client, method, address(page, account_id=account.id))
                assert (answer.status in (404, 405), answer.acts) == (True, ()), f"{page}: {who}"
