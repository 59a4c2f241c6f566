"""How a person's identity stands: by the last statement and the verdicts about it."""

import pytest

from tests.ledger import judged
from tests.station import open_station
from tests.unit.people.made import stated
from tiemchung.ground.ids import new_id
from tiemchung.identity import states
from tiemchung.identity.states import IdentityState
from tiemchung.people import actions as people
from tiemchung.people.models import IdentityNumber
from tiemchung.people.policy import Source

pytestmark = pytest.mark.django_db


def test_somebody_with_a_number_is_unchecked_until_there_is_a_verdict() -> None:
    assert states.of(open_station().person().id).state == IdentityState.UNCHECKED


@pytest.mark.parametrize("verdict", ["right", "wrong", "unknown"])
def test_the_verdict_about_the_last_statement_is_the_state(verdict: str) -> None:
    person = open_station().person()
    judged(person, verdict)
    assert states.of(person.id).state == verdict


def test_a_new_statement_makes_a_person_unchecked_again() -> None:
    person = open_station().person()
    judged(person)
    people.correct(person_id=person.id, statement=stated(phone=""), source=Source.SITE, by=None)
    assert states.of(person.id).state == IdentityState.UNCHECKED
    judged(person, "wrong", {"full_name": "order"})
    assert states.of(person.id).state == IdentityState.WRONG


def test_the_newest_verdict_about_one_statement_counts() -> None:
    person = open_station().person()
    judged(person, "wrong", {"sex": "other"})
    judged(person, "right")
    assert states.of(person.id).state == IdentityState.RIGHT


def test_an_unanswered_question_changes_nothing() -> None:
    person = open_station().person()
    judged(person)
    judged(person, "")
    assert states.of(person.id).state == IdentityState.RIGHT


@pytest.mark.parametrize(
    "who",
    [
        {"identity_numbers": ()},
        {"identity_numbers": (("foreign_passport", "C01234567"),), "nationality": "DE"},
        {"nationality": "LA"},
    ],
)
def test_who_has_no_number_or_another_nationality_is_not_sent(who: dict[str, object]) -> None:
    assert states.of(open_station().person(**who).id).state == IdentityState.NOT_SENT


def test_a_number_that_was_withdrawn_is_none() -> None:
    person = open_station().person()
    IdentityNumber.objects.filter(person=person).update(withdrawn_at=person.created_at)
    assert states.of(person.id).state == IdentityState.NOT_SENT


def test_the_holder_may_see_which_fields_are_wrong_staff_also_the_kind() -> None:
    person = open_station().person()
    judged(person, "wrong", {"number": "right", "full_name": "accents_lost", "birth_date": "year_only"})
    standing = states.of(person.id)
    assert standing.wrong_fields == ["full_name", "birth_date"]
    assert standing.fields["full_name"] == "accents_lost"


def test_an_old_number_and_another_letter_case_are_not_wrong() -> None:
    person = open_station().person()
    judged(person, "right", {"number": "old_number", "full_name": "letter_case", "sex": "right"})
    assert states.of(person.id).wrong_fields == []


def test_many_are_answered_at_once_and_nobody_is_not_sent() -> None:
    station = open_station()
    one, other = station.person(), station.person()
    judged(one)
    assert {key: found.state for key, found in states.of_many([one.id, other.id]).items()} == {
        one.id: IdentityState.RIGHT,
        other.id: IdentityState.UNCHECKED,
    }
    assert states.of(new_id()).state == IdentityState.NOT_SENT
