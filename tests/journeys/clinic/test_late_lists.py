"""A clerk sends the site's list of doses that were not entered: what became of it is told line by line."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.station import Station, staff
from tests.unit.doses.test_import import HEADER, line, somebody
from tiemchung.accounts.models import Role
from tiemchung.clinic import late_lists
from tiemchung.doses.models import Dose

pytestmark = pytest.mark.django_db
PAGE = "/diem-tiem/nhap-sau/danh-sach/"


def send(client: Client, text: str | bytes):
    data = text.encode() if isinstance(text, str) else text
    return client.post(PAGE, {"file": SimpleUploadedFile("mui.csv", data, "text/csv")})


def clerk(client: Client, station: Station) -> Client:
    client.force_login(staff(Role.DATA_CLERK, station.facility, "van-thu", "Văn thư Lò Văn Pản"))
    return client


def test_good_lines_are_recorded_and_the_others_named_with_their_cure(client, station):
    somebody(station)
    text = HEADER + line(station) + line(station, number="001167009999") + line(station, injected_on="hôm qua")
    page = send(clerk(client, station), text)
    assert page.status_code == 200
    words = page.content.decode()
    assert "Không có hồ sơ nào mang số, họ tên và ngày sinh này" in words
    assert "Cột injected_on chưa đọc được. Ghi như 10/03/2022." in words
    assert "001167009999" not in words
    assert Dose.objects.get().facility == station.facility


def test_the_same_file_again_is_told_as_known(client, station):
    somebody(station)
    sender = clerk(client, station)
    for recorded, known in ((1, 0), (0, 1)):
        done = send(sender, HEADER + line(station)).context["done"]
        assert (done.recorded, done.known) == (recorded, known)


def test_what_is_no_list_or_too_long_is_refused_at_its_field(client, station, monkeypatch):
    sender = clerk(client, station)
    monkeypatch.setattr(late_lists, "MOST_LINES", 1)
    for text in ("number\n", b"\xff\xfe", HEADER + 2 * line(station), ""):
        page = send(sender, text)
        assert page.status_code == 422
        assert "file" in page.context["form"].errors
    assert not Dose.objects.exists()


def test_a_vaccinator_sends_no_list(nurse):
    assert nurse.get(PAGE).status_code == 403
    assert PAGE not in nurse.get("/diem-tiem/nhap-sau/").content.decode()
