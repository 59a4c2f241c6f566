"""The person stands at the table: an answer within two seconds, or later; never verified by mistake."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.other_side import OtherSide, right, serving
from tests.station import open_station
from tiemchung.identity import actions, exchange, patience, states
from tiemchung.identity.models import PopulationCheck, Recheck

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    patience.note("")
    yield
    patience.note("")


@pytest.fixture
def side(settings: Any) -> Iterator[OtherSide]:
    with serving() as found:
        settings.POPULATION_URL = found.address
        yield found


def wrong(asked: list[dict[str, Any]]) -> dict[str, Any]:
    fields = {"number": "right", "full_name": "right", "birth_date": "day_month_swap", "sex": "right"}
    return {"answers": [{"id": one["id"], "verdict": "wrong", "fields": fields, "handle": ""} for one in asked]}


def test_who_stands_there_gets_his_answer(side: OtherSide) -> None:
    side.answer = wrong
    standing = actions.check_at_once(person_id=open_station().person().id, by=None)
    assert (standing.state, standing.wrong_fields) == ("wrong", ["birth_date"])


def test_a_verdict_that_stands_is_not_asked_for_again(side: OtherSide) -> None:
    person = open_station().person()
    for _ in range(3):
        assert actions.check_at_once(person_id=person.id, by=None).state == "right"
    assert len(side.asked) == 1


def test_a_side_that_is_silent_leaves_him_unchecked_and_is_left_alone_for_a_while(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "WITHIN", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.POPULATION_URL = f"http://127.0.0.1:{silent.getsockname()[1]}"
        first, second = (open_station().person() for _ in range(2))
        assert actions.check_at_once(person_id=first.id, by=None).state == "unchecked"
        assert actions.check_at_once(person_id=second.id, by=None).state == "unchecked"
    assert PopulationCheck.objects.get(person=first).fault == "slow"
    assert not PopulationCheck.objects.filter(person=second).exists()  # nobody waited for a side that was just slow


def test_no_more_wait_at_one_time_than_there_are_places(side: OtherSide) -> None:
    person = open_station().person()
    with patience.place() as one, patience.place() as other:
        assert one
        assert other
        assert actions.check_at_once(person_id=person.id, by=None).state == "unchecked"
    assert actions.check_at_once(person_id=person.id, by=None).state == "right"


def test_the_waits_of_one_exchange_stay_within_its_bound() -> None:
    until_the_last_piece = exchange._READS_UNTIL + exchange._EACH_WAIT
    assert until_the_last_piece <= 1
    assert patience.WITHIN <= 2


def test_who_was_asked_about_too_often_today_is_not_asked_about_again(side: OtherSide) -> None:
    side.answer = lambda asked: {"answers": [{"verdict": "too_many"} for _ in asked]}
    person = open_station().person()
    for _ in range(2):
        assert actions.check_at_once(person_id=person.id, by=None).state == "unchecked"
    assert len(side.asked) == 1


def test_who_has_no_number_is_not_asked_about(side: OtherSide) -> None:
    assert actions.check_at_once(person_id=open_station().person(identity_numbers=()).id, by=None).state == "not_sent"
    assert side.asked == []


def test_a_verdict_ends_when_the_register_was_corrected(side: OtherSide) -> None:
    side.answer = wrong
    person = open_station().person()
    actions.check_at_once(person_id=person.id, by=None)
    actions.ask_anew(person_ids=[person.id], why=Recheck.Why.REGISTER_CORRECTED, by=None)
    assert states.of(person.id).state == "unchecked"
    side.answer = right
    assert actions.check_due(by=None) == 1
    assert states.of(person.id).state == "right"
