"""A health book is opened by who has the phone in hand, and by nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.journeys.healthbook.book import PHONE, add, ask_for_code, code_of, sign_up
from tests.unit.people.made import declared
from tiemchung.accounts.models import Account
from tiemchung.messages.models import Message
from tiemchung.people.models import Holder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
CODE_PAGE = "healthbook:sign-up-code"


def answer_with(client: Client, code: str) -> object:
    return client.post(reverse(CODE_PAGE), {"code": code})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_before_the_code_there_is_no_account(client: Client):
    assert ask_for_code(client).url == reverse(CODE_PAGE)
    assert "Đã gửi một mã 6 số đến 0912345678" in client.get(reverse(CODE_PAGE)).content.decode()
    assert not Account.objects.exists()


def test_the_code_opens_the_book_and_signs_in(client: Client):
    assert sign_up(client).url == reverse("healthbook:add")
    assert Account.objects.get().check_password("mot-hai-ba-bon")
    assert client.get(reverse("healthbook:home")).status_code == 200


def test_who_types_a_strangers_phone_gets_neither_account_nor_records(client: Client):
    declared(phone=PHONE)
    ask_for_code(client)
    answer = answer_with(client, wrong(code_of()))
    assert answer.status_code == 422
    assert "Mã chưa đúng" in answer.content.decode()
    assert client.get(reverse("healthbook:home")).status_code == 302
    assert not Account.objects.exists()
    assert not Holder.objects.exists()


def test_the_owner_of_a_phone_on_record_opens_the_record(client: Client):
    declared()
    sign_up(client)
    assert add(client).status_code == 302
    assert Holder.objects.count() == 1


def test_an_answer_is_tried_against_ones_own_phone_only(client: Client):
    ask_for_code(client)
    ask_for_code(other := Client(), "0987654321")
    assert code_of() == code_of("0987654321") or answer_with(other, code_of()).status_code == 422
    assert answer_with(client, code_of()).status_code == 302


def test_wrong_codes_count_though_they_are_refused(client: Client):
    ask_for_code(client)
    code = code_of()
    for _ in range(5):
        answer_with(client, wrong(code))
    assert answer_with(client, code).status_code == 409
    assert not Account.objects.exists()


def test_whether_a_phone_has_a_book_is_told_to_its_owner_only(client: Client):
    sign_up(client)
    again = Client()
    assert ask_for_code(again).url == reverse(CODE_PAGE)
    answer = answer_with(again, code_of())
    assert answer.status_code == 409
    assert "Đã có tài khoản với tên này" in answer.content.decode()


def test_sending_again_at_once_sends_no_second_message(client: Client):
    ask_for_code(client)
    assert client.post(reverse("healthbook:sign-up-again")).url == reverse(CODE_PAGE)
    assert Message.objects.filter(kind="code").count() == 1


def test_without_a_phone_asked_for_the_code_pages_lead_to_the_beginning(client: Client):
    assert client.get(reverse(CODE_PAGE)).url == reverse("healthbook:sign-up")
    assert client.post(reverse("healthbook:sign-up-again")).url == reverse("healthbook:sign-up")


def test_the_password_waits_as_a_hash(client: Client):
    ask_for_code(client)
    assert "mot-hai-ba-bon" not in str(dict(client.session))
    sign_up(other := Client(), "0987654321")
    assert "healthbook.sign_up" not in other.session
