"""The person stands at the table: he is checked in two seconds or later, and put right from the card in hand."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.other_side import OtherSide, patiently_asked, right
from tests.station import PASSWORD, Station, open_station, ready
from tiemchung.campaigns.models import Invitation, Registration
from tiemchung.cleaning.models import CleaningTask
from tiemchung.ground import audit, clock
from tiemchung.ground.models import ReadEntry
from tiemchung.identity import patience, states
from tiemchung.people.actions_merge import merge
from tiemchung.people.models import Person
from tiemchung.people.personal_qr import number_of
from tiemchung.visits.models import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
HX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    patience.note("")
    yield
    patience.note("")


@pytest.fixture
def side(settings: Any) -> Iterator[OtherSide]:
    with patiently_asked() as found:
        settings.POPULATION_URL = found.address
        yield found


@pytest.fixture
def station(client: Client) -> Station:
    found = open_station()
    client.login(username=found.nurse.username, password=PASSWORD)
    return found


def swapped(asked: list[dict[str, Any]]) -> dict[str, Any]:
    fields = {"number": "right", "full_name": "right", "birth_date": "day_month_swap", "sex": "right"}
    return {"answers": [{"id": one["id"], "verdict": "wrong", "fields": fields, "handle": ""} for one in asked]}


def path(person: Person, what: str) -> str:
    return f"/diem-tiem/nguoi/{person.id}/{what}/"


def test_the_page_itself_never_waits_and_asks_by_itself(client: Client, station: Station, side: OtherSide) -> None:
    person = station.person()
    text = client.get(f"/diem-tiem/nguoi/typed/{person.id}/").content.decode()
    assert side.asked == []
    assert f'hx-post="{path(person, "doi-chieu")}"' in text
    part = client.post(path(person, "doi-chieu"), headers=HX).content.decode()
    assert "Đã xác thực, đúng người" in part
    assert "hx-post" not in part


def test_staff_see_the_kind_and_the_way_to_put_it_right(client: Client, station: Station, side: OtherSide) -> None:
    side.answer = swapped
    person = station.person()
    part = client.post(path(person, "doi-chieu"), headers=HX).content.decode()
    assert "Ngày và tháng đổi chỗ" in part
    assert path(person, "sua") in part
    assert CleaningTask.objects.get().kind == "day_month_swap"


def test_put_right_from_the_card_he_is_checked_again_at_once(client: Client, station: Station, side: OtherSide) -> None:
    side.answer = swapped
    person = station.person()
    client.post(path(person, "doi-chieu"), headers=HX)
    side.answer = right
    sent = {"full_name": person.full_name, "birth_date": "09/03/1967", "sex": "female", "identity_number": ""}
    page = client.post(path(person, "sua"), sent, follow=True).content.decode()
    assert "Đã sửa theo thẻ" in page
    assert "Đã xác thực" in client.post(path(person, "doi-chieu"), headers=HX).content.decode()
    assert CleaningTask.objects.get().closed_at is not None
    assert Person.objects.get(id=person.id).identity_numbers.filter(withdrawn_at=None).count() == 1


def test_a_scanned_card_fills_in_the_form(client: Client, station: Station) -> None:
    person = station.person()
    card = "001167000999||Lý Thị Sửu|09031967|Nữ|Thôn Nà Lốc|15062021"
    text = client.post(path(person, "sua"), {"scanned": card}).content.decode()
    assert "09/03/1967" in text
    assert "001167000999" in text


def test_a_side_that_is_down_is_said_so_and_nobody_is_verified(client: Client, station: Station, settings: Any) -> None:
    settings.POPULATION_URL = "http://127.0.0.1:9"
    person = station.person()
    part = client.post(path(person, "doi-chieu"), headers=HX).content.decode()
    assert "Chưa đối chiếu được" in part
    assert "hx-post" not in part  # it does not ask for ever
    assert states.of(person.id).state == "unchecked"


def test_before_the_needle_the_standing_is_shown(client: Client, station: Station, side: OtherSide) -> None:
    visit = ready(station)
    text = client.get(f"/diem-tiem/luot/{visit.id}/tiem/").content.decode()
    assert f"/diem-tiem/nguoi/{visit.person_id}/doi-chieu/" in text


def test_what_cannot_be_true_is_refused_at_its_field(client: Client, station: Station) -> None:
    person = station.person()
    sent = {"full_name": "", "birth_date": "45/13/1967", "sex": "female", "identity_number": ""}
    answer = client.post(path(person, "sua"), sent)
    assert answer.status_code == 422
    assert Person.objects.get(id=person.id).full_name == person.full_name


def test_nobody_is_found_under_another_id(client: Client, station: Station) -> None:
    gone = "/diem-tiem/nguoi/01900000-0000-7000-8000-000000000000"
    assert client.post(f"{gone}/doi-chieu/").status_code == 404
    assert client.get(f"{gone}/sua/").status_code == 404


def test_who_was_never_at_the_site_is_neither_asked_about_nor_changed(
    client: Client, station: Station, side: OtherSide
) -> None:
    stranger = open_station().person()
    sent = {"full_name": "Kẻ Gian", "birth_date": "01/01/1990", "sex": "male", "identity_number": ""}
    assert client.post(path(stranger, "doi-chieu"), headers=HX).status_code == 404
    assert client.get(path(stranger, "sua")).status_code == 404
    assert client.post(path(stranger, "sua"), sent).status_code == 404
    assert side.asked == []
    client.post("/diem-tiem/quet/", {"text": number_of(stranger)})  # he comes, and shows his code: that is written down
    assert client.get(path(stranger, "sua")).status_code == 200


def test_a_merged_record_is_put_right_by_the_one_that_speaks(client: Client, station: Station) -> None:
    ready(station, person=(person := station.person()))
    kept = station.person(full_name="Bùi Thị Ngát Mới", address="Tổ 4", birth_date="05/11/1970", identity_numbers=())
    merge(kept_id=kept.id, merged_id=person.id, evidence={"reasons": []}, by=station.head.id)
    assert "Bùi Thị Ngát Mới" in client.get(path(person, "sua")).content.decode()
    said = {"full_name": "Bùi Thị Ngát Mới", "birth_date": "04/09/1967", "sex": "female", "identity_number": ""}
    assert client.post(path(person, "sua"), said).status_code == 302
    kept.refresh_from_db()
    assert (kept.birth_date.isoformat(), kept.address) == ("1967-09-04", "Tổ 4")


def test_an_id_alone_opens_nobody_and_leaves_nothing_that_would_open_him_later(
    client: Client, station: Station
) -> None:
    stranger = open_station().person()
    visit = {"session_id": station.session.id, "visit_id": "01900000-0000-7000-8000-0000000000aa"}
    for way in Visit.Way.values:
        assert client.get(f"/diem-tiem/nguoi/{way}/{stranger.id}/").status_code == 404
        assert client.post(f"/diem-tiem/nguoi/{way}/{stranger.id}/", visit).status_code == 404
    assert not ReadEntry.objects.filter(person_id=stranger.id).exists()
    assert not Visit.objects.filter(person=stranger).exists()
    assert client.get(path(stranger, "sua")).status_code == 404


def test_looks_for_other_reasons_are_no_meeting(client: Client, station: Station) -> None:
    stranger = open_station().person()
    facility_id = station.facility.id
    audit.read(person_id=stranger.id, by=station.nurse.id, reason="population_check", facility_id=facility_id)
    assert client.get(path(stranger, "sua")).status_code == 404
    assert client.get(f"/diem-tiem/nguoi/typed/{stranger.id}/").status_code == 404


def test_who_showed_his_code_is_open_for_half_an_hour(client: Client, station: Station, settings: Any) -> None:
    stranger = open_station().person()
    page = client.post("/diem-tiem/quet/", {"text": number_of(stranger)}, follow=True)
    assert page.status_code == 200
    assert stranger.full_name in page.content.decode()
    settings.CLOCK_OFFSET += timedelta(minutes=31)
    assert client.get(f"/diem-tiem/nguoi/typed/{stranger.id}/").status_code == 404


def test_another_site_is_not_let_in_by_the_code_that_was_shown_here(client: Client, station: Station) -> None:
    stranger, elsewhere = open_station().person(), open_station()
    client.post("/diem-tiem/quet/", {"text": number_of(stranger)})
    other = Client()
    other.force_login(elsewhere.nurse)
    assert other.get(f"/diem-tiem/nguoi/typed/{stranger.id}/").status_code == 404


def test_who_is_invited_today_is_open_without_a_code(client: Client, station: Station) -> None:
    stranger, now = open_station().person(), clock.now()
    registration = Registration.objects.create(
        campaign=station.session.campaign, person=stranger, priority_group=16, history={}, source="site",
        registered_at=now,
    )  # fmt: skip
    Invitation.objects.create(
        session=station.session, facility=station.facility, registration=registration, person=stranger, slot_at=now,
        invited_at=now,
    )  # fmt: skip
    assert client.get(f"/diem-tiem/nguoi/typed/{stranger.id}/").status_code == 200
