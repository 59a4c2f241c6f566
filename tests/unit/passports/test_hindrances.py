"""What hinders a passport: noted once, of which field and dose, and ended when it hinders nobody any more."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.ledger import attested, enrol_keys, full_course, given_dose, judged
from tests.station import Station, open_station
from tiemchung.doses import actions as doses
from tiemchung.doses.models import Dose
from tiemchung.ground.models import AuditEntry
from tiemchung.passports import actions, actions_issue, content, states
from tiemchung.passports.models import Hindrance
from tiemchung.people.actions_merge import merge
from tiemchung.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def station() -> Station:
    found = open_station()
    enrol_keys(found.facility.id)
    return found


@pytest.fixture
def unwritable(station: Station) -> Person:
    """Somebody whose name no rule turns into Latin letters, and a neighbour with whom nothing is wrong."""
    neighbour, found = full_course(station), full_course(station)
    Person.objects.filter(id=found.id).update(full_name="Nguyễn 龍")
    for person in (neighbour, found):
        judged(person)
    attested(station, neighbour, found)
    return found


def test_one_record_that_cannot_be_certified_does_not_hold_up_the_others(unwritable: Person) -> None:
    assert actions_issue.issue_due(by=None) == 1
    assert states.current(unwritable.id) is None


def test_why_a_record_cannot_be_certified_is_kept_once_with_field_and_cure(unwritable: Person) -> None:
    for _ in range(2):
        actions_issue.issue_due(by=None)
    hindrance = Hindrance.objects.get()
    assert (hindrance.person_id, hindrance.field, hindrance.ended_at) == (unwritable.id, "gn", None)
    assert hindrance.dose == Dose.objects.filter(person=unwritable).latest("injected_at")
    assert "Latinh" in hindrance.vi
    assert "Latin spelling" in hindrance.en
    assert AuditEntry.objects.get(act="passports.hindrance").detail == {"persons": 1}


def test_what_was_put_right_hinders_no_more(unwritable: Person) -> None:
    actions_issue.issue_due(by=None)
    Person.objects.filter(id=unwritable.id).update(full_name="Nguyễn Long")
    assert actions_issue.issue_due(by=None) == 1
    assert Hindrance.objects.get().ended_at is not None
    assert states.current(unwritable.id) is not None


def test_what_hinders_in_another_field_takes_the_place_of_the_first(unwritable: Person) -> None:
    actions_issue.issue_due(by=None)
    Person.objects.filter(id=unwritable.id).update(full_name="龍 Long")
    actions_issue.issue_due(by=None)
    first, second = Hindrance.objects.order_by("found_at", "id")
    assert (first.field, first.ended_at is None) == ("gn", False)
    assert (second.field, second.ended_at is None) == ("fn", True)


def test_what_the_signer_refuses_is_kept_too(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    person = full_course(station)
    judged(person)
    attested(station, person)
    monkeypatch.setattr(content, "ISSUER", " ")
    assert actions_issue.issue_due(by=None) == 0
    assert Hindrance.objects.get().field == "v.0.is"


def test_another_dose_that_would_be_stated_takes_the_place_of_the_first(unwritable: Person, station: Station) -> None:
    actions_issue.issue_due(by=None)
    booster = given_dose(station, unwritable, date(2022, 4, 2))
    actions.attest(facility_id=station.facility.id, dose_ids=[booster.id], by=station.head.id)
    for _ in range(2):
        actions_issue.issue_due(by=None)
    first, second = Hindrance.objects.order_by("found_at", "id")
    assert (first.field, second.field) == ("gn", "gn")
    assert (second.dose, first.ended_at is None, second.ended_at is None) == (booster, False, True)


def found_to_be_another(person: Person, station: Station) -> None:
    judged(person, "wrong", {"sex": "other"})


def nowhere_to_be_found(person: Person, station: Station) -> None:
    judged(person, "unknown")


def left_without_doses(person: Person, station: Station) -> None:
    for dose in Dose.objects.filter(person=person):
        doses.void(dose_id=dose.id, reason="Nhập nhầm người", by=station.head)


def merged_into_another(person: Person, station: Station) -> None:
    merge(kept_id=station.person().id, merged_id=person.id, evidence={}, by=station.head.id)


@pytest.mark.parametrize("becomes", [found_to_be_another, nowhere_to_be_found, left_without_doses, merged_into_another])
def test_who_is_due_none_any_more_is_hindered_no_more(
    unwritable: Person, station: Station, becomes: Callable[[Person, Station], None]
) -> None:
    actions_issue.issue_due(by=None)
    becomes(unwritable, station)
    actions_issue.issue_due(by=None)
    assert Hindrance.objects.get().ended_at is not None


def test_who_is_due_one_goes_on_being_hindered_though_others_are_not(unwritable: Person, station: Station) -> None:
    other = full_course(station)
    judged(other)
    attested(station, other)
    Person.objects.filter(id=other.id).update(full_name="Trần 虎")
    actions_issue.issue_due(by=None)
    judged(other, "unknown")
    actions_issue.issue_due(by=None)
    assert Hindrance.objects.get(ended_at=None).person == unwritable
