"""The table of rights and the middleware that reads it."""

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from tiemchung.accounts import rights
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.rights import Right, RightsMiddleware

OPEN = Right("look:gallery", frozenset({"anyone"}), "", "the gallery")
HEADS = Right("office:attest", frozenset({"facility_head"}), "own facility", "sign")


read_table = rights.table


def request_of(role: Role | None, page: str, path: str = "/x/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = Account(role=role) if role else AnonymousUser()
    namespace, name = page.split(":")
    request.resolver_match = ResolverMatch(lambda: None, (), {}, url_name=name, namespaces=[namespace])
    return request


@pytest.fixture(autouse=True)
def _table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rights, "table", lambda: {row.page: row for row in (OPEN, HEADS)})


def processed(request: HttpRequest) -> HttpResponse | None:
    return RightsMiddleware(lambda _: HttpResponse("seen")).process_view(request)


@pytest.mark.parametrize("role", [None, *Role])
def test_a_public_page_opens_for_everybody(role: Role | None) -> None:
    assert processed(request_of(role, "look:gallery")) is None


def test_a_public_page_does_not_even_ask_who_its_visitor_is() -> None:
    request = request_of(None, "look:gallery")
    del request.user
    assert processed(request) is None


def test_a_page_opens_for_the_roles_of_its_row() -> None:
    assert processed(request_of(Role.FACILITY_HEAD, "office:attest")) is None


@pytest.mark.parametrize("role", [role for role in Role if role != Role.FACILITY_HEAD])
def test_a_page_is_refused_to_other_roles(role: Role) -> None:
    with pytest.raises(PermissionDenied):
        processed(request_of(role, "office:attest"))


def test_nobody_is_asked_to_sign_in_first_and_comes_back() -> None:
    answer = processed(request_of(None, "office:attest", "/van-phong/ky-du-lieu/"))
    assert answer is not None
    assert (answer.status_code, answer["Location"]) == (302, "/dang-nhap/?next=/van-phong/ky-du-lieu/")


@pytest.mark.parametrize("role", [None, *Role])
def test_a_page_without_a_row_opens_for_nobody(role: Role | None) -> None:
    with pytest.raises(PermissionDenied):
        processed(request_of(role, "office:forgotten"))


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.CITIZEN, 403)])
def test_a_program_is_refused_in_json(role: Role | None, status: int) -> None:
    answer = processed(request_of(role, "office:attest", "/api/doses"))
    assert answer is not None
    assert answer.status_code == status
    assert set(json.loads(answer.content)) == {"code", "field", "vi", "en"}


def test_an_unknown_role_in_the_table_stops_the_start() -> None:
    with pytest.raises(ValueError, match=r"office:x names unknown roles \['chief'\]"):
        Right("office:x", frozenset({"chief"}), "", "")


def test_a_page_named_twice_stops_the_start(tmp_path: Path) -> None:
    row = "- {page: 'a:b', roles: [anyone], scope: '', what: ''}\n"
    (tmp_path / "twice.yaml").write_text(row * 2)
    with pytest.raises(ValueError, match="twice"):
        read_table(tmp_path / "twice.yaml")
