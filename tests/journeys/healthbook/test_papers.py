"""What a citizen sees and shows: card, code, passport, appointments, who looked."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.journeys.healthbook.book import account, add, page, person_of, sign_up
from tests.ledger import attested, enrol_keys, judged
from tests.station import Station, give, live_on_the_day, open_station, staff
from tests.unit.people.made import citizen, declared
from tiemchung.accounts.models import Role
from tiemchung.campaigns.actions import invite
from tiemchung.ground import audit
from tiemchung.ground.models import ReadEntry
from tiemchung.look.qr import qr_svg
from tiemchung.passports import actions_issue
from tiemchung.passports.models import Passport
from tiemchung.people.actions import hold
from tiemchung.people.models import Person, Relation
from tiemchung.people.personal_qr import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    live_on_the_day(settings)


@pytest.fixture
def station() -> Station:
    return open_station(product="PF")


@pytest.fixture
def book(client: Client, station: Station) -> Client:
    """A citizen with herself in the book."""
    sign_up(client)
    add(client)
    return client


@pytest.fixture
def hanh(book: Client) -> Person:
    return Person.objects.get(full_name="Nguyễn Thị Thu Hạnh")


def vaccinated(station: Station, person: Person, *days_ago: int) -> None:
    for days in days_ago:
        give(station, person, days_ago=days)


def with_passport(station: Station, person: Person, settings, tmp_path) -> Passport:
    """Attest the doses of a person and sign his passport."""
    settings.KEYS_FOLDER, settings.PRACTICE = tmp_path, True
    enrol_keys(station.facility.id)
    attested(station, person)
    actions_issue.issue_due(by=None)
    return Passport.objects.get(person=person)


def test_a_person_without_doses_has_a_blank_card_that_says_why(book: Client, hanh: Person):
    shown = page(book, "card", hanh.id)
    assert "Chưa có thẻ" in shown
    assert "Chưa tiêm mũi nào" in shown
    assert "3355/QĐ-BYT" in shown


def test_one_dose_gives_yellow_and_says_when_the_next_is_due_and_by_which_rule(book: Client, hanh: Person, station):
    vaccinated(station, hanh, 10)
    shown = page(book, "card", hanh.id)
    assert "Thẻ vàng, một mũi" in shown
    assert "Vì sao là thẻ vàng" in shown
    assert "cách ít nhất 21 ngày, từ 25/05/2022" in shown
    assert "1209/VSDTTU-TCQG" in shown
    for word in ("Mũi 1", "04/05/2022", "Pfizer", station.lot.number, station.facility.name):
        assert word in shown


def test_two_doses_give_green(book: Client, hanh: Person, station):
    vaccinated(station, hanh, 60, 30)
    shown = page(book, "card", hanh.id)
    assert "Thẻ xanh, đủ liều" in shown
    assert "Đã được tiêm phòng vắc xin Covid-19" in shown
    assert "Đủ liều cơ bản từ ngày 14/04/2022" in shown


def test_a_dose_that_is_doubted_does_not_count_and_says_so(book: Client, hanh: Person, station):
    vaccinated(station, hanh, 60, 30)
    give(station, hanh, days_ago=20, lot_number="KHONG-CO")
    shown = page(book, "card", hanh.id)
    assert "Có mũi đang được xem lại" in shown
    assert "đang xem lại" in shown


def test_the_code_for_the_site_hides_number_and_day_of_birth_until_asked(book: Client, hanh: Person):
    masked = page(book, "code", hanh.id)
    assert "001184000017" not in masked
    assert "18/11/1984" not in masked
    assert "0017" in masked
    shown = book.get(reverse("healthbook:code", args=[hanh.id]), {"hien": ""}).content.decode()
    assert "001184000017" in shown
    assert "18/11/1984" in shown


def test_the_drawn_code_is_the_personal_qr(book: Client, hanh: Person):
    drawn = page(book, "code", hanh.id)
    assert str(qr_svg(text_of(hanh), "Mã QR cá nhân để đưa ở điểm tiêm")) in drawn


def test_without_a_full_course_the_passport_page_says_what_is_missing(book: Client, hanh: Person, station):
    vaccinated(station, hanh, 10)
    shown = page(book, "passport", hanh.id)
    assert "Chưa đủ liều cơ bản" in shown
    assert "từ 25/05/2022" in shown


@pytest.mark.parametrize(
    ("verdict", "fields", "said"),
    [
        ("wrong", {"number": "right", "birth_date": "day_month_swap"}, "Ngày sinh chưa khớp"),
        ("unknown", {}, "Số căn cước chưa khớp"),
    ],
)
def test_a_field_that_is_wrong_is_named_without_its_value_and_with_its_cure(
    book: Client, hanh: Person, station, verdict, fields, said
):
    vaccinated(station, hanh, 60, 30)
    judged(hanh, verdict, fields)
    shown = page(book, "passport", hanh.id)
    assert said in shown
    assert "day_month_swap" not in shown
    assert reverse("healthbook:correct", args=[hanh.id]) in shown
    assert said in page(book, "home")


def test_a_person_who_is_not_checked_yet_is_told_to_wait(book: Client, hanh: Person, station):
    vaccinated(station, hanh, 60, 30)
    assert "Đang đối chiếu dữ liệu dân cư" in page(book, "passport", hanh.id)


def test_a_person_without_a_number_is_told_to_add_one(book: Client, station):
    child = person_of(add(book, relation="other", full_name="Lê Thị Sáu", birth_date="1953", identity_number=""))
    vaccinated(station, child, 60, 30)
    assert "Thêm số" in page(book, "passport", child.id)
    assert "Thêm số" in page(book, "home")


def test_right_and_complete_waits_for_the_signature(book: Client, hanh: Person, station):
    vaccinated(station, hanh, 60, 30)
    judged(hanh)
    assert "Đang chờ ký" in page(book, "passport", hanh.id)


def test_correcting_a_field_changes_the_record_and_asks_to_wait(book: Client, hanh: Person):
    judged(hanh, "wrong", {"number": "right", "full_name": "accents"})
    filled = {
        "full_name": "Nguyễn Thị Thu Hạnh",
        "birth_date": "19/11/1984",
        "sex": "female",
        "nationality": "VN",
        "identity_number": "001184000017",
    }
    answer = book.post(reverse("healthbook:correct", args=[hanh.id]), filled)
    assert answer.url == reverse("healthbook:card", args=[hanh.id])
    hanh.refresh_from_db()
    assert hanh.birth_date.isoformat() == "1984-11-19"
    assert hanh.residence_id == "00001"


def test_a_correction_that_disagrees_with_the_number_is_refused_at_the_field(book: Client, hanh: Person):
    filled = {"full_name": "Nguyễn Thị Thu Hạnh", "birth_date": "1990", "sex": "female", "nationality": "VN"}
    answer = book.post(reverse("healthbook:correct", args=[hanh.id]), filled | {"identity_number": "001184000017"})
    assert answer.status_code == 422
    assert "thì sinh năm 1984" in answer.content.decode()


def test_what_is_right_is_not_corrected_here(book: Client, hanh: Person):
    judged(hanh)
    answer = book.get(reverse("healthbook:correct", args=[hanh.id]))
    assert answer.url == reverse("healthbook:card", args=[hanh.id])


def test_the_passport_shows_its_eleven_fields_and_who_vouched(book: Client, hanh: Person, station, settings, tmp_path):
    vaccinated(station, hanh, 60, 30)
    judged(hanh)
    held = with_passport(station, hanh, settings, tmp_path)
    shown = page(book, "passport", hanh.id)
    for word in (
        "Còn hiệu lực",
        "đến hết 14/05/2023",
        "Nguyễn Thị Thu Hạnh",
        "NGUYEN&lt;&lt;THI&lt;THU&lt;HANH",
        "18/11/1984",
        "Việt Nam",
        "COVID-19",
        "2/2",
        "14/04/2022",
        "Comirnaty",
        held.uvci,
        station.facility.name,
        "Cục Y tế dự phòng",
    ):
        assert word in shown, word
    assert "Hộ chiếu còn hạn" in page(book, "home")


def test_an_invitation_stands_on_the_family_page_with_time_and_place(book: Client, hanh: Person, station):
    invite(session_id=station.session.id, due=lambda session, ids: ids, by=station.head)
    for name in ("home", "calendar"):
        shown = page(book, name)
        assert "Thứ Bảy 14/5" in shown
        assert "07:00 – 08:00" in shown
        assert "mũi 1, Pfizer" in shown
        assert station.facility.name in shown


def test_who_waits_for_an_appointment_stands_in_the_calendar(book: Client):
    shown = page(book, "calendar")
    assert "Chưa có lịch hẹn" in shown
    assert "Nhóm 13, đăng ký ngày 14/05/2022" in shown


def test_who_looked_at_a_record_is_shown_by_office_and_reason(book: Client, hanh: Person, station):
    audit.read(person_id=hanh.id, by=station.nurse.id, reason="check_in", facility_id=station.facility.id)
    for name in ("home", "readers"):
        shown = page(book, name)
        assert station.facility.name in shown
        assert "Tiếp đón tại buổi tiêm" in shown
        assert station.nurse.display_name not in shown


def test_looks_of_the_population_side_other_holders_and_auditors_are_shown_as_offices(book: Client, hanh: Person):
    judged(hanh)
    auditor = staff(Role.AUDITOR, None, "kiem-toan", "Kiểm toán viên Mai")
    audit.read(person_id=hanh.id, by=auditor.id, reason="audit")
    other = staff(Role.CITIZEN, None, "+84912345678", "Lò Thị Mai")
    audit.read(person_id=hanh.id, by=other.id, reason="holder")
    shown = page(book, "readers")
    for said in ("Cơ sở dữ liệu quốc gia về dân cư", "Kiểm toán, Kiểm toán viên", "Người khác cùng giữ sổ này"):
        assert said in shown
    assert "Lò Thị Mai" not in shown


def test_what_the_holder_opens_himself_is_written_and_not_shown_to_him(book: Client, hanh: Person):
    book.get(reverse("healthbook:card", args=[hanh.id]))
    assert ReadEntry.objects.get(person_id=hanh.id).reason == "holder"
    assert "Chưa có ai xem" in page(book, "readers")


def test_looks_at_strangers_are_not_shown(book: Client, station):
    stranger = station.person()
    audit.read(person_id=stranger.id, by=station.nurse.id, reason="check_in", facility_id=station.facility.id)
    assert "Chưa có ai xem" in page(book, "readers")


@pytest.mark.parametrize("name", ["card", "code", "passport", "correct", "register"])
def test_the_pages_of_a_stranger_are_not_there(book: Client, name):
    stranger = declared(full_name="Lê Thị Sáu")
    assert book.get(reverse(f"healthbook:{name}", args=[stranger.id])).status_code == 404


def test_with_a_family_the_passports_are_a_list_and_with_one_person_his_page(book: Client, hanh: Person):
    alone = book.get(reverse("healthbook:passports"))
    assert alone.url == reverse("healthbook:passport", args=[hanh.id])
    add(book, relation="child", full_name="Trần Ngọc Minh Anh", birth_date="2009", identity_number="")
    assert "Trần Ngọc Minh Anh" in page(book, "passports")


def test_an_elder_is_greeted_as_such(client: Client, station):
    sign_up(client)
    elder = declared(full_name="Lê Thị Sáu", birth_date="1953", identity_numbers=())
    hold(account=account(), person=elder, relation=Relation.SELF, by=None)
    assert "Chào bác Sáu" in page(client, "home")


@pytest.mark.parametrize("name", ["home", "calendar", "passports", "readers", "add"])
def test_who_has_not_signed_in_is_asked_to(client: Client, name):
    answer = client.get(reverse(f"healthbook:{name}"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("portal:sign-in"))


def test_staff_have_no_health_book_here(client: Client, station):
    client.force_login(station.nurse)
    assert client.get(reverse("healthbook:home")).status_code == 403


def test_another_citizen_sees_nothing_of_the_family(book: Client, hanh: Person, client: Client):
    other = Client()
    other.force_login(citizen("0987654321"))
    assert other.get(reverse("healthbook:card", args=[hanh.id])).status_code == 404


def test_after_a_dose_the_book_does_not_become_another_humans(book: Client, hanh: Person, station):
    vaccinated(station, hanh, 10)
    filled = {
        "full_name": "Trần Thị Sáu",
        "birth_date": "02/03/1984",
        "sex": "female",
        "nationality": "VN",
        "identity_number": "001184000555",
    }
    answer = book.post(reverse("healthbook:correct", args=[hanh.id]), filled)
    assert answer.status_code == 422
    assert "chỉ sửa được lỗi nhỏ" in answer.content.decode()
    hanh.refresh_from_db()
    assert hanh.full_name == "Nguyễn Thị Thu Hạnh"
