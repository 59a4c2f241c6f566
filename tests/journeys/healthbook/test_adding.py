"""A citizen opens a health book, adds himself and his family, and is told what is wrong where it is."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.journeys.healthbook.book import (
    HANH,
    account,
    add,
    begin,
    health,
    page,
    person_of,
    sign_up,
    step,
)
from tests.station import campaign, live_on_the_day
from tests.unit.people.made import declared
from tiemchung.accounts.models import Account
from tiemchung.accounts.models_sign_in import SignIn
from tiemchung.campaigns.models import Registration
from tiemchung.people.models import Guardian, Holder, Person, PersonStatement

pytestmark = pytest.mark.django_db
CARD = "001184000017|011234567|NGUYỄN THỊ THU HẠNH|18111984|Nữ|Phúc Xá, Ba Đình, Hà Nội|10052021"


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    live_on_the_day(settings)


@pytest.fixture
def book(client: Client) -> Client:
    """A signed-in citizen while the campaign is on."""
    campaign()
    sign_up(client)
    return client


def test_a_citizen_opens_a_book_and_registers_himself(client: Client):
    campaign()
    assert sign_up(client).url == reverse("healthbook:add")
    assert "Sổ chưa có ai" in page(client, "home")
    person = person_of(add(client))
    assert person.full_name == "Nguyễn Thị Thu Hạnh"
    assert person.residence_id == "00001"
    registration = Registration.objects.get(person=person)
    assert (registration.priority_group, registration.source) == (13, "self")
    home = page(client, "home")
    assert "Chào chị Hạnh" in home
    assert "Đã đăng ký, chờ lịch hẹn" in home


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"phone": "0912", "display_name": "Hạnh", "password": "mot-hai-ba-bon"}, "cần đủ 10"),
        ({"phone": "0912345678", "display_name": "Hạnh", "password": "ngan"}, "8 ký tự"),
        ({"phone": "", "display_name": "", "password": ""}, "Chưa có số điện thoại"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said_at_its_field(client: Client, filled, said):
    answer = client.post(reverse("healthbook:sign-up"), filled)
    assert answer.status_code == 422 or answer.status_code == 400
    assert said in answer.content.decode()
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"identity_number": "0011840000"}, "Mới có 10 số"),
        ({"identity_number": "003184000017"}, "không phải mã tỉnh"),
        ({"identity_number": "001185000017"}, "thì sinh năm 1985"),
        ({"sex": "male"}, "thì giới tính là Nữ"),
        ({"birth_date": "31/02/1984"}, "không có ngày 31"),
        ({"birth_date": "18/11/2022"}, "còn ở phía trước"),
        ({"full_name": ""}, "họ tên"),
        ({"sex": ""}, "Chưa chọn giới tính"),
        ({"phone": "024 3825 0000"}, "máy bàn"),
        ({"residence_code": ""}, "Chưa chọn phường, xã"),
        ({"residence_code": "00037"}, "Chưa chọn phường, xã"),
        ({"insurance_number": "123"}, "10 số, hoặc 2 chữ và 13 số"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_written(book: Client, changes, said):
    answer = step(book, "person", begin(book), HANH | changes)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Person.objects.exists()


def test_errors_are_said_in_english_to_who_reads_english(book: Client):
    book.cookies["django_language"] = "en"
    answer = step(book, "person", begin(book), HANH | {"identity_number": "001185000017"})
    assert "By the ID number, born in 1985" in answer.content.decode()


def test_a_question_left_open_is_named(book: Client):
    draft = begin(book)
    step(book, "person", draft, HANH)
    answer = step(book, "health", draft, health(allergy=""))
    assert answer.status_code == 422
    assert answer.content.decode().count("Câu này chưa trả lời") == 1


def test_a_day_that_cannot_be_read_is_refused_at_its_field(book: Client):
    draft = begin(book)
    step(book, "person", draft, HANH)
    answer = step(book, "health", draft, health() | {"wanted_from": "31/02/2022"})
    assert answer.status_code == 422
    assert "không có ngày 31" in answer.content.decode()


def test_a_day_that_has_passed_cannot_be_wished_for(book: Client):
    draft = begin(book)
    step(book, "person", draft, HANH)
    step(book, "health", draft, health() | {"wanted_from": "01/05/2022"})
    answer = step(book, "consent", draft, {"consent": "on"})
    assert answer.status_code == 422
    assert "Ngày muốn tiêm đã qua" in answer.content.decode()
    assert not Person.objects.exists()


def test_without_consent_nobody_is_registered(book: Client):
    draft = begin(book)
    step(book, "person", draft, HANH)
    step(book, "health", draft, health())
    answer = step(book, "consent", draft, {})
    assert answer.status_code == 422
    assert "Chưa có đồng ý tiêm" in answer.content.decode()
    assert not Person.objects.exists()


def test_sending_the_last_step_twice_registers_once(book: Client):
    draft = begin(book)
    step(book, "person", draft, HANH)
    step(book, "health", draft, health())
    first, second = (step(book, "consent", draft, {"consent": "on"}) for _ in range(2))
    assert first.url == second.url
    assert Registration.objects.count() == PersonStatement.objects.count() == 1


def test_health_answers_leave_the_session_when_all_is_written_down(book: Client):
    person = person_of(add(book))
    kept = book.session["healthbook.drafts"]
    assert list(kept.values()) == [{"done": str(person.id)}]


def test_drafts_of_sessions_that_are_over_go_when_a_new_one_begins(book: Client):
    step(book, "person", begin(book), HANH)
    SignIn.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    sign_up(other := Client(), phone="0987654321")
    begin(other)
    assert SignIn.objects.count() == 1


def test_a_child_without_a_number_gets_its_guardian(book: Client):
    mother = person_of(add(book))
    child = person_of(
        add(
            book,
            relation="child",
            full_name="Trần Ngọc Minh Anh",
            birth_date="02/09/2009",
            sex="female",
            identity_number="",
        )
    )
    assert Guardian.objects.get(person=child).guardian == mother
    assert Registration.objects.get(person=child).source == "relative"
    assert "Con gái, sinh 2009" in page(book, "home")


def test_a_scanned_card_fills_the_form(book: Client):
    draft = begin(book)
    assert step(book, "scan", draft, {"code": CARD}).status_code == 302
    filled = page(book, "add-person", draft)
    assert 'value="NGUYỄN THỊ THU HẠNH"' in filled
    assert 'value="18/11/1984"' in filled
    assert 'value="001184000017"' in filled
    assert 'value="Phúc Xá, Ba Đình, Hà Nội"' in filled


@pytest.mark.parametrize(
    ("code", "said"),
    [("", "Chưa quét được mã nào"), ("001184000017", "không phải mã của thẻ căn cước"), (CARD[:40], "không phải mã")],
)
def test_what_is_no_card_is_said(book: Client, code, said):
    answer = step(book, "scan", begin(book), {"code": code})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_without_scripts_the_lists_of_areas_come_step_by_step(book: Client):
    draft = begin(book)
    typed = HANH | {"district_code": "", "residence_code": "", "list": ""}
    shown = step(book, "person", draft, typed).content.decode()
    assert "Quận Ba Đình" in shown
    assert "Phường Phúc Xá" not in shown
    assert 'value="Nguyễn Thị Thu Hạnh"' in shown
    assert "Phường Phúc Xá" in step(book, "person", draft, typed | {"district_code": "001"}).content.decode()


def test_with_scripts_the_lists_of_areas_come_alone(book: Client):
    shown = book.get(reverse("healthbook:areas"), {"province_code": "01", "district_code": "001"}).content.decode()
    assert "Phường Phúc Xá" in shown
    assert "<html" not in shown


def test_a_person_whom_another_account_declared_is_not_opened_to_who_knows_his_data(book: Client):
    known = declared(phone="0987654321")
    answer = add(book)
    assert answer.status_code == 403
    assert "Chưa mở được sổ này từ số điện thoại đang dùng" in answer.content.decode()
    assert not Holder.objects.exists()
    assert PersonStatement.objects.filter(person=known).count() == 1


def test_a_number_that_stands_for_somebody_else_shows_nothing_of_him(book: Client):
    declared(full_name="Lê Thị Sáu", birth_date="01/02/1984")
    person = person_of(add(book))
    assert Person.objects.count() == 2
    assert "Lê Thị Sáu" not in page(book, "card", person.id)


def test_a_person_who_is_registered_already_is_not_registered_again(book: Client):
    person = person_of(add(book))
    draft = book.get(reverse("healthbook:register", args=[person.id])).url.split("/")[3]
    step(book, "health", draft, health())
    answer = step(book, "consent", draft, {"consent": "on"})
    assert answer.status_code == 409
    assert "đã đăng ký rồi" in answer.content.decode()


def test_who_withdrew_can_register_again(book: Client):
    person = person_of(add(book))
    assert book.post(reverse("healthbook:withdraw", args=[person.id])).status_code == 302
    assert "Chưa đăng ký tiêm" in page(book, "home")
    draft = book.get(reverse("healthbook:register", args=[person.id])).url.split("/")[3]
    step(book, "health", draft, health())
    assert step(book, "consent", draft, {"consent": "on"}).status_code == 302
    assert Registration.objects.filter(person=person, withdrawn_at=None).count() == 1


def test_a_step_without_a_draft_begins_anew(book: Client):
    nowhere = "01970000-0000-7000-8000-000000000000"
    for name in ("scan", "person", "health", "consent"):
        assert book.get(reverse(f"healthbook:add-{name}", args=[nowhere])).url == reverse("healthbook:add")


def test_without_a_campaign_a_person_joins_the_book_alone(client: Client):
    sign_up(client)
    person = person_of(add(client))
    assert Holder.objects.get(person=person).account == account()
    assert not Registration.objects.exists()
