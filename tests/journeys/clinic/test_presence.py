"""A device that was without network checks somebody in by an id alone: kept, and opens nobody's record by that."""

from typing import Any

import pytest
from django.test import Client

from tests.device import Device
from tests.station import PASSWORD, Station, open_station
from tiemchung.cleaning import reach
from tiemchung.doses import actions as doses
from tiemchung.doses import course
from tiemchung.doses.models import Dose, DoseFinding
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry, ReadEntry
from tiemchung.passports.policy import check_attestable
from tiemchung.people.models import Person
from tiemchung.people.personal_qr import number_of
from tiemchung.visits import day
from tiemchung.visits.models import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def station(client: Client) -> Station:
    found = open_station()
    client.login(username=found.nurse.username, password=PASSWORD)
    return found


@pytest.fixture
def stranger() -> Person:
    """Somebody of whom the station knows nothing but, from wherever, the id."""
    return open_station().person(full_name="Nông Thị Xuyến")


def checked_in(client: Client, station: Station, person: Person) -> Visit:
    device = Device(client, station)
    device.send(device.checked_in(new_id(), person.id))
    return Visit.objects.get(person=person)


def opens(client: Client, path: str) -> bool:
    return client.get(path, follow=True).status_code == 200


def pages_of(visit: Visit) -> list[str]:
    of_person = [f"/diem-tiem/nguoi/typed/{visit.person_id}/", f"/diem-tiem/nguoi/{visit.person_id}/sua/"]
    return [*of_person, *(f"/diem-tiem/luot/{visit.id}/{step}" for step in ("", "kham/", "tiem/"))]


def test_a_bare_id_is_kept_and_opens_no_page_and_shows_no_name(
    client: Client, station: Station, stranger: Person
) -> None:
    visit = checked_in(client, station, stranger)
    assert [page for page in pages_of(visit) if opens(client, page)] == []
    assert not reach.is_here(station.nurse, stranger.id)
    assert not reach.has_met(station.nurse, stranger.id)
    today = client.get("/diem-tiem/").content.decode()
    assert stranger.full_name not in today
    assert "Người chưa quét mã" in today
    assert not ReadEntry.objects.filter(person_id=stranger.id).exists()


def test_the_refusal_says_how_to_go_on(client: Client, station: Station, stranger: Person) -> None:
    visit = checked_in(client, station, stranger)
    page = client.get(f"/diem-tiem/luot/{visit.id}/")
    assert page.status_code == 404
    assert "Quét mã hoặc gõ số của người này" in page.content.decode()


def test_once_his_code_or_number_was_read_the_visit_goes_on(client: Client, station: Station, stranger: Person) -> None:
    visit = checked_in(client, station, stranger)
    client.post("/diem-tiem/quet/", {"text": number_of(stranger)})
    assert [page for page in pages_of(visit) if not opens(client, page)] == []
    assert stranger.full_name in client.get("/diem-tiem/").content.decode()


def test_a_whole_journey_by_a_bare_id_names_nobody_on_the_floor(
    client: Client, station: Station, stranger: Person
) -> None:
    device = Device(client, station)
    device.send(*device.journey(stranger.id)[:3])
    seat, last = day.board(station.facility.id)[0], day.last_done(station.facility.id)
    assert (seat.full_name, last and last["full_name"]) == ("", "")
    for path in ("/diem-tiem/theo-doi/", "/diem-tiem/quet/", "/diem-tiem/"):
        assert stranger.full_name not in client.get(path).content.decode()
    assert client.get(f"/diem-tiem/luot/{seat.visit_id}/ket-thuc/").status_code == 404


def test_whom_the_device_declared_himself_is_known(client: Client, station: Station) -> None:
    device, person_id, visit_id = Device(client, station), new_id(), new_id()
    said: dict[str, Any] = {"person_id": person_id, "full_name": "Vi Thị Hoa", "birth_date": "03/09/1967"}
    device.send(device.event("person_declared", said), device.checked_in(visit_id, person_id))
    assert opens(client, f"/diem-tiem/luot/{visit_id}/")


def test_who_is_on_the_list_that_the_device_took_along_is_known(
    client: Client, station: Station, stranger: Person
) -> None:
    from tiemchung.campaigns.models import Invitation, Registration

    registration = Registration.objects.create(
        campaign=station.session.campaign, person=stranger, priority_group=16, history={}, source="site",
        registered_at=clock.now(),
    )  # fmt: skip
    Invitation.objects.create(
        session=station.session, facility=station.facility, registration=registration, person=stranger,
        slot_at=clock.now(), invited_at=clock.now(),
    )  # fmt: skip
    assert opens(client, f"/diem-tiem/luot/{checked_in(client, station, stranger).id}/")


