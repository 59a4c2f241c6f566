"""What could not be taken waits where the site can see it, and is tried again under its own id."""

import pytest

from tests.device import Device
from tests.station import open_station
from tiemchung.doses.stages import stages
from tiemchung.ground import clock
from tiemchung.ground.errors import NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.visits import actions_events, quarantine
from tiemchung.visits.events import Outcome
from tiemchung.visits.models import QuarantinedEvent, SiteEvent, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(client, station) -> Device:
    client.force_login(station.nurse)
    return Device(client, station)


def declared(device, person_id):
    content = {"person_id": person_id, "full_name": "Lường Thị Mận", "birth_date": "03/09/1967", "sex": "female"}
    return device.event("person_declared", content)


def retry(waiting, by):
    return actions_events.retry(quarantined_id=waiting.id, by=by, stages=stages)


def test_what_waits_says_kind_time_and_reason(device, station):
    event = device.checked_in(new_id(), new_id(), clock.now())
    device.send(event)
    (waiting,) = quarantine.of(station.facility.id)
    assert (waiting.kind, waiting.made_at.isoformat()) == ("checked_in", event["made_at"])
    assert waiting.vi.startswith("Không thấy người này.")
    assert waiting.en.startswith("This person is not found.")
    assert quarantine.count(station.facility.id) == 1


@pytest.mark.parametrize("broken", [7, {"made_at": "yesterday"}, {"kind": 3}, {"content": {"note": "\u0000"}}])
def test_what_cannot_be_read_waits_too(device, station, broken):
    device.send(broken)
    (waiting,) = quarantine.of(station.facility.id)
    assert waiting.made_at is None
    assert retry(waiting, station.nurse).answer == Outcome.QUARANTINED
    assert QuarantinedEvent.objects.count() == 1


def test_each_facility_sees_its_own(device, station):
    device.send(device.checked_in(new_id(), new_id()))
    assert quarantine.of(open_station().facility.id) == []


def test_what_was_taken_later_waits_no_more(device, station):
    person_id = new_id()
    early = device.checked_in(new_id(), person_id)
    device.send(early)
    device.send(declared(device, person_id), early)
    assert (quarantine.of(station.facility.id), quarantine.count(station.facility.id)) == ([], 0)


def test_an_event_is_tried_again_under_its_own_id_and_for_whoever_sent_it(device, station):
    person_id, visit_id = new_id(), new_id()
    event = device.checked_in(visit_id, person_id)
    device.send(event)
    (waiting,) = quarantine.of(station.facility.id)
    assert retry(waiting, station.head).answer == Outcome.QUARANTINED
    device.send(declared(device, person_id))
    assert retry(waiting, station.head).answer == Outcome.ACCEPTED
    assert str(SiteEvent.objects.get(kind="checked_in").id) == event["id"]
    assert Visit.objects.get(id=visit_id).checked_in_by == station.nurse.id
    entries = AuditEntry.objects.filter(act="visits.retry_event", by=station.head.id, facility_id=station.facility.id)
    assert [entry.detail["answer"] for entry in entries.order_by("id")] == ["quarantined", "accepted"]


def test_trying_again_what_was_taken_is_harmless_and_the_device_hears_the_same(device, station):
    person_id = new_id()
    event = device.checked_in(new_id(), person_id)
    device.send(event)
    (waiting,) = quarantine.of(station.facility.id)
    device.send(declared(device, person_id))
    retry(waiting, station.head)
    assert retry(waiting, station.head).answer == Outcome.ALREADY_HAD
    assert device.outcomes(event) == ["already_had"]
    assert Visit.objects.count() == 1


def test_nobody_tries_again_what_another_facility_sent(device, station):
    device.send(device.checked_in(new_id(), new_id()))
    (waiting,) = quarantine.of(station.facility.id)
    with pytest.raises(NotFoundError):
        retry(waiting, open_station().head)


def test_what_does_not_wait_is_not_found(station):
    with pytest.raises(NotFoundError) as refusal:
        actions_events.retry(quarantined_id=new_id(), by=station.head, stages=stages)
    assert refusal.value.field == "quarantined_id"
