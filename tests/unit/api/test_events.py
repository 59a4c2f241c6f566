"""A device's batch is taken as a report: everything is kept, once, and answered in order."""

from datetime import timedelta

import pytest

from tests.device import Device
from tests.station import code_read, declared, open_station, receive
from tiemchung.doses import course
from tiemchung.doses.models import Dose, DoseFinding, Tally
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.people.models import Person
from tiemchung.stock import balance
from tiemchung.visits import states
from tiemchung.visits.models import Observation, PersonAlias, QuarantinedEvent, Screening, SiteEvent, Visit
from tiemchung.visits.states import VisitState

pytestmark = pytest.mark.django_db


def test_a_whole_journey_in_one_batch_is_accepted(device, station):
    person = station.person()
    assert device.outcomes(*device.journey(person.id)) == ["accepted"] * 4
    visit = Visit.objects.get()
    assert states.of(visit) == VisitState.LEFT
    assert Screening.objects.get().outcome == "eligible"
    assert Observation.objects.get().outcome == "well"
    assert course.of(person.id).card == "yellow"
    assert balance.left(station.facility.id, station.lot.id) == 99
    acts = set(AuditEntry.objects.filter(by=station.nurse.id).values_list("act", flat=True))
    assert {"visits.check_in", "visits.screen", "doses.record", "visits.end_observation"} <= acts


def test_the_same_batch_again_changes_nothing(device, station):
    batch = device.journey(station.person().id)
    device.send(*batch)
    assert device.outcomes(*batch) == ["already_had"] * 4
    assert (Visit.objects.count(), Dose.objects.count(), SiteEvent.objects.count()) == (1, 1, 4)
    assert balance.left(station.facility.id, station.lot.id) == 99


def test_an_event_twice_in_one_batch_counts_once(device, station):
    event = device.checked_in(new_id(), station.person().id)
    assert device.outcomes(event, event) == ["accepted", "already_had"]


def test_the_same_id_with_other_content_is_a_conflict(device, station):
    event = device.checked_in(new_id(), station.person().id)
    device.send(event)
    other = device.checked_in(new_id(), station.person().id) | {"id": event["id"]}
    (answer,) = device.send(other)
    assert (answer["answer"], answer["findings"][0]["code"]) == ("conflict", "event_id_taken")
    assert Visit.objects.count() == 1


def test_another_event_about_the_same_dose_is_harmless_when_it_says_the_same(device, station):
    visit_id, at = new_id(), clock.now()
    device.send(device.checked_in(visit_id, station.person().id), device.screened(visit_id))
    dose_id = new_id()
    device.send(device.injected(visit_id, at, dose_id=dose_id))
    assert device.outcomes(device.injected(visit_id, at, dose_id=dose_id)) == ["accepted"]
    assert Dose.objects.count() == 1


def test_a_dose_id_that_comes_with_other_content_is_a_conflict(device, station):
    visit_id, at = new_id(), clock.now()
    device.send(device.checked_in(visit_id, station.person().id), device.screened(visit_id))
    dose_id = new_id()
    device.send(device.injected(visit_id, at, dose_id=dose_id))
    (answer,) = device.send(device.injected(visit_id, at, dose_id=dose_id, lot_number="NOLOT1"))
    assert (answer["answer"], answer["findings"][0]["field"]) == ("conflict", "dose_id")
    assert Dose.objects.get().lot == station.lot


def test_a_visit_id_that_comes_with_another_person_is_a_conflict(device, station):
    visit_id = new_id()
    device.send(device.checked_in(visit_id, station.person().id))
    assert device.outcomes(device.checked_in(visit_id, station.person().id)) == ["conflict"]
    assert not QuarantinedEvent.objects.exists()


def test_findings_are_told_again_when_an_event_is_sent_again(device, station):
    batch = device.journey(station.person().id, lot_number="NOLOT1")
    first = device.send(*batch)
    assert first[2]["answer"] == "accepted_with_findings"
    again = device.send(*batch)
    assert again[2]["answer"] == "already_had"
    assert again[2]["findings"] == first[2]["findings"]


def test_an_unknown_lot_is_recorded_with_a_finding_in_both_languages(device, station):
    answers = device.send(*device.journey(station.person().id, lot_number="nolot1"))
    (finding,) = answers[2]["findings"]
    assert finding["code"] == "lot_unknown"
    assert finding["vi"].startswith("Chưa có lô NOLOT1.")
    assert finding["en"].startswith("There is no lot NOLOT1.")
    dose = Dose.objects.get()
    assert (dose.lot, dose.lot_number) == (None, "NOLOT1")
    assert DoseFinding.objects.get().dose == dose


def test_a_dose_with_a_finding_does_not_colour_the_card(device, station):
    person = station.person()
    device.send(*device.journey(person.id, lot_number="NOLOT1"))
    taken = course.of(person.id)
    assert (taken.card, taken.answer.card, taken.barred) == ("none", "yellow", True)


