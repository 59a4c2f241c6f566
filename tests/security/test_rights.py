"""Every address as nobody and as every role: it opens for those of its row in the table of rights, and for no other.

What has no row opens for nobody, so an address without a row is a fault, and so is a row without an address.
"""

from collections.abc import Iterator
from functools import cache

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import get_converters

from tests.station import PASSWORD, account_of
from tiemchung.accounts.models import Role
from tiemchung.accounts.rights import ANYONE, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]

EXAMPLES = {"uuid": "01900000-0000-7000-8000-000000000000", "int": 1, "str": "vn", "slug": "vn", "path": "x"}
REFUSED = {401, 403}


@cache
def addresses() -> dict[str, str]:
    """The path of every named address, with an example in place of each of its arguments."""
    return {name: reverse(name, kwargs=arguments) for name, arguments in walk(get_resolver())}


def walk(resolver: URLResolver, names: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, object]]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            inner = (*names, one.namespace) if one.namespace else names
            for name, arguments in walk(one, inner):
                yield name, {**examples(one), **arguments}
        else:
            assert one.name, f"an address without a name: {one.pattern}"
            yield ":".join((*names, one.name)), examples(one)


def examples(one: URLPattern | URLResolver) -> dict[str, object]:
    kinds = {converter.__class__: kind for kind, converter in get_converters().items()}
    return {name: EXAMPLES[kinds[converter.__class__]] for name, converter in one.pattern.converters.items()}


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(addresses()) == set(table())


def test_every_row_says_what_bounds_it_and_what_it_is_for() -> None:
    assert [row.page for row in table().values() if not row.scope or not row.what] == []


def is_refused(client: Client, path: str) -> bool:
    """Say whether the door is shut: told to sign in, or refused. A page that opens may still know no such thing."""
    client.raise_request_exception = False
    response = client.get(path)
    if response.status_code == 302:
        return response["Location"].startswith("/dang-nhap/?next=")
    return response.status_code in REFUSED


def test_nobody_gets_in_where_a_role_is_asked_for(client: Client) -> None:
    shut = {page for page, path in addresses().items() if is_refused(client, path)}
    assert shut == {row.page for row in table().values() if ANYONE not in row.roles}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_in_where_its_row_says_and_nowhere_else(client: Client, role: Role) -> None:
    client.login(username=account_of(role).username, password=PASSWORD)
    shut = {page for page, path in addresses().items() if is_refused(client, path)}
    assert shut == {row.page for row in table().values() if not row.opens_for(role)}


@pytest.mark.parametrize("role", [None, *Role])
def test_no_page_breaks_for_anybody_who_asks_for_what_is_not_there(client: Client, role: Role | None) -> None:
    if role:
        client.login(username=account_of(role).username, password=PASSWORD)
    client.raise_request_exception = False
    broken = {page for page, path in addresses().items() if client.get(path).status_code >= 500}
    assert broken == set()


def test_writing_needs_the_right_too(client: Client) -> None:
    client.login(username=account_of(Role.VACCINATOR).username, password=PASSWORD)
    for page in ("office:attest-sign", "office:passports-issue", "healthbook:add"):
        assert client.post(addresses()[page]).status_code == 403


def test_a_form_of_another_site_is_not_taken() -> None:
    strict = Client(enforce_csrf_checks=True)
    head = account_of(Role.FACILITY_HEAD)
    strict.force_login(head)
    assert strict.post(addresses()["office:attest-sign"]).status_code == 403
    assert strict.post("/dang-nhap/", {"username": head.username, "password": PASSWORD}).status_code == 403


def test_every_page_carries_the_strict_policy(client: Client) -> None:
    for page, path in addresses().items():
        assert "unsafe-inline" not in client.get(path)["Content-Security-Policy"], page
