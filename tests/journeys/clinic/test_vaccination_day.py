"""A nurse's day at the table: from the scanned code to the empty chair."""

import re
from datetime import timedelta

import pytest

from tests.station import DAY, NAMES, declared, give, open_station, ready
from tiemchung.campaigns.models import Registration
from tiemchung.doses import actions as doses
from tiemchung.doses import course
from tiemchung.doses.models import Dose
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import ReadEntry
from tiemchung.people.models import Person
from tiemchung.people.personal_qr import text_of
from tiemchung.stock import balance
from tiemchung.visits import screening
from tiemchung.visits.models import Observation, Screening, Visit

pytestmark = pytest.mark.django_db
SCAN = "/diem-tiem/quet/"


def scanned(nurse, text):
    return nurse.post(SCAN, {"text": text}, follow=True)


def hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]+)"', response.content.decode())[1]


def confirm(nurse, response):
    said = {"session_id": hidden(response, "session_id"), "visit_id": hidden(response, "visit_id")}
    return nurse.post(response.request["PATH_INFO"], said, follow=True)


def answers(*yes, sex="female"):
    asked = screening.questions(sex=sex, on=clock.today())
    return {question.code: "yes" if question.code in yes else "no" for question in asked}


def screened(nurse, response, *yes, outcome="eligible", **signs):
    said = {"temperature": "36,8", "blood_pressure": "120/80", "outcome": outcome, **signs, **answers(*yes)}
    said["screening_id"] = hidden(response, "screening_id")
    return nurse.post(response.request["PATH_INFO"], said, follow=True)


def injected(nurse, response, **changes):
    said = {"dose_id": hidden(response, "dose_id"), "lot_number": hidden(response, "lot_number"), "arm": "left"}
    return nurse.post(response.request["PATH_INFO"], said | changes, follow=True)


def later(settings, **delta):
    settings.CLOCK_OFFSET += timedelta(**delta)


def test_from_the_scanned_code_to_the_empty_chair(nurse, station, settings):
    person = station.person(full_name="Bùi Thị Ngát")
    page = scanned(nurse, text_of(person))
    assert "Bùi Thị Ngát" in page.content.decode()
    assert "Mũi 1, AstraZeneca" in page.content.decode()
    page = confirm(nurse, page)
    assert "Khám sàng lọc" in page.content.decode()
    page = screened(nurse, page)
    assert station.lot.number in page.content.decode()
    assert "Đã tiêm, bắt đầu theo dõi" in page.content.decode()
    page = injected(nurse, page)
    assert "Đang theo dõi" in page.content.decode()
    later(settings, minutes=31)
    page = nurse.get("/diem-tiem/theo-doi/")
    assert "Khỏe, cho về" in page.content.decode()
    visit = Visit.objects.get()
    nurse.post(f"/diem-tiem/luot/{visit.id}/cho-ve/", {"observation_id": hidden(page, "observation_id")})
    assert Observation.objects.get().outcome == "well"
    assert course.of(person.id).card == "yellow"
    assert balance.left(station.facility.id, station.lot.id) == 99
    assert "Chưa có ai đang theo dõi" in nurse.get("/diem-tiem/theo-doi/").content.decode()


def test_no_address_holds_a_name_or_a_number(nurse, station):
    person = station.person(full_name="Bùi Thị Ngát")
    page = scanned(nurse, text_of(person))
    for address, _status in page.redirect_chain:
        assert "Ng" not in address
        assert not re.search(r"\d{12}", address.replace(str(person.id), ""))


def test_each_look_at_the_person_is_written_down(nurse, station):
    person = station.person()
    scanned(nurse, text_of(person))
    looks = ReadEntry.objects.filter(person_id=person.id, by=station.nurse.id)
    assert {look.reason for look in looks} == {"scan", "check_in"}


