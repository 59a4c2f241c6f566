"""Would the walk see it? Each row of the table is taken away, narrowed and widened, each scope check is blinded alone.

A mutation that the walk does not see would be a hole that no test would ever find.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from tests.security import test_scope_walk as walks
from tests.security.acts import ACTS, goes_through
from tests.security.mutations import Check, answers, blinded, checks
from tests.security.walk import address, ask, is_shut
from tests.security.world import World, make_world
from tests.station import account_of
from tiemchung.accounts import rights
from tiemchung.accounts.models import Role
from tiemchung.accounts.rights import ANYONE, Right, table
from tiemchung.accounts.roles import AT_FACILITY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def world() -> World:
    return make_world(reading=walks.read_alone)


def role_faults(page: str, written: dict[str, Right], clients: dict[Role | None, Client]) -> list[str]:
    """Where the system differs from the table as it is written, for one page and every role."""
    if page not in rights.table():
        return [f"{page} has no row"]
    path, row = address(page), written[page]
    return [f"{page} for {role}" for role, one in clients.items() if _shut(one, path) == row.opens_for(role)]


def _shut(client: Client, path: str) -> bool:
    return is_shut(ask(client, "get", path))


def test_no_row_can_be_taken_away_narrowed_or_widened_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    written = dict(table())
    clients: dict[Role | None, Client] = {None: Client()}
    for role in Role:
        clients[role] = Client()
        clients[role].force_login(account_of(role))
    unseen = []
    for page, row in written.items():
        for role, mutant in mutants(row):
            changed = {**written, page: mutant} if mutant else {key: written[key] for key in written if key != page}
            monkeypatch.setattr(rights, "table", lambda changed=changed: changed)
            if not role_faults(page, written, {role: clients[role]}):
                unseen.append(f"{page} for {role}: {mutant}")
    assert not unseen, "\n".join(unseen)


def mutants(row: Right) -> list[tuple[Role | None, Right | None]]:
    """The row taken away; without one of its roles; with one more; each with the role that notices."""
    inside = sorted(row.roles - {ANYONE})
    outside = sorted(set(Role) - row.roles, key=lambda role: (role not in AT_FACILITY, role))
    if row.page.startswith(("clinic:", "api:")):  # a second check behind them refuses who has no facility
        outside = [role for role in outside if role in AT_FACILITY]
    found: list[tuple[Role | None, Right | None]] = [(Role(inside[0]) if inside else None, None)]
    if inside:
        found.append((Role(inside[0]), Right(row.page, row.roles - {inside[0]}, row.scope, row.what)))
    if outside and ANYONE not in row.roles:
        found.append((Role(outside[0]), Right(row.page, row.roles | {outside[0]}, row.scope, row.what)))
    return found


def test_every_scope_check_that_is_blinded_alone_is_seen(world: World) -> None:
    found = {check: seen_by(check, world) for check in checks(set(answers(world)))}
    assert found
    assert [str(check) for check, seen in found.items() if seen is None] == []
    watching = {page for page in found.values() if page}
    assert [fault for page in watching for fault in walks.all_faults_of(page, world)] == []  # as long as none is blind


def seen_by(check: Check, world: World) -> str | None:
    """What of the walk fails when that check is blinded: the first page; "" where it is an action; None: nothing."""
    with blinded(check, world):
        if any(goes_through(attempt, world) for attempt in _attempts(check)):
            return ""
        return next((page for page in _pages(check) for _ in walks.all_faults_of(page, world)), None)


def _attempts(check: Check) -> list[Callable[[World], Any]]:
    """The actions of that module, or of its room."""
    module = check.module.removeprefix("tiemchung.")
    room = module.partition(".")[0]
    return [attempt for name, attempt in ACTS.items() if name.startswith((f"{module}:", f"{room}:"))]


def _pages(check: Check) -> list[str]:
    """All pages, those first that are the likeliest to see it: by the module of their view, by their name."""
    _, room, *_, file = check.module.split(".")

    def distance(page: str) -> tuple[bool, bool, bool]:
        door, _, name = page.partition(":")
        near = door == room or name.startswith((room[:-1], file[:-1]))
        return _module_of(page) != check.module, not near, page not in walks.BODIES

    return sorted([*walks.plain_pages(), *walks.bound_pages()], key=distance)


def _module_of(page: str) -> str:
    return resolve(address(page)).func.__module__
