"""Every address by every other method than reading and writing: the same roles come in, and nothing is done."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from tests.security.walk import address, arguments, ask_closely
from tests.station import account_of
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.rights import ANYONE, RightsMiddleware, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]

METHODS = ("put", "patch", "delete", "head", "options", "trace")
REFUSED = {401, 403, 404, 405}
# Addresses that answer otherwise, by these methods, and do nothing; each with its reason.
ANSWERED = {
    "api:openapi-json": (METHODS, "the public document of the API, read by whatever method"),
    "look:language": (METHODS, "goes back to where one came from; the choice is made by POST alone"),
    "portal:sign-out": (("options",), "names its methods"),
    "portal:start": (("head",), "public; the head of what reading gives"),
    "portal:help": (("head",), "public; the head of what reading gives"),
    "portal:alive": (("head",), "tells a supervisor nothing but that it answers"),
    "portal:ready": (("head",), "tells a supervisor nothing but whether work can be done"),
    "portal:figures": (("head",), "public figures; the head of what reading gives"),
    "portal:figures-csv": (("head",), "public figures; the head of what reading gives"),
}


def comes_in(method: str, page: str, role: Role | None) -> bool:
    """Ask what stands before every view, as somebody of that role."""
    request = RequestFactory().generic(method.upper(), address(page))
    request.user = Account(role=role) if role else AnonymousUser()
    request.resolver_match = resolve(request.path)
    try:
        return RightsMiddleware(lambda _: HttpResponse()).process_view(request) is None
    except PermissionDenied:
        return False


@pytest.mark.parametrize("method", METHODS)
def test_the_table_says_who_comes_in_by_whatever_method(method: str) -> None:
    wrong = [
        (page, role)
        for page in arguments()
        for role in (None, *Role)
        if comes_in(method, page, role) != table()[page].opens_for(role)
    ]
    assert wrong == []


@pytest.fixture(scope="module")
def role_of_page() -> dict[str, Role | None]:
    """A role that each page opens for; none where it opens for anybody or for nobody."""
    return {
        page: Role(min(row.roles)) if row.roles and ANYONE not in row.roles else None for page, row in table().items()
    }


@pytest.mark.parametrize("method", METHODS)
def test_who_comes_in_by_another_method_is_refused_and_does_nothing(
    method: str, role_of_page: dict[str, Role | None]
) -> None:
    clients: dict[Role | None, Client] = {None: Client()}
    for role in sorted(set(role_of_page.values()) - {None}):
        clients[role] = Client()
        clients[role].force_login(account_of(Role(role)))
    found = {page: ask_closely(clients[role], method, address(page)) for page, role in role_of_page.items()}
    assert {page: answer.acts for page, answer in found.items() if answer.acts or answer.persons} == {}
    answered = {page for page, answer in found.items() if answer.status not in REFUSED}
    assert answered == {page for page, (methods, _) in ANSWERED.items() if method in methods}