def test_a_typed_number_finds_the_person_too(nurse, station):
    declared(station.nurse, full_name="Vi Thị Hoa", identity_numbers=(("cccd", "001167000123"),))
    assert "Vi Thị Hoa" in scanned(nurse, "001167000123").content.decode()


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [("", "Chưa có mã", "code"), ("HC1:NCFOXN%TS3D", "hộ chiếu", "passport"), ("0011679", "", "")],
)
def test_a_broken_code_says_what_is_wrong_in_both_languages(nurse, text, vi, en):
    page = scanned(nurse, text)
    assert page.status_code == 422
    assert vi in page.content.decode()
    nurse.cookies["django_language"] = "en"
    page = scanned(nurse, text)
    assert page.status_code == 422
    assert en in page.content.decode()


def test_a_second_check_in_opens_the_visit_there_is(nurse, station):
    person = station.person()
    first = scanned(nurse, text_of(person))
    confirm(nurse, first)
    said = {"session_id": hidden(first, "session_id"), "visit_id": str(new_id())}
    again = nurse.post(first.request["PATH_INFO"], said)
    assert again.status_code == 409
    assert "đã được tiếp đón lúc 09:0" in again.content.decode()
    assert str(Visit.objects.get().id) in again.content.decode()


def test_the_same_check_in_twice_is_one_visit(nurse, station):
    page = scanned(nurse, text_of(station.person()))
    confirm(nurse, page)
    assert confirm(nurse, page).status_code == 200
    assert Visit.objects.count() == 1


def test_a_screening_without_answers_names_every_open_question(nurse, station):
    page = confirm(nurse, scanned(nurse, text_of(station.person())))
    said = {"screening_id": hidden(page, "screening_id"), "temperature": "36,8", "outcome": "eligible"}
    page = nurse.post(page.request["PATH_INFO"], said)
    assert page.status_code == 422
    assert "Chưa trả lời" in page.content.decode()
    assert not Screening.objects.exists()


def test_no_question_has_an_answer_before_it_is_asked(nurse, station):
    page = confirm(nurse, scanned(nurse, text_of(station.person())))
    assert "checked" not in page.content.decode()


def test_an_impossible_pressure_says_which_number_and_how_to_type_it(nurse, station):
    page = confirm(nurse, scanned(nurse, text_of(station.person())))
    page = screened(nurse, page, blood_pressure="1320/80")
    assert page.status_code == 422
    assert "Huyết áp số trên là 1320, quá lớn." in page.content.decode()


def test_the_page_proposes_and_refuses_a_better_outcome(nurse, station):
    page = confirm(nurse, scanned(nurse, text_of(station.person())))
    visit = Visit.objects.get()
    proposed = nurse.post(f"/diem-tiem/luot/{visit.id}/goi-y/", {"temperature": "36,8", **answers("acute_illness")})
    assert "Trì hoãn" in proposed.content.decode()
    assert "5785/QĐ-BYT" in proposed.content.decode()
    page = screened(nurse, page, "acute_illness", outcome="eligible")
    assert page.status_code == 422
    assert "Câu trả lời dẫn đến" in page.content.decode()
    page = screened(nurse, page, "acute_illness", outcome="postponed")
    assert "Hôm nay không tiêm" in page.content.decode()


def test_a_caution_goes_along_to_the_board(nurse, station):
    page = confirm(nurse, scanned(nurse, text_of(station.person())))
    page = screened(nurse, page, "chronic_disease", outcome="caution")
    assert "Thận trọng" in page.content.decode()
    page = injected(nurse, page)
    assert "bệnh mạn tính" in page.content.decode()


def test_an_unknown_lot_is_refused_in_both_languages(nurse, station):
    page = screened(nurse, confirm(nurse, scanned(nurse, text_of(station.person()))))
    refused = injected(nurse, page, lot_number="FK9021")
    assert refused.status_code == 422
    assert "Chưa có lô FK9021. Xem lại số trên lọ, hoặc nhập lô trước." in refused.content.decode()
    nurse.cookies["django_language"] = "en"
    refused = injected(nurse, page, lot_number="FK9021")
    assert "There is no lot FK9021. Check the number on the vial" in refused.content.decode()
    assert not Dose.objects.exists()


def test_the_same_injection_twice_is_one_dose(nurse, station):
    page = screened(nurse, confirm(nurse, scanned(nurse, text_of(station.person()))))
    injected(nurse, page)
    assert injected(nurse, page).status_code == 200
    assert Dose.objects.count() == 1


