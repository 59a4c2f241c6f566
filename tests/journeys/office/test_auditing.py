"""An auditor follows a person, an account, an hour and an alarm; each of his looks is written down like anybody's."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.station import PASSWORD, Station, open_station, staff
from tiemchung.accounts.models import Account, Role
from tiemchung.doses import arrivals
from tiemchung.ground import audit, clock
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry, ReadEntry
from tiemchung.oversight import actions_alarm, trail
from tiemchung.oversight.models import Alarm, AlarmFinding
from tiemchung.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
HOME = "/van-phong/kiem-toan/"


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def person(station: Station) -> Person:
    """Somebody whom the nurse has looked for."""
    found = station.person(identity_numbers=(("cccd", "001167999017"),))
    arrivals.scan("001167999017", by=station.nurse)
    return found


@pytest.fixture
def auditor() -> Account:
    return staff(Role.AUDITOR, None, "kiem-toan", "Kiểm toán viên Mai")


@pytest.fixture
def desk(client: Client, auditor: Account) -> Client:
    client.login(username=auditor.username, password=PASSWORD)
    return client


def page(desk: Client, name: str, *arguments: Any) -> str:
    response = desk.get(reverse(f"office:{name}", args=arguments))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("asked", ["qid", "id", "number"])
def test_a_person_is_found_without_his_name_or_number_in_the_address(desk: Client, person: Person, asked: str) -> None:
    text = {"qid": person.qid, "id": str(person.id), "number": "001167999017"}[asked]
    response = desk.post(HOME, {"text": text})
    assert response["Location"] == reverse("office:audit-person", args=[person.id])


def test_who_looked_at_a_person_is_shown_and_the_auditor_s_own_look_is_written(
    desk: Client, person: Person, auditor: Account, station: Station
) -> None:
    shown = page(desk, "audit-person", person.id)
    assert station.nurse.username in shown
    assert "Tìm hồ sơ để tiếp đón" in shown
    assert "Khai một người" in shown
    assert person.full_name not in shown
    look = ReadEntry.objects.get(by=auditor.id)
    assert (look.person_id, look.reason, look.page) == (person.id, "audit", "office:audit-person")


def test_an_account_s_looks_and_look_ups_are_shown(
    desk: Client, person: Person, station: Station, auditor: Account
) -> None:
    response = desk.post(HOME, {"text": station.nurse.username})
    assert response["Location"] == reverse("office:audit-account", args=[station.nurse.id])
    shown = page(desk, "audit-account", station.nurse.id)
    assert "Tra số định danh: có người" in shown
    assert "001167999017" not in shown
    assert AuditEntry.objects.get(act="oversight.look", by=auditor.id).subject == station.nurse.id


def test_an_hour_is_shown(desk: Client, person: Person) -> None:
    now = clock.local(clock.now())
    response = desk.post(HOME, {"day": f"{now:%d/%m/%Y}", "hour": str(now.hour)}, follow=True)
    assert "Khai một người" in response.content.decode()
    earlier = desk.post(HOME, {"day": "01/01/2022", "hour": "3"}, follow=True)
    assert "Không có gì trong nhật ký" in earlier.content.decode()


@pytest.mark.parametrize(
    ("said", "cure"),
    [
        ({"text": ""}, "Gõ QID"),
        ({"text": "khong-co-ai"}, "khong-co-ai"),
        ({"text": "01900000-0000-7000-8000-000000000000"}, "Không có hồ sơ này"),
        ({"day": "31/02/2022", "hour": "3"}, "31/02/2022"),
        ({"day": "01/01/2022", "hour": "27"}, "Giờ từ 0 đến 23"),
    ],
)
def test_what_cannot_be_looked_for_is_said_at_its_field(desk: Client, said: dict[str, str], cure: str) -> None:
    response = desk.post(HOME, said)
    assert response.status_code == 422
    assert cure in response.content.decode()


def test_a_long_trail_goes_on_page_by_page_without_loss(person: Person, station: Station) -> None:
    at = clock.now()
    ReadEntry.objects.bulk_create(
        ReadEntry(at=at, by=station.nurse.id, person_id=person.id, reason="scan") for _ in range(70)
    )
    for _ in range(60):
        audit.record("tests.act", by=station.nurse.id, person_id=person.id)
    seen, after = [], ""
    while True:
        shown = trail.of_person(person.id, after)
        seen += [row["key"] for row in shown.rows]
        after = shown.after
        if not after:
            break
    written = (
        ReadEntry.objects.filter(person_id=person.id).count() + AuditEntry.objects.filter(person_id=person.id).count()
    )
    assert len(seen) == len(set(seen)) == written > 130


def test_a_page_that_no_page_named_is_not_there(desk: Client, person: Person) -> None:
    address = reverse("office:audit-person", args=[person.id])
    assert desk.get(address, {"after": "gestern~x"}).status_code == 404
    assert desk.get("/van-phong/kiem-toan/gio/99999999999999999999/").status_code == 404


@pytest.fixture
def alarm(station: Station) -> Alarm:
    ReadEntry.objects.bulk_create(
        ReadEntry(
            at=clock.now() - timedelta(minutes=number % 50), by=station.nurse.id, person_id=new_id(), reason="scan"
        )
        for number in list(range(50)) + list(range(20))
    )
    actions_alarm.raise_due()
    return Alarm.objects.get()


def test_an_alarm_is_looked_at_and_stays(desk: Client, alarm: Alarm, station: Station, auditor: Account) -> None:
    assert "1 báo động chưa xem" in page(desk, "audit")
    shown = page(desk, "audit-alarm", alarm.id)
    assert "Xem hồ sơ nhiều người mà không làm gì cho họ" in shown
    assert station.nurse.username in shown
    answer = desk.post(
        reverse("office:audit-alarm", args=[alarm.id]), {"finding": "misuse", "note": "đã gọi trạm"}, follow=True
    )
    assert "Đã ghi kết luận." in answer.content.decode()
    assert "đã gọi trạm" in answer.content.decode()
    assert AlarmFinding.objects.get().by == auditor.id
    assert "Không có báo động nào chưa xem" in page(desk, "audit")
    assert "Đã xem" in page(desk, "audit-alarms")


def test_a_finding_must_be_chosen(desk: Client, alarm: Alarm) -> None:
    response = desk.post(reverse("office:audit-alarm", args=[alarm.id]), {"note": "x"})
    assert response.status_code == 422
    assert "Chưa chọn kết luận" in response.content.decode()
    assert not AlarmFinding.objects.exists()
