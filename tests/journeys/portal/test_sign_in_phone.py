"""A citizen signs in with the phone in hand; whether a number is known, nobody else learns."""

import logging
from typing import Any

import pytest
from django.test import Client

from tests.journeys.healthbook.book import code_of, sign_up
from tests.station import staff
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.models_sign_in import SignIn
from tiemchung.ground.models import AuditEntry
from tiemchung.messages.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
PHONE = "0912345678"
ASK, GIVE = "/dang-nhap/tin-nhan/", "/dang-nhap/tin-nhan/ma/"


@pytest.fixture
def citizen() -> Account:
    return staff(Role.CITIZEN, None, PHONE, "Hạnh")


def ask(client: Client, phone: str = "0912 345 678", **more: str) -> Any:
    return client.post(ASK, {"phone": phone, **more})


def give(client: Client, code: str) -> Any:
    return client.post(GIVE, {"code": code})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def is_in(client: Client) -> bool:
    return client.get("/so/").status_code == 200


def test_the_code_opens_the_health_book_without_a_password(client: Client, citizen: Account) -> None:
    assert ask(client, next="/so/lich-hen/")["Location"] == GIVE
    assert give(client, code_of(PHONE))["Location"] == "/so/lich-hen/"
    assert is_in(client)
    assert SignIn.objects.get(account=citizen).way == "code"


def test_a_wrong_code_opens_nothing_and_counts(client: Client, citizen: Account) -> None:
    ask(client)
    code = code_of(PHONE)
    assert [give(client, wrong(code)).status_code for _ in range(6)] == [422] * 5 + [429]
    assert give(client, code).status_code == 429
    assert not is_in(client)


def test_a_code_is_good_once(client: Client, citizen: Account) -> None:
    ask(client)
    ask(other := Client())
    give(client, code_of(PHONE))
    assert give(other, code_of(PHONE)).status_code == 409


def test_a_number_that_is_known_and_one_that_is_not_read_alike(citizen: Account) -> None:
    pages = []
    for phone in (PHONE, "0987654321"):
        client = Client()
        answers = [ask(client, phone), client.get(GIVE), give(client, wrong(code_of(phone)))]
        tokens = [answer.content.decode().replace(phone, "") for answer in answers]
        pages.append([(answer.status_code, len(text) // 100) for answer, text in zip(answers, tokens, strict=True)])
    assert pages[0] == pages[1]


def test_who_has_no_book_is_led_to_opening_one_after_the_code(client: Client) -> None:
    ask(client)
    assert give(client, code_of(PHONE))["Location"] == "/so/mo-so/"
    assert not Account.objects.exists()


def test_no_member_of_staff_comes_in_this_way(client: Client) -> None:
    staff(Role.MINISTRY, None, PHONE, "Bộ")
    ask(client)
    assert give(client, code_of(PHONE))["Location"] == "/so/mo-so/"
    assert not SignIn.objects.filter(account__isnull=False).exists()


def test_a_closed_account_stays_closed(client: Client, citizen: Account) -> None:
    from tiemchung.ground import clock

    Account.objects.filter(id=citizen.id).update(suspended_at=clock.now())
    ask(client)
    give(client, code_of(PHONE))
    assert not is_in(client)


def test_what_is_no_phone_is_refused_with_the_cure(client: Client) -> None:
    answer = ask(client, "12")
    assert answer.status_code == 422
    assert not Message.objects.exists()


def test_without_a_number_the_code_page_leads_back(client: Client) -> None:
    assert client.get(GIVE)["Location"] == ASK
    assert client.post("/dang-nhap/tin-nhan/gui-lai/")["Location"] == ASK


def test_the_code_stands_in_the_message_and_nowhere_else(
    client: Client, citizen: Account, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="tiemchung"), caplog.at_level(logging.DEBUG, logger="django.request"):
        ask(client)
        code = code_of(PHONE)
        give(client, wrong(code))
        give(client, code)
    assert code not in caplog.text
    assert code not in " ".join(str(entry.detail) for entry in AuditEntry.objects.all())


def test_opening_a_book_signs_in_for_as_long_as_a_citizens_sign_in_lasts(client: Client) -> None:
    sign_up(client)
    row = SignIn.objects.get(account__username=PHONE)
    assert row.way == "code"
    assert (row.expire_date - row.seen_at).days in (6, 7)