def test_whoever_is_too_early_is_told_so_at_the_door(nurse, station):
    person = station.person()
    give(station, person, days_ago=20)
    page = scanned(nurse, text_of(person))
    assert "Chưa tiêm được hôm nay" in page.content.decode()
    assert "Đúng người, vào khám" not in page.content.decode()


def test_a_visit_of_another_facility_cannot_be_opened(nurse, station):
    elsewhere = open_station()
    visit = ready(elsewhere)
    page = nurse.get(f"/diem-tiem/luot/{visit.id}/tiem/")
    assert page.status_code == 404
    assert "Không thấy lượt tiêm này ở điểm tiêm của bạn." in page.content.decode()


def test_a_reaction_needs_words(nurse, station):
    visit = ready(station)
    doses.inject(visit_id=visit.id, lot_number=station.lot.number, arm="left", by=station.nurse)
    address = f"/diem-tiem/luot/{visit.id}/ket-thuc/"
    page = nurse.post(address, {"observation_id": str(new_id()), "outcome": "reaction", "note": ""})
    assert page.status_code == 422
    assert "Chưa ghi phản ứng" in page.content.decode()
    nurse.post(address, {"observation_id": str(new_id()), "outcome": "reaction", "note": "Mề đay, phút 11"})
    assert Observation.objects.get().outcome == "reaction"


def test_somebody_who_is_unknown_is_entered_from_the_card_and_registered(nurse, station):
    card = "001167000321||Lường Thị Mận|03091967|Nữ|Bản Pó, Đồng Mây|01012022"
    page = scanned(nurse, card)
    assert page.status_code == 422
    assert "Nhập người này" in page.content.decode()
    page = nurse.post("/diem-tiem/nguoi/moi/", {"scanned": card})
    assert "Lường Thị Mận" in page.content.decode()
    assert "03/09/1967" in page.content.decode()
    said = {
        "person_id": hidden(page, "person_id"),
        "full_name": "Lường Thị Mận",
        "birth_date": "03/09/1967",
        "sex": "female",
        "identity_number": "001167000321",
        "priority_group": "16",
    }
    page = nurse.post("/diem-tiem/nguoi/moi/", said, follow=True)
    assert "Đúng người, vào khám" in page.content.decode()
    assert Registration.objects.get().person.full_name == "Lường Thị Mận"
    assert Person.objects.get().residence_id == station.facility.area_id
    nurse.post("/diem-tiem/nguoi/moi/", said)
    assert (Person.objects.count(), Registration.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "vi", "en"),
    [
        ({"identity_number": "003167000321"}, "Ba số đầu 003", "003"),
        ({"identity_number": "001067000321"}, "nam", "male"),
        ({"identity_number": "001180000321"}, "sinh năm 1980", "1980"),
        ({"birth_date": "31/02/1967"}, "31/02", "31"),
        ({"birth_date": "03/09/2067"}, "ở phía trước", "in the future"),
        ({"full_name": ""}, "Chưa có họ tên", "name"),
    ],
)
def test_what_cannot_be_true_is_refused_at_its_field(nurse, changes, vi, en):
    said = {
        "person_id": str(new_id()),
        "full_name": NAMES[0],
        "birth_date": "03/09/1967",
        "sex": "female",
        "identity_number": "001167000321",
        "priority_group": "16",
    }
    page = nurse.post("/diem-tiem/nguoi/moi/", said | changes)
    assert page.status_code == 422
    assert vi in page.content.decode()
    nurse.cookies["django_language"] = "en"
    page = nurse.post("/diem-tiem/nguoi/moi/", said | changes)
    assert en in page.content.decode()
    assert not Person.objects.exists()


def late(station, person, **changes):
    said = {
        "dose_id": str(new_id()),
        "text": text_of(person),
        "product": "AZ",
        "lot_number": station.lot.number,
        "injected_on": "10/03/2022",
        "injected_time": "08:50",
        "stated_number": "1",
    }
    return said | changes


