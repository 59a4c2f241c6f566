"""A head signs the day's doses, a signer issues passports, the ministry sees how far all have come."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.ledger import attested, enrol_keys, full_course, given_dose, judged, signed_day
from tests.station import PASSWORD, Station, account_of, open_station, staff
from tiemchung.accounts.models import Role
from tiemchung.doses import actions as doses
from tiemchung.doses.models import DoseFinding
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import ReadEntry
from tiemchung.passports import actions, actions_issue
from tiemchung.passports.models import Attestation, AttestedDose, Passport, SignerCertificate
from tiemchung.people.models import Person, PersonStatement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def station() -> Station:
    found = open_station()
    enrol_keys(found.facility.id)
    return found


@pytest.fixture
def head(client: Client, station: Station) -> Client:
    client.login(username=station.head.username, password=PASSWORD)
    return client


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def sign(client: Client, **fields: Any) -> str:
    return client.post("/van-phong/ky-du-lieu/ky", fields, follow=True).content.decode()


def doubted(station: Station) -> DoseFinding:
    doses.report(
        person_id=station.person(full_name="Đặng Quang Lộc").id, product="AZ", lot_number="KHONGCO",
        injected_at=clock.now() - timedelta(days=3), by=station.head,
    )  # fmt: skip
    return DoseFinding.objects.get(code="lot_unknown")


def test_a_head_sees_what_waits_and_signs_it_at_once(head: Client, station: Station) -> None:
    full_course(station)
    assert "Ký 2 mũi" in page(head, "/van-phong/")
    assert "Không có mũi nào lạ." in page(head, "/van-phong/ky-du-lieu/")
    assert "Ký 2 mũi" in page(head, "/van-phong/ky-du-lieu/ky")
    done = sign(head, seen_at=clock.now().isoformat())
    assert "Đã ký 2 mũi" in done
    assert "Chữ ký đúng" in done
    assert "Không còn mũi nào chờ ký" in page(head, "/van-phong/")


def test_pressing_twice_signs_once_and_says_the_same(head: Client, station: Station) -> None:
    full_course(station)
    fields = {"seen_at": clock.now().isoformat(), "attestation_id": str(new_id())}
    first, second = (head.post("/van-phong/ky-du-lieu/ky", fields)["Location"] for _ in range(2))
    assert first == second == f"/van-phong/ky-du-lieu/lo/{fields['attestation_id']}"
    assert Attestation.objects.count() == 1


def test_what_came_after_the_page_was_seen_is_not_signed(head: Client, station: Station) -> None:
    full_course(station)
    seen_at = clock.now().isoformat()
    full_course(station)
    sign(head, seen_at=seen_at)
    assert AttestedDose.objects.count() == 2


def test_a_finding_resolved_after_the_page_was_seen_adds_nothing_to_what_is_signed(
    head: Client, station: Station
) -> None:
    finding = doubted(station)
    full_course(station)
    seen_at = clock.now().isoformat()
    for each in DoseFinding.objects.filter(resolved_at=None):
        doses.resolve(finding_id=each.id, by=station.head)
    sign(head, seen_at=seen_at)
    assert AttestedDose.objects.count() == 2
    assert not AttestedDose.objects.filter(dose=finding.dose).exists()


def test_who_signs_what_a_colleague_just_signed_is_told_so(head: Client, station: Station) -> None:
    first, _second = full_course(station), full_course(station)
    seen = {"seen_at": clock.now().isoformat(), "shown": "4", "attestation_id": str(new_id())}
    attested(station, first)
    assert "2 mũi trong lô vừa được người khác ký hoặc sửa" in sign(head, **seen)
    assert AttestedDose.objects.count() == 2


def test_a_colleague_who_signs_between_the_look_and_the_lock_is_named_as_the_reason(
    head: Client, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second = full_course(station), full_course(station)
    attest = actions.attest

    def overtaken(**batch: Any) -> Attestation:
        attested_first = list(first.dose_set.values_list("id", flat=True))
        attest(facility_id=station.facility.id, dose_ids=attested_first, by=station.head.id)
        return attest(**batch)

    monkeypatch.setattr(actions, "attest", overtaken)
    answer = sign(head, seen_at=clock.now().isoformat(), shown="4")
    assert "2 mũi trong lô vừa được người khác ký hoặc sửa" in answer


def test_the_province_signs_what_a_site_of_its_own_left_unsigned(station: Station) -> None:
    full_course(station)
    doubted(station)
    cdc = Client()
    cdc.force_login(account_of(Role.PROVINCE_CDC))
    listed = page(cdc, "/van-phong/ky-du-lieu/co-so/")
    assert station.facility.name in listed
    assert "2 mũi, cũ nhất ngày 15/09/2021" in listed
    address = f"/van-phong/ky-du-lieu/co-so/{station.facility.id}"
    assert f"tỉnh bảo đảm thay {station.facility.name}" in page(cdc, address)
    done = cdc.post(address, {"seen_at": clock.now().isoformat(), "shown": "2"}, follow=True)
    assert "Đã ký 2 mũi" in done.content.decode()
    assert "Mọi cơ sở đã ký hết." in page(cdc, "/van-phong/ky-du-lieu/co-so/")


@pytest.mark.parametrize("seen_at", ["", "hôm qua", "2022-13-45T00:00", "2022-05-14T10:00"])
def test_a_page_without_its_time_signs_what_is_there_now(head: Client, station: Station, seen_at: str) -> None:
    full_course(station)
    sign(head, seen_at=seen_at, attestation_id="không phải id")
    assert AttestedDose.objects.count() == 2


def test_nothing_to_sign_is_said_and_not_an_error(head: Client) -> None:
    assert "Chọn từ 1 đến 10.000 mũi" in sign(head, seen_at=clock.now().isoformat())


def test_without_a_key_it_is_said_whom_to_tell(head: Client, station: Station) -> None:
    full_course(station)
    SignerCertificate.objects.update(withdrawn_at=clock.now())
    assert "Báo người giữ khóa" in sign(head, seen_at=clock.now().isoformat())


def test_an_odd_dose_is_shown_first_left_out_and_signed_once_it_is_said_to_stand(
    head: Client, station: Station
) -> None:
    finding = doubted(station)
    full_course(station)
    review = page(head, "/van-phong/ky-du-lieu/")
    assert finding.vi in review.replace("&quot;", '"')
    assert "Đặng Quang Lộc" in review
    sign(head, seen_at=clock.now().isoformat())
    assert AttestedDose.objects.count() == 2
    while open_one := DoseFinding.objects.filter(resolved_at=None).first():
        head.post(f"/van-phong/ky-du-lieu/diem-can-xem/{open_one.id}")
    sign(head, seen_at=clock.now().isoformat())
    assert AttestedDose.objects.filter(dose=finding.dose).exists()


def test_the_persons_whose_names_were_shown_can_see_who_looked(head: Client, station: Station) -> None:
    finding = doubted(station)
    page(head, "/van-phong/ky-du-lieu/")
    entry = ReadEntry.objects.get(reason="review_before_signing")
    assert (entry.person_id, entry.by, entry.facility_id) == (
        finding.person_id,
        station.head.id,
        station.facility.id,
    )


def test_another_facility_is_out_of_reach(head: Client) -> None:
    other = signed_day(people=1)
    finding = doubted(other.station)
    before = AttestedDose.objects.count()
    assert head.get(f"/van-phong/ky-du-lieu/lo/{other.attestation.id}").status_code in {403, 404}
    head.post(f"/van-phong/ky-du-lieu/diem-can-xem/{finding.id}")
    finding.refresh_from_db()
    assert finding.resolved_at is None
    assert "Đặng Quang Lộc" not in page(head, "/van-phong/ky-du-lieu/")
    sign(head, seen_at=clock.now().isoformat())
    assert AttestedDose.objects.count() == before


def test_the_batch_is_held_against_the_tally(head: Client, station: Station) -> None:
    given_dose(station, station.person(), clock.today(), session_id=station.session.id)
    doses.type_tally(session_id=station.session.id, product="AZ", doses=1, by=station.head)
    assert "Khớp với 1 mũi báo trên giấy" in page(head, "/van-phong/ky-du-lieu/")
    doses.type_tally(session_id=station.session.id, product="AZ", doses=4, by=station.head)
    assert "Giấy báo 4, sổ ghi 1" in page(head, "/van-phong/ky-du-lieu/")


@pytest.fixture
def signer(client: Client) -> Client:
    staff(Role.NATIONAL_SIGNER, None, "nguoi-ky", "Người ký")
    client.login(username="nguoi-ky", password=PASSWORD)
    return client


def test_a_signer_issues_what_is_due_and_pressing_twice_issues_nothing_twice(signer: Client) -> None:
    signed_day(people=2)
    answers = [signer.post("/van-phong/ho-chieu/ky", follow=True).content.decode() for _ in range(2)]
    assert "Đã ký 2 hộ chiếu, thu hồi 0." in answers[0]
    assert "Đã ký 0 hộ chiếu, thu hồi 0." in answers[1]
    assert Passport.objects.count() == 2


def test_a_signer_without_a_key_is_told_whom_to_ask(signer: Client) -> None:
    assert "Chưa có khóa ký còn hạn" in page(signer, "/van-phong/ho-chieu/")
    day = signed_day(people=1)
    SignerCertificate.objects.filter(facility=None).update(withdrawn_at=clock.now())
    assert "Báo người giữ khóa" in signer.post("/van-phong/ho-chieu/ky", follow=True).content.decode()
    assert day.attestation.leaves == 2


def test_the_way_to_the_passport_is_counted_in_persons(client: Client, station: Station) -> None:
    ministry = staff(Role.MINISTRY, None, "bo-y-te", "Bộ Y tế")
    client.login(username="bo-y-te", password=PASSWORD)
    signed_day(people=3)
    judged(full_course(station), "wrong", {"sex": "other"})
    given_dose(station, station.person(identity_numbers=()), date(2022, 5, 1))
    actions_issue.issue_due(by=None)
    text = page(client, "/van-phong/")
    assert "Từ mũi tiêm đến hộ chiếu" in text
    assert station.facility.name in text
    from tiemchung.office.views import of_nation

    funnel = of_nation(ministry)["funnel"]
    assert (funnel["vaccinated"], funnel["right"], funnel["wrong"], funnel["not_sent"], funnel["passports"]) == (
        5, 3, 1, 1, 3,
    )  # fmt: skip


def hindered(station: Station, full_name: str) -> None:
    """Somebody of a station whose name cannot be written in a passport, though all else is there."""
    person = full_course(station)
    judged(person)
    attested(station, person)
    Person.objects.filter(id=person.id).update(full_name=full_name)
    actions_issue.issue_due(by=None)


def test_a_head_sees_who_of_his_cannot_get_a_passport_with_field_and_cure(head: Client, station: Station) -> None:
    hindered(station, "Nguyễn 龍")
    elsewhere = open_station()
    enrol_keys(elsewhere.facility.id)
    hindered(elsewhere, "Trần 虎")
    shown = page(head, "/van-phong/ho-chieu/tro-ngai/")
    assert "Nguyễn 龍 1967" in shown
    assert "Vui lòng nhập tên Latinh như trên hộ chiếu." in shown
    assert "Trần" not in shown
    entry = ReadEntry.objects.get(reason="passport_hindrance")
    assert (entry.by, entry.facility_id) == (station.head.id, station.facility.id)


def test_the_signer_is_told_how_many_cannot_get_one_and_sees_the_nations(client: Client, station: Station) -> None:
    hindered(station, "Nguyễn 龍")
    client.force_login(staff(Role.NATIONAL_SIGNER, None, "nguoi-ky", "Cục Y tế dự phòng"))
    assert "1 người đủ điều kiện mà chưa cấp được" in page(client, "/van-phong/ho-chieu/")
    assert "Nguyễn 龍" in page(client, "/van-phong/ho-chieu/tro-ngai/")


def test_who_stated_something_else_since_waits_and_is_not_listed(head: Client, station: Station) -> None:
    hindered(station, "Nguyễn 龍")
    person = Person.objects.get(full_name="Nguyễn 龍")
    PersonStatement.objects.create(person=person, at=clock.now(), source="site", digest="-", content={})
    assert "Không ai bị vướng" in page(head, "/van-phong/ho-chieu/tro-ngai/")


def test_the_signer_is_told_of_as_many_as_he_sees(client: Client, station: Station) -> None:
    for name in ("Nguyễn 龍", "Trần 虎"):
        hindered(station, name)
    person = Person.objects.get(full_name="Trần 虎")
    PersonStatement.objects.create(person=person, at=clock.now(), source="site", digest="-", content={})
    client.force_login(staff(Role.NATIONAL_SIGNER, None, "nguoi-ky", "Cục Y tế dự phòng"))
    assert "1 người đủ điều kiện mà chưa cấp được" in page(client, "/van-phong/ho-chieu/")
    shown = page(client, "/van-phong/ho-chieu/tro-ngai/")
    assert ("Nguyễn 龍" in shown, "Trần 虎" in shown) == (True, False)
