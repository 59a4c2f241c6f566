"""The wire: one asker, batches, and a bad question that spoils no other."""

import json
from typing import Any

import pytest
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.population.register import answers, enrol, post, question

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
        ({"number": "1" * 13}, "number"),
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
