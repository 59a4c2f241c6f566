"""Staff sign in with a password and a code of their phone; nobody is in before both were given."""

import re
import time
from typing import Any

import pytest
from django.test import Client

from tests.station import PASSWORD, account_of
from tiemchung.accounts import second_factor
from tiemchung.accounts.actions_second_factor import set_up
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.models_sign_in import SecondFactor, SignIn
from tiemchung.ground.models import AuditEntry

pytestmark = pytest.mark.django_db
SECRET = b"12345678901234567890"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.SECOND_FACTOR = True


@pytest.fixture
def head() -> Account:
    return account_of(Role.FACILITY_HEAD)


def code_now(secret: bytes = SECRET, steps: int = 0) -> str:
    return second_factor.code_at(secret, time.time() + steps * second_factor.STEP)


def enrolled(account: Account) -> list[str]:
    return set_up(account=account, secret=SECRET, code=code_now(steps=-1), by=account.id)


def give_password(client: Client, account: Account, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/dang-nhap/", {"username": account.username, "password": password, **more})


def give_code(client: Client, code: str, page: str = "ma") -> Any:
    return client.post(f"/dang-nhap/{page}/", {"code": code})


def is_in(client: Client) -> bool:
    return client.get("/van-phong/").status_code == 200


def secret_on(page: str) -> bytes:
    import base64

    return base64.b32decode(re.search(r"data-secret>([^<]+)<", page)[1].replace(" ", ""))  # type: ignore[index]


def test_the_first_sign_in_sets_the_app_up_and_shows_the_recovery_codes_once(client: Client, head: Account) -> None:
    assert give_password(client, head)["Location"] == "/dang-nhap/cai-ma/"
    assert not is_in(client)
    secret = secret_on(client.get("/dang-nhap/cai-ma/").content.decode())
    answer = give_code(client, code_now(secret), "cai-ma")
    codes = re.findall(r"<li>(\w{5}-\w{5})</li>", answer.content.decode())
    assert len(codes) == 10
    assert is_in(client)
    assert codes[0] not in client.get("/tai-khoan/").content.decode()
    assert SignIn.objects.get(account=head).way == "password+totp"


def test_reloading_the_page_keeps_the_secret_that_was_scanned(client: Client, head: Account) -> None:
    give_password(client, head)
    pages = [client.get("/dang-nhap/cai-ma/").content.decode() for _ in "ab"]
    wrong = give_code(client, "000000", "cai-ma")
    assert wrong.status_code == 422
    assert len({secret_on(page) for page in [*pages, wrong.content.decode()]}) == 1


def test_later_the_password_alone_opens_nothing(client: Client, head: Account) -> None:
    enrolled(head)
    assert give_password(client, head, next="/van-phong/ky-du-lieu/")["Location"] == "/dang-nhap/ma/"
    assert not is_in(client)
    assert give_code(client, code_now())["Location"] == "/van-phong/ky-du-lieu/"
    assert is_in(client)


def test_who_has_an_app_cannot_set_up_another_on_the_way_in(client: Client, head: Account) -> None:
    enrolled(head)
    give_password(client, head)
    assert client.get("/dang-nhap/cai-ma/").status_code == 302
    assert give_code(client, code_now(), "cai-ma").status_code == 302
    assert second_factor.read(SecondFactor.objects.get().secret) == SECRET


@pytest.mark.parametrize("page", ["ma", "ma-du-phong", "cai-ma"])
def test_without_a_password_the_second_step_leads_back_to_the_first(client: Client, page: str) -> None:
    assert client.get(f"/dang-nhap/{page}/")["Location"] == "/dang-nhap/"
    assert give_code(client, "123456", page)["Location"] == "/dang-nhap/"


def test_the_way_in_is_over_when_the_password_changed_meanwhile(client: Client, head: Account) -> None:
    enrolled(head)
    give_password(client, head)
    head.set_password("mot-mat-khau-khac")
    head.save()
    assert give_code(client, code_now())["Location"] == "/dang-nhap/"
    assert not is_in(client)


def test_the_way_in_is_over_after_ten_minutes(client: Client, head: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    enrolled(head)
    give_password(client, head)
    now = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: now)
    assert give_code(client, second_factor.code_at(SECRET, now))["Location"] == "/dang-nhap/"


def test_a_recovery_code_opens_once(client: Client, head: Account) -> None:
    codes = enrolled(head)
    for given, opens in [(codes[3], True), (codes[3], False), (codes[4], True)]:
        browser = Client()
        give_password(browser, head)
        give_code(browser, given, "ma-du-phong")
        assert is_in(browser) == opens


def test_guessing_codes_is_locked_and_the_right_one_waits_too(client: Client, head: Account) -> None:
    enrolled(head)
    give_password(client, head)
    statuses = [give_code(client, f"{number:06}").status_code for number in range(6)]
    assert statuses == [422] * 5 + [429]
    answer = give_code(client, code_now())
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert "Đã thử sai nhiều lần" in answer.content.decode()
    assert not is_in(client)


def test_guessing_passwords_is_locked_for_names_that_exist_and_names_that_do_not(head: Account) -> None:
    for username in (head.username, "khong-co-ai"):
        client, stranger = Client(), Account(username=username)
        assert [give_password(client, stranger, f"sai-{n}").status_code for n in range(6)] == [422] * 5 + [429]


def test_a_device_that_signed_in_before_is_let_in_while_strangers_guess(head: Account, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    own = Client()
    give_password(own, head)
    own.post("/dang-xuat/")
    for _ in range(6):
        give_password(Client(), head, "sai")
    assert give_password(Client(), head).status_code == 429
    assert give_password(own, head).status_code == 302


def test_a_locked_name_is_no_lock_at_another_address(head: Account, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    for _ in range(6):
        give_password(Client(), head, "sai")
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert give_password(elsewhere, head).status_code == 302


def test_a_phone_number_is_taken_as_it_is_written(settings: Any) -> None:
    citizen = account_of(Role.CITIZEN)
    Account.objects.filter(id=citizen.id).update(username="0912345678")
    for written in ("0912 345 678", "+84 912 345 678", "0912.345.678"):
        assert give_password(Client(), Account(username=written))["Location"] == "/cua-toi/"


def test_codes_stand_in_no_audit_row(client: Client, head: Account) -> None:
    codes = enrolled(head)
    give_password(client, head)
    give_code(client, codes[0], "ma-du-phong")
    written = " ".join(str(entry.detail) for entry in AuditEntry.objects.all())
    assert not any(code in written for code in codes)
    assert AuditEntry.objects.filter(act="accounts.sign_in", by=head.id, detail__way="password+recovery_code").exists()
