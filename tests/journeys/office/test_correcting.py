"""A head who sees a wrong dose corrects it; what was certified by it falls, and is certified anew."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.ledger import given_dose, signed_day
from tests.station import PASSWORD, Station, open_station
from tiemchung.doses import actions as doses
from tiemchung.doses.models import Dose, DoseFinding
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import ReadEntry
from tiemchung.passports import actions_issue, actions_revoke
from tiemchung.passports.models import Passport, Revocation
from tiemchung.people.models import IdentityNumber

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
REVIEW = "/van-phong/ky-du-lieu/"


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def head(client: Client, station: Station) -> Client:
    client.login(username=station.head.username, password=PASSWORD)
    return client


def page_of(dose: Dose) -> str:
    return f"{REVIEW}mui/{dose.id}/"


def doubted(station: Station) -> Dose:
    """A dose of an unknown lot, entered from paper."""
    return doses.report(
        person_id=station.person(full_name="Đặng Quang Lộc").id, product="AZ", lot_number="KHONGCO",
        injected_at=clock.now() - timedelta(days=3), by=station.head,
    )  # fmt: skip


def correction(dose: Dose, **changes: str) -> dict[str, str]:
    local = clock.local(dose.injected_at)
    said = {"new_dose_id": str(new_id()), "product": dose.product, "lot_number": dose.lot_number}
    return said | {"injected_on": f"{local:%d/%m/%Y}", "injected_time": f"{local:%H:%M}"} | changes


def test_the_review_leads_to_the_dose_with_its_findings(head: Client, station: Station) -> None:
    dose = doubted(station)
    assert f'href="{page_of(dose)}"' in head.get(REVIEW).content.decode()
    shown = head.get(page_of(dose)).content.decode()
    assert "Đặng Quang Lộc" in shown
    assert "KHONGCO" in shown
    assert all(finding.vi in shown.replace("&quot;", '"') for finding in dose.findings.all())


def test_who_looked_at_the_dose_can_be_seen_by_the_person(head: Client, station: Station) -> None:
    dose = doubted(station)
    head.get(page_of(dose))
    entry = ReadEntry.objects.get(reason="correct_dose")
    assert (entry.person_id, entry.by, entry.facility_id) == (dose.person_id, station.head.id, station.facility.id)


def test_a_wrong_lot_is_corrected_and_the_dose_no_longer_waits_for_a_look(head: Client, station: Station) -> None:
    dose = doubted(station)
    answer = head.post(page_of(dose), correction(dose, lot_number=station.lot.number), follow=True).content.decode()
    assert "Đã sửa. Mũi mới chờ ký." in answer
    later = Dose.objects.get(supersedes=dose)
    assert (later.lot, later.injected_at, later.recorded_by) == (station.lot, dose.injected_at, station.head.id)
    assert not DoseFinding.objects.filter(code="lot_unknown", resolved_at=None).exists()


def test_product_and_time_are_corrected_too(head: Client, station: Station) -> None:
    dose = given_dose(station, station.person(), clock.today() - timedelta(days=5))
    head.post(page_of(dose), correction(dose, product="PF", injected_on="08/05/2022", injected_time="14:20"))
    later = Dose.objects.get(supersedes=dose)
    assert later.product == "PF"
    assert f"{clock.local(later.injected_at):%d/%m/%Y %H:%M}" == "08/05/2022 14:20"


def test_pressing_twice_corrects_once(head: Client, station: Station) -> None:
    dose = doubted(station)
    fields = correction(dose, lot_number=station.lot.number)
    assert [head.post(page_of(dose), fields).status_code for _ in range(2)] == [302, 302]
    assert Dose.objects.filter(person=dose.person).count() == 2


@pytest.mark.parametrize(
    ("changes", "vi", "en"),
    [
        ({}, "Chưa sửa gì", "Nothing was changed"),
        ({"lot_number": ""}, "Chưa có số lô", "The lot number is missing"),
        ({"injected_on": "05/2022"}, "Cần đủ ngày, tháng, năm", "Day, month and year are needed"),
        ({"injected_time": "25:00"}, "Chưa đọc được giờ", "The time cannot be read"),
        ({"product": "??"}, "Chưa chọn vắc xin", "No vaccine is chosen"),
    ],
)
def test_a_correction_that_cannot_be_is_said_in_both_languages(
    head: Client, station: Station, changes: dict[str, str], vi: str, en: str
) -> None:
    dose = doubted(station)
    for language, words in (("vi", vi), ("en", en)):
        answer = head.post(page_of(dose), correction(dose, **changes), headers={"accept-language": language})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not Dose.objects.filter(supersedes=dose).exists()


def test_a_dose_that_never_was_is_voided_with_its_reason(head: Client, station: Station) -> None:
    dose = doubted(station)
    fields = {"void_id": str(new_id()), "reason": "Ghi nhầm người"}
    answers = [head.post(f"{page_of(dose)}huy", fields, follow=True).content.decode() for _ in range(2)]
    assert all("Đã hủy mũi này" in answer for answer in answers)
    assert Dose.objects.get(supersedes=dose).void_reason == "Ghi nhầm người"


def test_a_void_without_a_reason_is_refused_at_its_field(head: Client, station: Station) -> None:
    dose = doubted(station)
    answer = head.post(f"{page_of(dose)}huy", {"void_id": str(new_id()), "reason": " "})
    assert answer.status_code == 422
    assert "Chưa ghi lý do" in answer.content.decode()
    assert not Dose.objects.filter(supersedes=dose).exists()


def test_an_entry_that_no_longer_stands_is_shown_without_its_forms(head: Client, station: Station) -> None:
    dose = doubted(station)
    head.post(page_of(dose), correction(dose, lot_number=station.lot.number))
    shown = head.get(page_of(dose)).content.decode()
    assert "Mũi này đã được sửa hoặc hủy" in shown
    assert "Ghi mũi đã sửa" not in shown
    answer = head.post(page_of(dose), correction(dose, lot_number="KHAC"))
    assert answer.status_code == 422


def test_another_facility_s_dose_is_out_of_reach(head: Client) -> None:
    dose = doubted(open_station())
    assert head.get(page_of(dose)).status_code == 404
    assert head.post(page_of(dose), correction(dose, lot_number="X")).status_code == 404
    assert head.post(f"{page_of(dose)}huy", {"void_id": str(new_id()), "reason": "x"}).status_code == 404
    assert not ReadEntry.objects.filter(reason="correct_dose").exists()


def test_a_dose_of_ours_is_found_by_the_person_s_number(head: Client, station: Station) -> None:
    dose = given_dose(station, station.person(), clock.today() - timedelta(days=5))
    number = IdentityNumber.objects.get(person=dose.person).value
    assert f'href="{page_of(dose)}"' in head.post(f"{REVIEW}tim-mui/", {"text": number}).content.decode()
    elsewhere = open_station()
    theirs = given_dose(elsewhere, elsewhere.person(), clock.today())
    other = IdentityNumber.objects.get(person=theirs.person).value
    answer = head.post(f"{REVIEW}tim-mui/", {"text": other})
    assert answer.status_code == 422
    assert "Người này không có mũi nào của cơ sở" in answer.content.decode()
    assert theirs.person.full_name not in answer.content.decode()


def test_a_corrected_dose_takes_the_passport_with_it_and_a_new_one_follows(client: Client) -> None:
    day = signed_day(people=2)
    assert actions_issue.issue_due(by=None) == 2
    station, (person, neighbour) = day.station, day.people
    client.login(username=station.head.username, password=PASSWORD)
    wrong = Dose.objects.filter(person=person).order_by("injected_at").last()
    assert wrong

    client.post(page_of(wrong), correction(wrong, injected_on="20/12/2021"))
    assert actions_revoke.revoke_stale(by=None) == 1
    assert Revocation.objects.get().passport.person == person
    assert actions_issue.issue_due(by=None) == 0  # the new entry waits for the head's signature

    for finding in DoseFinding.objects.filter(person=person, resolved_at=None):
        client.post(f"{REVIEW}diem-can-xem/{finding.id}")
    client.post(f"{REVIEW}ky", {"seen_at": clock.now().isoformat(), "shown": "1"})
    assert actions_issue.issue_due(by=None) == 1
    renewed = Passport.objects.get(person=person, revocation=None)
    assert renewed.dose == Dose.objects.get(supersedes=wrong)
    assert Passport.objects.filter(person=neighbour, revocation=None).count() == 1