def test_the_device_is_told_that_the_code_was_not_read(client: Client, station: Station, stranger: Person) -> None:
    device = Device(client, station)
    answers = device.send(*device.journey(stranger.id))
    told = [[finding["code"] for finding in answer["findings"]] for answer in answers]
    assert told == [["presence_unproven"], [], ["presence_unproven"], []]


def test_whoever_was_read_before_the_device_sends_is_found_nothing_about(
    client: Client, station: Station, stranger: Person
) -> None:
    client.post("/diem-tiem/quet/", {"text": number_of(stranger)})
    device = Device(client, station)
    assert device.outcomes(*device.journey(stranger.id)) == ["accepted"] * 4


def dose_by_bare_id(client: Client, station: Station, person: Person) -> Dose:
    device = Device(client, station)
    device.send(*device.journey(person.id))
    return Dose.objects.get(person=person)


def test_his_dose_is_barred_from_card_and_passport(client: Client, station: Station, stranger: Person) -> None:
    dose = dose_by_bare_id(client, station, stranger)
    assert [one.code for one in DoseFinding.objects.filter(dose=dose)] == ["presence_unproven"]
    assert course.of_many([stranger.id])[stranger.id].barred
    with pytest.raises(ConflictError):
        check_attestable([dose], asked=1, facility_id=station.facility.id)


def test_so_is_a_dose_that_names_a_bare_id_and_no_visit(client: Client, station: Station, stranger: Person) -> None:
    device = Device(client, station)
    content = {"person_id": stranger.id, "lot_number": station.lot.number, "product": "AZ"}
    device.send(device.event("injected", content))
    assert DoseFinding.objects.filter(code="presence_unproven", person=stranger, resolved_at=None).exists()


def test_it_cannot_be_said_to_stand_before_his_code_or_number_was_read(
    client: Client, station: Station, stranger: Person
) -> None:
    dose_by_bare_id(client, station, stranger)
    finding = DoseFinding.objects.get()
    with pytest.raises(NotFoundError) as refused:
        doses.resolve(finding_id=finding.id, by=station.head)
    assert refused.value.code == "presence_unproven"
    client.post("/diem-tiem/quet/", {"text": number_of(stranger)})
    assert doses.resolve(finding_id=finding.id, by=station.head).resolved_by == station.head.id
    assert not course.of_many([stranger.id])[stranger.id].barred


def test_the_head_confirms_who_it_was_by_his_number_where_he_signs(
    client: Client, station: Station, stranger: Person
) -> None:
    dose_by_bare_id(client, station, stranger)
    finding = DoseFinding.objects.get()
    head = Client()
    head.force_login(station.head)
    review = head.get("/van-phong/ky-du-lieu/").content.decode()
    assert "Chưa biết chắc ai đã tiêm" in review
    assert stranger.full_name not in review
    address = f"/van-phong/ky-du-lieu/diem-can-xem/{finding.id}"
    wrong = head.post(address, {"text": number_of(station.person())}, follow=True)
    assert "Mã hoặc số này của người khác" in wrong.content.decode()
    assert "Quét mã hoặc gõ số của người này" in head.post(address, follow=True).content.decode()
    head.post(address, {"text": number_of(stranger)})
    finding.refresh_from_db()
    assert finding.resolution == "stands"
    assert AuditEntry.objects.filter(act="doses.resolve", by=station.head.id, person_id=stranger.id).exists()
    assert ReadEntry.objects.filter(person_id=stranger.id, by=station.head.id, reason="scan").exists()


def test_correcting_the_lot_does_not_say_who_it_was(client: Client, station: Station, stranger: Person) -> None:
    dose = dose_by_bare_id(client, station, stranger)
    corrected = doses.supersede(dose_id=dose.id, lot_number=station.lot.number, arm="right", by=station.head)
    assert DoseFinding.objects.filter(dose=corrected, code="presence_unproven", resolved_at=None).exists()
    page = Client()
    page.force_login(station.head)
    assert stranger.full_name not in page.get(f"/van-phong/ky-du-lieu/mui/{corrected.id}/").content.decode()


def test_at_the_table_nobody_is_injected_at_a_visit_by_a_bare_id(
    client: Client, station: Station, stranger: Person
) -> None:
    device, visit_id = Device(client, station), new_id()
    device.send(device.checked_in(visit_id, stranger.id), device.screened(visit_id))
    with pytest.raises(ConflictError) as refused:
        doses.inject(visit_id=visit_id, lot_number=station.lot.number, arm="left", by=station.nurse)
    assert refused.value.code == "presence_unproven"


def test_a_code_read_at_another_site_opens_nothing_here(client: Client, station: Station, stranger: Person) -> None:
    elsewhere, other = open_station(), Client()
    other.force_login(elsewhere.nurse)
    other.post("/diem-tiem/quet/", {"text": number_of(stranger)})
    assert not opens(client, f"/diem-tiem/luot/{checked_in(client, station, stranger).id}/")
