"""The API keeps its word: whoever calls, with whatever, is answered as the OpenAPI document says, and nothing breaks.

Schemathesis makes calls from the document, right ones and wrong ones, with methods, bodies and headers that it does not
name. Status, content type, headers and form of each answer must stand in the document.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.station import account_of, open_station
from tiemchung.accounts.actions_clients import open_client
from tiemchung.accounts.models import Role
from tiemchung.ground.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
TOKEN = "abcdefghijklmnopqrstuvwxyzabcdef"
PROGRAM, BUSY_PROGRAM = "a program's key", "a program over its quota"
AT_SITE = {Role.VACCINATOR, Role.FACILITY_HEAD, PROGRAM}
CALLERS = [None, Role.CITIZEN, Role.VACCINATOR, Role.FACILITY_HEAD, Role.MINISTRY, PROGRAM, BUSY_PROGRAM]


CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

# So that nobody is content with a document that only refusals keep to.
EXPECTED: dict[tuple[bool, GenerationMode], set[int]] = {
    (True, GenerationMode.POSITIVE): {200},
    (True, GenerationMode.NEGATIVE): {422},
    (False, GenerationMode.POSITIVE): set(),
    (False, GenerationMode.NEGATIVE): set(),
}


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """As Django's own test client does: a request's end must not close the test's transaction."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


def key_of(caller: str) -> str:
    """The key of a program of the site that may call all three endpoints."""
    return open_client(
        username="his.phucxa",
        display_name="HIS Phúc Xá",
        role=Role.DATA_CLERK,
        facility_id=open_station().facility.id,
        contact="0912345678",
        pages=["api:sessions-today", "api:events", "api:checkin-scan"],
        per_minute=10_000 if caller == PROGRAM else 3,
        per_day=10_000,
        by=None,
    ).key


def sent_by(caller: str | None) -> dict[str, Any]:
    """What a browser of such an account sends along, or a program with a key; nobody sends nothing."""
    if caller is None:
        return {"cookies": {}, "headers": {}}
    if caller in (PROGRAM, BUSY_PROGRAM):
        return {"cookies": {}, "headers": {"Authorization": f"Bearer {key_of(caller)}"}}
    role = Role(caller)
    client = Client()
    client.force_login(account_of(role))
    cookies = {"sessionid": client.cookies["sessionid"].value, "csrftoken": TOKEN}
    return {"cookies": cookies, "headers": {"X-CSRFToken": TOKEN}}


@pytest.mark.parametrize("calls", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("caller", CALLERS, ids=str)
def test_every_answer_stands_in_the_document(caller: str | None, calls: GenerationMode) -> None:
    along, document = sent_by(caller), schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    seen = set()
    for found in document.get_all_operations():
        operation = found.ok()
        if calls == GenerationMode.NEGATIVE and operation.method == "get":
            continue  # nothing in it can be wrong

        @given(case=operation.as_strategy(generation_mode=calls))
        @settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        def holds(case: Any) -> None:
            response = case.call(**along)
            seen.add(response.status_code)
            case.validate_response(response, checks=CHECKS)

        holds()
    assert seen >= EXPECTED[(caller in AT_SITE, calls)], seen
    assert (429 in seen) == (caller == BUSY_PROGRAM)


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("get", "/api/khong-co", {}, 404),
        ("delete", "/api/events", {}, 405),
        ("post", "/api/events", {"data": b"{", "content_type": "application/json"}, 400),
        ("post", "/api/events", {"data": b"{}", "content_type": "text/plain"}, 422),
        ("post", "/api/events", {"data": b"a" * 3_000_000, "content_type": "application/json"}, 413),
        ("post", "/api/events", {"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
        ("get", "/api/events", {"HTTP_HOST": "elsewhere.example"}, 400),
    ],
)
def test_a_call_that_cannot_be_is_refused_in_the_one_form(
    method: str, path: str, sent: dict[str, Any], status: int
) -> None:
    client = Client()
    client.force_login(account_of(Role.VACCINATOR))
    response = getattr(client, method)(path, **sent)
    assert response.status_code == status
    assert set(response.json()) == {"code", "field", "vi", "en"}


def test_a_fault_of_ours_is_said_in_the_one_form_and_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from tiemchung.visits import day

    def broken(facility_id: Any) -> Any:
        raise RuntimeError("Hoàng Thị Khuê")

    monkeypatch.setattr(day, "sessions_today", broken)
    client = Client(raise_request_exception=False)
    client.force_login(account_of(Role.VACCINATOR))
    response = client.get("/api/sessions/today")
    assert response.status_code == 500
    assert response.json()["code"] == "broken"
    assert "Khuê" not in response.content.decode()
