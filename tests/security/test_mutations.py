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
from tests.security.walk import address, arguments, ask, is_shut
from tests.security.world import World, make_world
from tests.station import account_of
from tiemchung.accounts import rights
from tiemchung.accounts.models import Role
from tiemchung.accounts.rights import ANYONE, Right, table
from tiemchung.accounts.roles import AT_FACILITY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]

# Calls that shut nothing: blinded, they let nobody see or do more. Each with its reason.
NO_GATES = {
    "clinic.scanning:_enter": "the commune that a new record begins with; another check stands before it",
    "office.correcting:_note_read": "which facility the log names; the dose was found within one's own before",
    "office.staff_forms:roles_of": "which roles a form offers; the action refuses the others",
    "office.staff_forms:_drop_what_is_fixed": "which fields a form shows; the action refuses what does not fit",
    "clinic.sessions:_enter_late": "which session a late dose is filed under; the dose itself stays with the facility",
}


# Calls that the walk does not see blinded alone: another check stands behind them, or what they bound is empty in the
# walk's world. A new call may not join them.
UNSEEN = {
    "tiemchung.accounts.policy:administered: areas",
    "tiemchung.accounts.policy:clients_administered: areas",
    "tiemchung.cleaning.lists:league: reaches_nation",
    "tiemchung.clinic.identity:check: own_facility",
    "tiemchung.clinic.identity:correct: own_facility",
    "tiemchung.clinic.scanning:scan: own_facility",
    "tiemchung.clinic.sessions:today: own_facility",
    "tiemchung.complaints.queue:count: parameters",
    "tiemchung.complaints.queue:overdue_below: parameters",
    "tiemchung.doses.actions:report: check_acts_at",
    "tiemchung.doses.arrivals:meet: own_facility",
    "tiemchung.doses.arrivals:_arrival: own_facility",
    "tiemchung.identity.duplicates:_reach: parameters",
    "tiemchung.office.correcting:find: own_facility",
    "tiemchung.office.views:of_facility: own_facility",
    "tiemchung.visits.actions:_check_session: check_acts_at",
    "tiemchung.visits.actions_events:take: own_facility",
    "tiemchung.visits.actions_events:__init__: own_facility",
    "tiemchung.visits.actions_events:_sort_out: can_act_at",
}


@pytest.fixture
def world() -> World:
    return make_world()


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
    unseen = [
        str(check) for check in checks(set(answers(world))) if _short(check) not in NO_GATES and not seen(check, world)
    ]
    assert set(unseen) <= UNSEEN, "\n".join(set(unseen) - UNSEEN)


def test_what_is_said_to_shut_nothing_is_there() -> None:
    assert set(NO_GATES) <= {_short(check) for check in checks(set(answers(make_world())))}


def seen(check: Check, world: World) -> bool:
    """Say whether the walk fails when that check is blinded: by an action, or by a page."""
    with blinded(check, world):
        if any(goes_through(attempt, world) for attempt in _attempts(check)):
            return True
        return any(walks.first_leak_of(page, world) for page in _pages(check))


def _attempts(check: Check) -> list[Callable[[World], Any]]:
    """The actions of that module, or of its room."""
    module = check.module.removeprefix("tiemchung.")
    room = module.partition(".")[0]
    return [attempt for name, attempt in ACTS.items() if name.startswith((f"{module}:", f"{room}:"))]


def _short(check: Check) -> str:
    return f"{check.module.removeprefix('tiemchung.')}:{check.function}"


def _pages(check: Check) -> list[str]:
    """The pages whose view stands in the module of the check; when none does, those of its room or called after it."""
    walked = [page for page in arguments() if ANYONE not in table()[page].roles and page not in walks.UNBOUND]
    own = [page for page in walked if _module_of(page) == check.module]
    room = check.module.split(".")[1]
    return own or [page for page in walked if page.split(":")[0] == room or page.split(":")[1].startswith(room[:-1])]


def _module_of(page: str) -> str:
    return resolve(address(page)).func.__module__