def test_an_expired_lot_is_recorded_with_a_finding(device, station):
    lot = receive(station.nurse, product="AZ", number="OLD001", doses=10, expires_in=-1)
    answers = device.send(*device.journey(station.person().id, lot_number=lot.number))
    assert [finding["code"] for finding in answers[2]["findings"]] == ["lot_expired"]
    assert balance.left(station.facility.id, lot.id) == 9


def test_an_injection_by_somebody_of_the_site_is_accepted(device, station):
    answers = device.send(*device.journey(station.person().id, injected_by=station.head.id))
    assert answers[2]["answer"] == "accepted"
    assert Dose.objects.get().injected_by == station.head.id


def test_an_injection_by_nobody_of_the_site_is_recorded_with_a_finding(device, station):
    for stranger in (new_id(), open_station().nurse.id):
        answers = device.send(*device.journey(station.person().id, injected_by=stranger))
        assert [finding["code"] for finding in answers[2]["findings"]] == ["injector_unknown"]
        assert DoseFinding.objects.get(dose__injected_by=stranger).field == "injected_by"


def test_an_injection_without_screening_is_recorded_with_a_finding(device, station):
    checked_in, _, injected, _ = device.journey(station.person().id)
    answers = device.send(checked_in, injected)
    assert [finding["code"] for finding in answers[1]["findings"]] == ["not_screened"]
    assert states.of(Visit.objects.get()) == VisitState.MAY_LEAVE


def test_two_sites_that_enter_one_dose_are_both_kept_and_count_once(client, device, station):
    person, elsewhere = station.person(), open_station()
    code_read(elsewhere, person)
    device.send(*device.journey(person.id))
    client.force_login(elsewhere.nurse)
    answers = Device(client, elsewhere).send(*Device(client, elsewhere).journey(person.id))
    assert [finding["code"] for finding in answers[2]["findings"]] == ["possible_double"]
    assert Dose.objects.filter(person=person).count() == 2
    assert len(course.of(person.id).doses) == 1
    assert balance.left(elsewhere.facility.id, elsewhere.lot.id) == 100


def test_a_check_in_of_a_second_device_means_the_same_visit(device, station):
    person, second = station.person(), new_id()
    device.send(device.checked_in(new_id(), person.id))
    answers = device.send(device.checked_in(second, person.id), device.screened(second), device.injected(second))
    assert [answer["answer"] for answer in answers] == ["accepted_with_findings", "accepted", "accepted"]
    assert answers[0]["findings"][0]["code"] == "already_checked_in"
    visit = Visit.objects.get()
    assert visit.id != second
    assert Dose.objects.get().visit == visit


def test_a_person_made_on_the_device_is_declared_and_vaccinated_in_one_batch(device):
    person_id = new_id()
    assert device.outcomes(declaration(device, person_id), *device.journey(person_id)) == ["accepted"] * 5
    assert Person.objects.get(id=person_id).full_name == "Lường Thị Mận"
    assert Dose.objects.get().person_id == person_id


def test_a_person_who_is_known_already_gets_the_device_id_as_an_alias(device, station):
    known = declared(station.nurse, full_name="Lường Thị Mận", identity_numbers=(("cccd", "001167900001"),))
    person_id = new_id()
    assert device.outcomes(declaration(device, person_id), *device.journey(person_id)) == ["accepted"] * 5
    assert PersonAlias.objects.get(provisional_id=person_id).person == known
    assert Dose.objects.get().person == known
    later = device.event("injected", {"person_id": person_id, "lot_number": station.lot.number, "product": "AZ"})
    assert device.outcomes(later) == ["accepted_with_findings"]
    assert Person.objects.count() == 1


def test_a_declaration_that_disagrees_with_its_number_is_kept_with_a_finding(device):
    event = declaration(device, new_id(), birth_date="03/09/1968")
    (answer,) = device.send(event)
    assert answer["answer"] == "accepted_with_findings"
    assert answer["findings"][0]["field"].startswith("identity_number")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"birth_date": "31/02/1967"}, "birth_date"),
        ({"identity_numbers": [{"value": "0011679"}]}, "identity_number"),
        ({"full_name": ""}, "full_name"),
    ],
)
def test_a_declaration_that_cannot_be_true_is_quarantined_by_its_field(device, changes, field):
    (answer,) = device.send(declaration(device, new_id(), **changes))
    assert (answer["answer"], answer["findings"][0]["field"]) == ("quarantined", field)
    assert QuarantinedEvent.objects.get().reason["field"] == field
    assert not Person.objects.exists()


def test_an_event_of_another_facility_is_quarantined(device, station):
    event = device.checked_in(new_id(), station.person().id) | {"facility_id": str(open_station().facility.id)}
    (answer,) = device.send(event)
    assert (answer["answer"], answer["findings"][0]["code"]) == ("quarantined", "out_of_scope")
    assert not Visit.objects.exists()
    assert QuarantinedEvent.objects.get().facility == station.facility


