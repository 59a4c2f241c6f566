"""A citizen reports a missing dose with a photo; the site does not answer; the district does, and he sees it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.station import PASSWORD, Station, open_station, staff
from tests.unit.complaints.test_complaints import picture
from tests.unit.people.made import citizen
from tiemchung.accounts.models import Account, Role
from tiemchung.complaints.models import Complaint, ComplaintPhoto
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import ReadEntry
from tiemchung.people.actions_merge import merge
from tiemchung.people.models import Holder, Person, Relation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
QUEUE = "/van-phong/phan-anh/"


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def person(station: Station) -> Person:
    return station.person(full_name="Bùi Thị Ngát")


@pytest.fixture
def book(person: Person) -> Client:
    account = citizen("0987654321")
    Holder.objects.create(account=account, person=person, relation=Relation.SELF, since=clock.now())
    client = Client()
    client.force_login(account)
    return client


def of(account: Account) -> Client:
    client = Client()
    client.login(username=account.username, password=PASSWORD)
    return client


def fields(station: Station, **changes: object) -> dict[str, object]:
    photo = SimpleUploadedFile("giay.jpg", picture().getvalue(), "image/jpeg")
    said = {"complaint_id": str(new_id()), "kind": "dose_missing", "text": "Thiếu mũi 1 ngày 10/03/2022"}
    return said | {"dose_id": "", "facility_id": str(station.facility.id), "photo": photo} | changes


def test_from_the_photo_to_the_dose(book: Client, person: Person, station: Station) -> None:
    address = f"/so/nguoi/{person.id}/phan-anh/"
    assert station.facility.name in book.get(address).content.decode()
    sent = book.post(address, fields(station), follow=True).content.decode()
    assert "Sẽ trả lời trong 48 giờ" in sent
    complaint, photo = Complaint.objects.get(), ComplaintPhoto.objects.get()
    head = of(station.head)
    assert "Thiếu mũi đã tiêm: Bùi Thị Ngát 1967" in head.get(QUEUE).content.decode()
    page = f"{QUEUE}{complaint.id}/"
    assert "Thiếu mũi 1 ngày 10/03/2022" in head.get(page).content.decode()
    looks = ReadEntry.objects.filter(person_id=person.id, by=station.head.id, reason="complaint")
    before = looks.count()
    shown = head.get(f"{QUEUE}anh/{photo.id}")
    assert looks.count() == before + 1
    assert (shown["Content-Type"], shown.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert "no-store" in shown["Cache-Control"]
    district = of(staff(Role.DISTRICT, None, "huyen", "Trung tâm y tế"))
    assert district.post(f"{page}nhan").status_code == 302
    entry = {"product": "AZ", "lot_number": station.lot.number, "injected_on": "10/03/2022", "injected_time": "08:30"}
    assert "Đã trả lời" in district.post(f"{page}ghi-mui", entry, follow=True).content.decode()
    assert "Đã chấp nhận và sửa" in book.get(f"/so/phan-anh/{complaint.id}/").content.decode()
    assert "10/03/2022" in book.get(f"/so/nguoi/{person.id}/chung-nhan/").content.decode()
    assert ReadEntry.objects.filter(person_id=person.id, reason="complaint").count() >= 2


def test_a_refusal_says_the_reason_and_the_cure(book: Client, person: Person, station: Station) -> None:
    book.post(f"/so/nguoi/{person.id}/phan-anh/", fields(station))
    complaint = Complaint.objects.get()
    head = of(station.head)
    answer = head.post(f"{QUEUE}{complaint.id}/tu-choi", {"reason": ""})
    assert (answer.status_code, "Chưa chọn lý do" in answer.content.decode()) == (422, True)
    head.post(f"{QUEUE}{complaint.id}/tu-choi", {"reason": "photo_blurred"})
    page = book.get(f"/so/phan-anh/{complaint.id}/").content.decode()
    assert "Ảnh bị mờ nên chưa đọc được. Xin chụp lại cả tờ, đủ sáng." in page
    assert QUEUE + str(complaint.id) not in head.get(QUEUE).content.decode()


def test_what_is_wrong_with_the_form_is_said_at_its_field(book: Client, person: Person, station: Station) -> None:
    address = f"/so/nguoi/{person.id}/phan-anh/"
    page = SimpleUploadedFile("giay.jpg", b"<script>alert(1)</script>", "image/jpeg")
    for changes, words in (
        ({"photo": page}, "Tệp này không đọc được như một ảnh"),
        ({"photo": ""}, "Chưa có ảnh giấy tiêm"),
        ({"text": ""}, "Chưa ghi rõ"),
        ({"kind": "dose_wrong"}, "Chưa chọn mũi"),
    ):
        answer = book.post(address, fields(station, **changes))
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not Complaint.objects.exists()


def test_overdue_is_seen_at_every_level(book: Client, person: Person, station: Station, settings: object) -> None:
    book.post(f"/so/nguoi/{person.id}/phan-anh/", fields(station))
    settings.CLOCK_OFFSET += timedelta(hours=49)  # type: ignore[attr-defined]
    for role in (Role.DISTRICT, Role.PROVINCE_HEALTH_DEPARTMENT, Role.MINISTRY):
        shown = of(staff(role, None, f"tk-{role}", "Tài khoản")).get(QUEUE).content.decode()
        assert "1 đã quá 48 giờ." in shown
        assert "Nơi để quá hạn" in shown
    book.force_login(Account.objects.get(username="0987654321"))
    assert "Quá 48 giờ" in book.get(f"/so/nguoi/{person.id}/phan-anh/").content.decode()


def test_nobody_else_sees_complaint_or_photo(book: Client, person: Person, station: Station) -> None:
    book.post(f"/so/nguoi/{person.id}/phan-anh/", fields(station))
    complaint, photo = Complaint.objects.get(), ComplaintPhoto.objects.get()
    other = Client()
    other.force_login(citizen("0911111111"))
    assert other.get(f"/so/phan-anh/{complaint.id}/").status_code == 404
    assert other.get(f"/so/nguoi/{person.id}/phan-anh/").status_code == 404
    stranger = of(open_station().head)
    assert stranger.get(f"{QUEUE}{complaint.id}/").status_code == 404
    assert stranger.get(f"{QUEUE}anh/{photo.id}").status_code == 404
    assert book.get(f"{QUEUE}anh/{photo.id}").status_code == 403
    assert Client().get(f"{QUEUE}anh/{photo.id}").status_code == 302


def test_taking_it_back(book: Client, person: Person, station: Station) -> None:
    book.post(f"/so/nguoi/{person.id}/phan-anh/", fields(station))
    complaint = Complaint.objects.get()
    assert "Đã rút" in book.post(f"/so/phan-anh/{complaint.id}/rut", follow=True).content.decode()
    assert str(complaint.id) not in of(station.head).get(QUEUE).content.decode()


def test_a_merged_record_is_corrected_by_the_one_that_speaks(book: Client, person: Person, station: Station) -> None:
    said = fields(station, kind="person_wrong", text="Sai ngày sinh")
    book.post(f"/so/nguoi/{person.id}/phan-anh/", said)
    kept = station.person(full_name="Bùi Thị Ngát Mới", address="Tổ 4", birth_date="05/11/1970", identity_numbers=())
    merge(kept_id=kept.id, merged_id=person.id, evidence={"reasons": []}, by=new_id())
    page, head = f"{QUEUE}{Complaint.objects.get().id}/", of(station.head)
    assert "Bùi Thị Ngát Mới" in head.get(page).content.decode()
    entry = {"full_name": "Bùi Thị Ngát Mới", "birth_date": "04/09/1967", "sex": "female", "identity_number": ""}
    assert "Đã trả lời" in head.post(f"{page}sua-nguoi", entry, follow=True).content.decode()
    kept.refresh_from_db()
    assert (kept.birth_date.isoformat(), kept.address) == ("1967-09-04", "Tổ 4")