def test_a_dose_from_paper_is_recorded(nurse, station):
    person = station.person()
    page = nurse.post("/diem-tiem/nhap-sau/", late(station, person), follow=True)
    assert "Không có gì cần xem lại" in page.content.decode()
    assert course.of(person.id).card == "yellow"


def test_a_dose_from_paper_with_an_unknown_lot_is_recorded_with_a_finding(nurse, station):
    person = station.person()
    page = nurse.post("/diem-tiem/nhap-sau/", late(station, person, lot_number="NOLOT1"), follow=True)
    assert page.status_code == 200
    assert "Chưa có lô NOLOT1." in page.content.decode()
    assert Dose.objects.get().lot is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"injected_on": "31/02/2022"}, "31/02"),
        ({"injected_on": "15/05/2022"}, "ở phía trước"),
        ({"injected_on": "03/2022"}, "Cần đủ ngày"),
        ({"injected_on": "01/01/1960"}, "trước ngày sinh"),
        ({"injected_time": "25:00"}, "giờ"),
        ({"product": ""}, "Chưa chọn vắc xin"),
        ({"text": "khong-co"}, ""),
    ],
)
def test_a_dose_from_paper_that_cannot_be_read_is_refused(nurse, station, changes, said):
    page = nurse.post("/diem-tiem/nhap-sau/", late(station, station.person(), **changes))
    assert page.status_code == 422
    assert said in page.content.decode()
    assert not Dose.objects.exists()


def test_given_and_recorded_stand_side_by_side(nurse, station):
    visit = ready(station)
    doses.inject(visit_id=visit.id, lot_number=station.lot.number, arm="left", by=station.nurse)
    page = nurse.get("/diem-tiem/so-mui/")
    said = {"tally_id": hidden(page, "tally_id"), "session_id": str(station.session.id), "product": "AZ", "doses": "3"}
    page = nurse.post("/diem-tiem/so-mui/", said, follow=True)
    assert "Còn 2 mũi chưa nhập" in page.content.decode()
    page = nurse.post("/diem-tiem/so-mui/", said | {"tally_id": str(new_id()), "doses": "-1"})
    assert page.status_code == 422
    page = nurse.post("/diem-tiem/so-mui/", said | {"tally_id": str(new_id()), "doses": "1"}, follow=True)
    assert "Khớp" in page.content.decode()


def test_vaccine_is_received(nurse, station):
    page = nurse.get("/diem-tiem/kho/")
    said = {
        "movement_id": hidden(page, "movement_id"),
        "product": "PF",
        "lot_number": "fk9021",
        "expires_on": "31/08/2022",
        "doses": "60",
    }
    page = nurse.post("/diem-tiem/kho/", said, follow=True)
    assert "FK9021" in page.content.decode()
    nurse.post("/diem-tiem/kho/", said)
    assert {lot.number: lot.doses for lot in balance.of(station.facility.id)}["FK9021"] == 60


def test_today_shows_the_sessions_and_who_waits(nurse, station):
    visit = ready(station)
    page = nurse.get("/diem-tiem/").content.decode()
    assert "Buổi sáng" in page
    assert f"/diem-tiem/luot/{visit.id}/" in page


@pytest.mark.parametrize("way", ["cccd_qr", "dance"])
def test_what_our_page_did_not_send_is_refused(nurse, station, way):
    page = nurse.post(f"/diem-tiem/nguoi/{way}/{station.person().id}/", {"session_id": "7"})
    assert page.status_code == 422
    assert "Trang này đã cũ." in page.content.decode()


def test_the_floor_opens_for_nobody_else(client):
    assert client.get("/diem-tiem/").status_code == 302
    assert DAY.year == 2022


def test_before_seven_the_reasons_are_those_of_the_day_in_viet_nam(nurse, station, settings, monkeypatch):
    later(settings, hours=-3)
    visit, days, questions = ready(station, outcome="postponed"), [], screening.questions
    monkeypatch.setattr(screening, "questions", lambda *, sex, on: days.append(on) or questions(sex=sex, on=on))
    assert nurse.get(f"/diem-tiem/luot/{visit.id}/hen-lai/").status_code == 200
    assert set(days) == {DAY.date()}
