"""A station with a network sends each act as it happens: taken for a new one until its row says otherwise."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.device import Device
from tests.station import Station
from tiemchung.doses.models import Dose
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.visits.models import Observation, QuarantinedEvent, Screening, SiteEvent, Visit

pytestmark = pytest.mark.django_db(transaction=True)  # nobody else's transaction around what an act writes


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Visit, Screening, Dose, Observation, SiteEvent, AuditEntry))


def test_a_journey_sent_act_by_act_is_what_it_is_in_one_batch(device: Device, station: Station) -> None:
    for event in device.journey(station.person().id):
        assert device.outcomes(event) == ["accepted"]
    assert rows()[:5] == (1, 1, 1, 1, 4)
    acts = list(AuditEntry.objects.filter(act="visits.take_events").values_list("detail", flat=True))
    assert [each["events"]["accepted"] for each in acts] == [1, 1, 1, 1]


def test_each_act_sent_twice_is_had_already_and_writes_no_act_again(device: Device, station: Station) -> None:
    journey = device.journey(station.person().id)
    for event in journey:
        device.send(event)
    before = rows()
    for event in journey:
        assert device.outcomes(event) == ["already_had"]
    assert rows() == (*before[:5], before[5] + 4)  # that it was asked again is an entry


@pytest.mark.parametrize("place", range(4), ids=["check-in", "screening", "injection", "end"])
def test_the_same_id_with_other_content_is_a_conflict(device: Device, station: Station, place: int) -> None:
    journey, other = device.journey(station.person().id), device.journey(station.person().id)
    for event in journey:
        device.send(event)
    for event in other[:place]:
        device.send(event)
    (answer,) = device.send(other[place] | {"id": journey[place]["id"]})
    assert (answer["answer"], answer["findings"][0]["code"]) == ("conflict", "event_id_taken")


def test_an_id_that_was_taken_is_not_quarantined_when_it_comes_again_in_a_form_nobody_can_read(
    device: Device, station: Station
) -> None:
    event = device.checked_in(new_id(), station.person().id)
    device.send(event)
    assert device.outcomes(event | {"content": {}}) == ["conflict"]
    assert not QuarantinedEvent.objects.exists()


def test_an_act_that_cannot_be_taken_is_quarantined_and_writes_nothing_else(device: Device, station: Station) -> None:
    (answer,) = device.send(device.screened(new_id()))
    assert (answer["answer"], answer["findings"][0]["code"]) == ("quarantined", "visit_unknown")
    assert QuarantinedEvent.objects.count() == 1
    assert rows()[:5] == (0, 0, 0, 0, 0)


def test_a_second_check_in_by_another_device_is_an_alias_that_later_acts_may_name(
    device: Device, station: Station
) -> None:
    person, alias = station.person(), new_id()
    device.send(device.checked_in(new_id(), person.id))
    (answer,) = device.send(device.checked_in(alias, person.id))
    assert [each["code"] for each in answer["findings"]] == ["already_checked_in"]
    assert device.outcomes(device.screened(alias)) == ["accepted"]
    assert Screening.objects.get().visit == Visit.objects.get()


def test_an_act_of_the_floor_is_five_questions_at_most(device: Device, station: Station) -> None:
    first, second, _, end = device.journey(station.person().id)
    asked = []
    for event in (first, second, end):
        with CaptureQueriesContext(connection) as captured:
            device.send(event)
        asked.append(len(captured))
    assert asked == [5, 3, 3]
