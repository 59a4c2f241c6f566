"""What a device sent and could not be taken is seen at the site, and tried again with one button."""

import re

import pytest

from tests.device import Device
from tests.station import open_station
from tiemchung.ground.ids import new_id
from tiemchung.visits.models import Visit

pytestmark = pytest.mark.django_db
PAGE = "/diem-tiem/cho-xu-ly/"


@pytest.fixture
def device(client, station) -> Device:
    client.force_login(station.nurse)
    return Device(client, station)


def declared(device, person_id):
    content = {"person_id": person_id, "full_name": "Lường Thị Mận", "birth_date": "03/09/1967", "sex": "female"}
    return device.event("person_declared", content)


def press_retry(client, page):
    address = re.search(rf'action="({PAGE}[^"]+)"', page.content.decode())[1]
    return client.post(address, follow=True)


def test_today_names_what_waits_only_when_something_does(nurse, device):
    assert PAGE not in nurse.get("/diem-tiem/").content.decode()
    device.send(device.checked_in(new_id(), new_id()))
    today = nurse.get("/diem-tiem/").content.decode()
    assert PAGE in today
    assert "1 mục chưa ghi được" in today


def test_the_page_says_what_when_and_why(nurse, device):
    device.send(device.checked_in(new_id(), new_id()))
    page = nurse.get(PAGE).content.decode()
    assert "Tiếp đón" in page
    assert "09:00 ngày 14/05/2022" in page
    assert "Không thấy người này." in page
    assert "Thử lại" in page
    nurse.cookies["django_language"] = "en"
    assert "This person is not found." in nurse.get(PAGE).content.decode()


def test_trying_again_takes_the_event_in_or_says_why_not(client, station, device):
    client.force_login(station.head)
    person_id = new_id()
    device.send(device.checked_in(new_id(), person_id))
    page = client.get(PAGE)
    assert "Không thấy người này." in press_retry(client, page).content.decode()
    device.send(declared(device, person_id))
    assert "Đã ghi." in press_retry(client, page).content.decode()
    assert Visit.objects.filter(person_id=person_id).count() == 1
    assert "Đã ghi." in press_retry(client, page).content.decode()
    assert "Không có mục nào chờ" in client.get(PAGE).content.decode()


def test_another_site_neither_sees_nor_tries_it(client, device):
    device.send(device.checked_in(new_id(), new_id()))
    address = re.search(rf'action="({PAGE}[^"]+)"', client.get(PAGE).content.decode())[1]
    client.force_login(open_station().nurse)
    assert "Tiếp đón" not in client.get(PAGE).content.decode()
    assert client.post(address).status_code == 404