def test_what_a_quarantined_event_names_may_come_later(device, station):
    person_id, visit_id = new_id(), new_id()
    early = device.checked_in(visit_id, person_id)
    assert device.outcomes(early) == ["quarantined"]
    assert device.outcomes(early) == ["quarantined"]
    assert QuarantinedEvent.objects.count() == 1
    assert device.outcomes(declaration(device, person_id), early) == ["accepted", "accepted"]
    assert Visit.objects.get().id == visit_id


@pytest.mark.parametrize(
    "broken",
    [
        7,
        None,
        "checked_in",
        {},
        {"id": "x"},
        {"kind": "checked_in"},
        {"made_at": "yesterday"},
        {"made_at": "2022-05-14T09:00:00"},
        {"made_at": "2022-05-14T09:00:00+19:25"},
        {"kind": "danced"},
        {"kind": "k" * 31},
        {"content": []},
        {"content": {"visit_id": 3}},
        {"content": {"note": "\u0000"}},
        {"content": {"note": "\ud800"}},
        {"content": {"deep": float("inf")}},
    ],
)
def test_what_cannot_be_read_is_quarantined_and_touches_no_other(device, station, broken):
    good = device.checked_in(new_id(), station.person().id)
    if isinstance(broken, dict) and broken:
        broken = device.event("screened", {}) | broken
    assert device.outcomes(broken, good) == ["quarantined", "accepted"]
    assert QuarantinedEvent.objects.count() == 1


def test_an_emoji_in_a_note_is_kept(device, station):
    batch = device.journey(station.person().id)
    batch[3]["content"]["note"] = "Khỏe 😀"
    assert device.outcomes(*batch) == ["accepted"] * 4
    assert Observation.objects.get().note == "Khỏe 😀"


def test_a_visit_id_of_another_facility_touches_no_other_event(client, device, station):
    elsewhere = open_station()
    taken = new_id()
    client.force_login(elsewhere.nurse)
    Device(client, elsewhere).send(Device(client, elsewhere).checked_in(taken, elsewhere.person().id))
    client.force_login(station.nurse)
    good = device.checked_in(new_id(), station.person().id)
    assert device.outcomes(device.checked_in(taken, station.person().id), good) == ["quarantined", "accepted"]


def test_a_late_dose_needs_no_visit(device, station):
    person = station.person()
    content = {
        "person_id": person.id,
        "product": "AZ",
        "lot_number": station.lot.number,
        "injected_at": (clock.now() - timedelta(days=90)).isoformat(),
        "stated_number": 1,
    }
    assert device.outcomes(device.event("injected", content)) == ["accepted"]
    assert Dose.objects.get().source == "late_entry"


def test_doses_of_one_person_in_one_batch_see_each_other(device, station):
    person = station.person()
    content = {"person_id": person.id, "product": "AZ", "lot_number": station.lot.number}
    first, second = (
        device.event("injected", content | {"injected_at": (clock.now() - timedelta(days=days)).isoformat()})
        for days in (90, 80)
    )
    answers = device.send(first, second)
    assert answers[0]["answer"] == "accepted"
    assert answers[1]["findings"][0]["field"] == "product"


def test_an_early_end_is_recorded_as_left_early(device, station):
    batch = device.journey(station.person().id)
    batch[3]["made_at"] = batch[2]["made_at"]
    assert device.outcomes(*batch)[3] == "accepted"
    assert Observation.objects.get().outcome == "left_early"


def test_a_tally_and_its_correction(device, station):
    typed = {"session_id": station.session.id, "product": "AZ", "doses": 7}
    assert device.outcomes(device.event("tally_typed", typed)) == ["accepted"]
    assert device.outcomes(device.event("tally_typed", typed | {"doses": 8})) == ["accepted"]
    assert [tally.doses for tally in Tally.objects.order_by("typed_at", "id")] == [7, 8]


def test_a_clock_that_runs_ahead_is_a_finding(device, station):
    event = device.checked_in(new_id(), station.person().id, clock.now() + timedelta(hours=2))
    (answer,) = device.send(event)
    assert "clock_ahead" in {finding["code"] for finding in answer["findings"]}


def test_answers_stand_in_the_order_of_the_events(device, station):
    events = [device.checked_in(new_id(), station.person().id) for _ in range(5)]
    assert [answer["id"] for answer in device.send(*events)] == [event["id"] for event in events]


def test_more_than_500_events_are_refused_with_the_cure(device):
    response = device.post([{}] * 501)
    assert response.status_code == 422
    assert response.json()["field"] == "events"


def declaration(device, person_id, **changes):
    said = {
        "person_id": person_id,
        "full_name": "Lường Thị Mận",
        "birth_date": "03/09/1967",
        "sex": "female",
        "identity_numbers": [{"kind": "cccd", "value": "001167900001"}],
        "residence_code": "00001",
    }
    return device.event("person_declared", said | changes)
