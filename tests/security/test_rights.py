"""Every address as nobody and as every role: it opens for those of its row in the table of rights, and for no other.

What has no row opens for nobody, so an address without a row is a fault, and so is a row without an address. What lies
behind an open page is asked in `test_scope_walk`.
"""

import pytest
from django.test import Client

from tests.security.walk import METHODS, address, arguments, ask, found_by
from tests.station import PASSWORD, account_of
from tiemchung.accounts.models import Role
from tiemchung.accounts.rights import ANYONE, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(arguments()) == set(table())


def test_every_row_says_what_bounds_it_and_what_it_is_for() -> None:
    assert [row.page for row in table().values() if not row.scope or not row.what] == []


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_gets_in_where_its_row_says_and_nowhere_else_and_no_page_breaks(
    client: Client, role: Role | None, method: str
) -> None:
    if role:
        client.force_login(account_of(role))
    shut, broken = found_by(client, arguments(), method)
    assert shut == {row.page for row in table().values() if not row.opens_for(role)}
    assert broken == set()


def test_a_form_of_another_site_is_not_taken() -> None:
    strict = Client(enforce_csrf_checks=True)
    head = account_of(Role.FACILITY_HEAD)
    strict.force_login(head)
    assert strict.post(address("office:attest-sign")).status_code == 403
    assert strict.post("/dang-nhap/", {"username": head.username, "password": PASSWORD}).status_code == 403


def test_every_page_carries_the_strict_policy(client: Client) -> None:
    for page in arguments():
        assert "unsafe-inline" not in ask(client, "get", address(page))["Content-Security-Policy"], page


def test_every_row_names_only_roles_that_are() -> None:
    assert {name for row in table().values() for name in row.roles} <= {ANYONE, *Role.values}
