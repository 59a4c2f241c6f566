"""The wire: one asker, batches, and a bad question that spoils no other."""

import json
from typing import Any

import pytest
from django.conf import settings as conf
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.population.police import officer
from tests.unit.population.police import record as made
from tests.unit.population.register import answers, enrol, post, question
from tiemchung.ground import clock
from tiemchung.ground.signed_request import HEADER, sign
from tiemchung.population import actions_records
from tiemchung.population.models import Decision, Sent
from tiemchung.population.views import check, confirmations, notices

pytestmark = pytest.mark.django_db


def test_a_batch_is_answered_in_its_order() -> None:
    enrol()
    asked = [question(), question(sex="male"), question(number="001184000018")]
    found = answers(*asked)
    assert [one["id"] for one in found] == [one["id"] for one in asked]
    assert [one["verdict"] for one in found] == ["right", "wrong", "unknown"]


def test_an_asker_without_the_secret_is_told_nothing() -> None:
    enrol()
    response = post(json.dumps({"questions": [question()]}).encode(), secret="guessed")
    assert response.status_code == 401
    assert json.loads(response.content) == {"code": "not_signed", "field": "signature"}


def test_a_stranger_fills_no_table() -> None:
    """What goes out is written down; to who has no signature nothing goes out, however often he asks."""
    for _ in range(3):
        post(b"{}", secret="guessed")
    assert not Sent.objects.exists()


@override_settings(ROOT_URLCONF="tiemchung.population.urls", MIDDLEWARE=[])
def test_no_signature_at_all_is_refused_and_nothing_can_be_read(client: Client) -> None:
    assert client.post("/check", data=b"{}", content_type="application/json").status_code == 401
    assert client.get("/check").status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"questions": {}}',
        b'{"questions": null}',
        b"[" * 100_000,
        json.dumps({"questions": [{}] * 501}).encode(),
    ],
)
def test_a_body_that_cannot_be_read_is_422(body: bytes) -> None:
    response = post(body)
    assert response.status_code == 422
    assert json.loads(response.content)["field"] == "questions"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": None}, "number"),
        ({"number": 1184000017}, "number"),
        ({"number": "1" * 61}, "number"),
        ({"number": "0011840000\u00001"}, "number"),
        ({"full_name": "H\ud800nh"}, "full_name"),
        ({"full_name": "x" * 251}, "full_name"),
        ({"full_name": ["Hạnh"]}, "full_name"),
        ({"birth_date": "1984-13-40"}, "birth_date"),
        ({"birth_date": ""}, "birth_date"),
        ({"sex": {}}, "sex"),
        ({"id": "no-id"}, "id"),
    ],
)
def test_a_question_that_cannot_be_read_names_its_field_and_spoils_no_other(
    changes: dict[str, Any], field: str
) -> None:
    enrol()
    bad, good = answers(question(**changes), question())
    assert bad == {"verdict": "unreadable", "fields": {field: "unreadable"}}
    assert good["verdict"] == "right"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANYTHING, max_size=5))
def test_whatever_is_asked_gets_as_many_answers(asked: list[Any]) -> None:
    found = answers(*asked)
    assert [one["verdict"] for one in found] == ["unreadable"] * len(asked)


def call(view: Any, content: Any, secret: str | None = None) -> HttpResponse:
    """Call a view of the wire, signed."""
    body = json.dumps(content).encode()
    signature = sign(body, secret=secret or conf.POPULATION_SECRET, at=clock.now())
    request = RequestFactory().post("/x", data=body, content_type="application/json", headers={HEADER: signature})
    found: HttpResponse = view(request)
    return found


def a_record(**changes: Any) -> dict[str, Any]:
    said = {"commune": "00001", "address": "Tổ 5", "field": "birth_date", **question(), **changes}
    return {name: value for name, value in said.items() if value is not None}


def test_records_are_taken_and_the_same_again_is_taken_again() -> None:
    record = a_record()
    for _ in range(2):
        found = json.loads(call(confirmations, {"records": [record]}).content)
        assert found == {"answers": [{"id": record["id"], "answer": "taken"}]}
    found = json.loads(call(confirmations, {"records": [{**record, "sex": "male"}], "withdrawn": ["x", 7]}).content)
    assert found["answers"][0]["answer"] == "conflict"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"commune": "99999"}, "commune"), ({"commune": "01"}, "commune"), ({"field": "residence"}, "field"),
        ({"id": "x"}, "id"), ({"id": None}, "id"), ({"address": "x" * 251}, "address"), ({"full_name": 7}, "full_name"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_read_names_its_field_and_spoils_no_other(changes: dict[str, Any], field: str) -> None:
    found = json.loads(call(confirmations, {"records": [a_record(**changes), a_record()]}).content)["answers"]
    assert found[0] == {"answer": "unreadable", "field": field}
    assert found[1]["answer"] == "taken"


@pytest.mark.parametrize("content", [None, [], {}, {"records": 1}, {"records": [], "withdrawn": 1}])
def test_what_is_no_list_of_records_is_422(content: Any) -> None:
    assert call(confirmations, content).status_code == 422


@pytest.mark.parametrize("content", [None, [], {}, {"after": "0"}, {"after": -1}, {"after": 2**63}, {"after": None}])
def test_notices_are_asked_for_after_a_number(content: Any) -> None:
    assert call(notices, content).status_code == 422


def test_nobody_gets_records_in_or_notices_out_without_the_secret() -> None:
    for view in (confirmations, notices):
        assert call(view, {"records": [], "after": 0}, secret="guessed").status_code == 401


def test_notices_come_in_their_order_and_none_twice() -> None:
    known = officer()
    for _ in range(3):
        actions_records.decide(confirmation_id=made().id, kind=Decision.Kind.UNKNOWN, officer=known)
    first = json.loads(call(notices, {"after": 0}).content)["notices"]
    assert [one["number"] for one in first] == [1, 2, 3]
    assert [one["number"] for one in json.loads(call(notices, {"after": 2}).content)["notices"]] == [3]
    assert json.loads(call(notices, {"after": 3}).content)["notices"] == []


def test_every_word_that_goes_out_is_written_down_as_it_goes() -> None:
    enrol()
    said = [
        call(confirmations, {"records": [a_record()]}),
        call(notices, {"after": 0}),
        call(check, {"questions": [question()]}),
        call(check, None),
    ]
    assert list(Sent.objects.order_by("id").values_list("body", flat=True)) == [one.content.decode() for one in said]
