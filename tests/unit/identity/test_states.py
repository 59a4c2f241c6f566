"""How a person's identity stands: by the last statement and the verdicts about it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.ledger import judged
from tests.other_side import OtherSide, serving
from tests.station import open_station
from tests.unit.people.made import declared, stated
from tiemchung.clinic.standing import shown
from tiemchung.ground.ids import new_id
from tiemchung.healthbook.members import cures_of
from tiemchung.identity import states
from tiemchung.identity.actions import check
from tiemchung.identity.models import PopulationCheck
from tiemchung.identity.states import IdentityState
from tiemchung.people import actions as people
from tiemchung.people.actions_merge import merge
from tiemchung.people.models import IdentityNumber, Person
from tiemchung.people.policy import Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def side(settings: Any) -> Iterator[OtherSide]:
    with serving() as found:
        settings.POPULATION_URL = found.address
        yield found


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


def child(**changes: Any) -> Person:
    """A child whom a device declared on a number whose digits state a birth in 1984."""
    said = {
        "full_name": "Trần Ngọc Minh Anh",
        "birth_date": "05/06/2012",
        "sex": "female",
        "identity_numbers": ((None, "001184000017"),),
        **changes,
    }
    return declared(Source.DEVICE, **said)


def test_a_parents_number_is_told_by_its_own_digits_to_staff_and_holder(side: OtherSide) -> None:
    """The other side says unknown, as of every number that is nobody's or another's: it names no third person."""
    side.answer = lambda asked: {"answers": [{"id": one["id"], "verdict": "unknown", "fields": {}} for one in asked]}
    person = child()
    standing = check(person_id=person.id, by=None)
    assert (standing.state, standing.fields) == ("unknown", {"number": "parents_number"})
    assert PopulationCheck.objects.get().fields == {}
    assert [str(words) for _, words in shown(person.id)["differences"]] == ["Có thể là số của cha hoặc mẹ"]
    (cure,) = cures_of(standing)
    assert "mã định danh của chính người tiêm" in cure


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"birth_date": "18/11/1984"}, "unknown"),
        ({"birth_date": "1997"}, "unknown"),  # thirteen years
        ({"birth_date": "1998"}, "parents_number"),
        ({"birth_date": "1950"}, "unknown"),  # an older one on a younger one's number
        ({"identity_numbers": ((None, "011234567"),)}, "unknown"),  # an old card states no birth
    ],
)
def test_only_digits_that_state_somebody_much_older_say_so(changes: dict[str, Any], kind: str) -> None:
    person = child(**changes)
    judged(person, "unknown")
    assert states.of(person.id).fields == {"number": kind}


def test_a_merged_records_number_is_told_as_that_of_the_one_that_speaks() -> None:
    kept, merged = child(), child(identity_numbers=((None, "001184000025"),), full_name="Trần Minh Anh")
    judged(kept, "unknown")
    merge(kept_id=kept.id, merged_id=merged.id, evidence={}, by=new_id())
    assert states.of(merged.id).fields == {"number": "parents_number"}
