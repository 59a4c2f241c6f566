"""Values never leave the population side (ADR 0007): whatever is asked, no answer holds anything of the register.

Every answer is made of a fixed vocabulary, the asker's own id, and a handle that comes only when all was right.
"""

import json
import re
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.unit.population.register import HANH, NUMBER, enrol, post, question
from tiemchung.ground.ids import new_id
from tiemchung.identity import exchange
from tiemchung.population.models import Citizen, Question

pytestmark = pytest.mark.django_db

SECRETS = {"full_name": "Đặng Quang Lộc", "birth_date": "1957-03-29", "sex": "male", "residence_code": "27346"}
FIELDS = {"number", "full_name", "birth_date", "sex", "id"}
VERDICTS = {"right", "wrong", "unknown", "too_many", "conflict", "unreadable"}
KINDS = exchange.KINDS | {"unreadable"}

words = st.sampled_from(["Đặng", "Quang", "Lộc", "Dang", "Nguyễn", "Thị", "Thu", "Hạnh", "x"])
names = st.lists(words, min_size=1, max_size=5).map(" ".join) | st.text(max_size=30)
dates = st.sampled_from(["1957-03-29", "1957", "1957-03", "1957-01-01", "1984-11-18"]) | st.dates().map(str)
QUESTIONS = st.builds(
    question,
    id=st.uuids().map(str),
    number=st.sampled_from([NUMBER, "027057000123"]) | st.text(max_size=14),
    full_name=names,
    birth_date=dates | st.text(max_size=12),
    sex=st.sampled_from(["male", "female", "unknown"]) | st.text(max_size=8),
)


def registered() -> list[UUID]:
    Question.objects.all().delete()
    if not Citizen.objects.exists():
        enrol()
        enrol("027057000123", **SECRETS)
    return list(Citizen.objects.values_list("id", flat=True))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(QUESTIONS, min_size=1, max_size=8))
@example([question(number="027057000123", full_name="Đặng Quang", birth_date="1957", sex="male")])
@example([question(number="027057000123", full_name="", birth_date="1957-03-29", sex="male")])
@example([question()] * 7)
def test_no_answer_holds_a_value(asked: list[dict[str, Any]]) -> None:
    citizens = registered()
    response = post(json.dumps({"questions": asked}).encode())
    assert response.status_code == 200
    for one, said in zip(asked, json.loads(response.content)["answers"], strict=True):
        assert said["verdict"] in VERDICTS
        assert set(said["fields"]) <= FIELDS
        assert set(said["fields"].values()) <= KINDS
        assert set(said) <= {"id", "verdict", "fields", "handle"}
        assert said.get("id") in (None, one["id"], str(_uuid(one["id"])))
        assert bool(said.get("handle")) == (said["verdict"] == "right")
        assert not said.get("handle") or re.fullmatch(r"[0-9a-f]{64}", said["handle"])
        assert said.get("handle") not in {str(citizen) for citizen in citizens}


def _uuid(text: str) -> UUID:
    return UUID(text)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names, dates)
def test_a_stranger_who_knows_a_number_learns_nothing_from_it(name: str, born: str) -> None:
    """Unless name or birth date come close, a known number and a number of nobody are answered byte for byte alike."""
    registered()
    stranger = {"full_name": f"Zzz {name[:100]} Qqq Www Jjj Fff", "birth_date": born, "sex": "female"}
    if born.startswith("1957"):
        stranger["birth_date"] = "1999-12-31"
    bodies = [
        {"questions": [{"id": "00000000-0000-7000-8000-000000000001", "number": number, **stranger}]}
        for number in ("027057000123", "027057999999")
    ]
    found = []
    for body in bodies:
        Question.objects.all().delete()
        found.append(post(json.dumps(body).encode()).content)
    assert found[0] == found[1]


@pytest.mark.parametrize("name", ["", "-", "Đặng", "Lộc", "Đặng Quang", "Đ Quang L", "Đặng Quang Lộ"])
def test_part_of_a_name_and_a_year_learn_nothing(name: str) -> None:
    """One word hit reads as none hit; without a name no birth date can be tried out."""
    registered()
    found = []
    for number, born in (("027057000123", "1957"), ("027057000123", "1999"), ("027057999999", "1957")):
        asked = question(id="00000000-0000-7000-8000-000000000001", number=number, full_name=name, birth_date=born)
        Question.objects.all().delete()
        found.append(post(json.dumps({"questions": [{**asked, "sex": "male"}]}).encode()).content)
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("body", [b"", b"{}", b'{"questions": 1}', b"\x00"])
def test_an_error_says_no_more_than_which_field(body: bytes) -> None:
    registered()
    response = post(body)
    assert set(json.loads(response.content)) == {"code", "field"}


def test_what_is_stored_of_questions_holds_no_value_either() -> None:
    registered()
    post(json.dumps({"questions": [question(id=str(new_id()))]}).encode())
    stored = str(list(Question.objects.values()))
    assert not [value for value in (NUMBER, *HANH.values()) if value in stored]
