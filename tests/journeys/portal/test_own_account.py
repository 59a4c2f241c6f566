"""One's own account: where one is signed in, and what guards it."""

import re
import time
from typing import Any

import pytest
from django.test import Client

from tests.station import PASSWORD, account_of
from tiemchung.accounts import second_factor
from tiemchung.accounts.actions_second_factor import set_up
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.models_sign_in import RecoveryCode, SecondFactor, SignIn

pytestmark = pytest.mark.django_db
SECRET = b"12345678901234567890"
NEW = "bon-nam-sau-bay"


@pytest.fixture
def head() -> Account:
    return account_of(Role.FACILITY_HEAD)


def signed_in(account: Account) -> Client:
    client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/125.0 Safari/537.36"})
    client.post("/dang-nhap/", {"username": account.username, "password": PASSWORD})
    return client


def enrol(account: Account) -> None:
    set_up(account=account, secret=SECRET, code=code_now(steps=-1), by=account.id)


def code_now(steps: int = 0, secret: bytes = SECRET) -> str:
    return second_factor.code_at(secret, time.time() + steps * second_factor.STEP)


def is_in(client: Client) -> bool:
    return client.get("/tai-khoan/").status_code == 200


def change(client: Client, old: str = PASSWORD, new: str = NEW) -> Any:
    return client.post("/tai-khoan/mat-khau/", {"password": old, "new_password": new})


def test_the_list_names_each_device_and_marks_this_one(head: Account) -> None:
    here = signed_in(head)
    signed_in(head)
    page = here.get("/tai-khoan/").content.decode()
    assert page.count("Chrome, Windows</span>") >= 2
    assert page.count("Máy này") == 1
    assert "127.0.0.1" in page


def test_one_device_is_signed_out_and_no_other(head: Account) -> None:
    here, there = signed_in(head), signed_in(head)
    other = SignIn.objects.filter(account=head).order_by("-since").first()
    assert other
    here.post(f"/tai-khoan/dang-xuat/{other.id}/")
    assert is_in(here)
    assert not is_in(there)


def test_nobody_signs_out_another_accounts_device(head: Account) -> None:
    signed_in(head)
    theirs = SignIn.objects.get(account=head)
    signed_in(account_of(Role.VACCINATOR)).post(f"/tai-khoan/dang-xuat/{theirs.id}/")
    assert SignIn.objects.filter(id=theirs.id).exists()


def test_out_everywhere_leaves_this_browser_in(head: Account) -> None:
    here, there, elsewhere = (signed_in(head) for _ in range(3))
    here.post("/tai-khoan/dang-xuat/")
    assert [is_in(client) for client in (here, there, elsewhere)] == [True, False, False]


def test_a_new_password_signs_out_the_others(head: Account) -> None:
    here, there = signed_in(head), signed_in(head)
    assert change(here).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    head.refresh_from_db()
    assert head.check_password(NEW)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sai", NEW, "Mật khẩu đang dùng chưa đúng."),
        (PASSWORD, "ngan", "Mật khẩu"),
        (PASSWORD, PASSWORD, "Đây là mật khẩu đang dùng."),
    ],
)
def test_a_password_that_cannot_be_is_refused_with_the_cure(head: Account, old: str, new: str, said: str) -> None:
    answer = change(signed_in(head), old, new)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    head.refresh_from_db()
    assert head.check_password(PASSWORD)


def test_the_password_in_use_cannot_be_guessed_at_a_browser_left_open(head: Account) -> None:
    client = signed_in(head)
    assert [change(client, f"sai-{n}").status_code for n in range(11)] == [422] * 10 + [429]


def test_anybody_may_set_an_app_up(head: Account) -> None:
    client = signed_in(head)
    page = client.get("/tai-khoan/ma-hai-lop/").content.decode()
    import base64

    secret = base64.b32decode(re.search(r"data-secret>([^<]+)<", page)[1].replace(" ", ""))  # type: ignore[index]
    answer = client.post("/tai-khoan/ma-hai-lop/", {"code": code_now(secret=secret)})
    assert answer.content.decode().count("<li>") >= 10
    assert SecondFactor.objects.filter(account=head).exists()


def test_a_new_app_needs_a_code_of_the_old_one(head: Account) -> None:
    client = signed_in(head)
    enrol(head)
    assert "data-secret" not in client.get("/tai-khoan/ma-hai-lop/").content.decode()
    assert client.post("/tai-khoan/ma-hai-lop/", {"code": "000000"}).status_code == 422
    assert client.post("/tai-khoan/ma-hai-lop/", {"code": code_now()}).status_code == 302
    assert "data-secret" in client.get("/tai-khoan/ma-hai-lop/").content.decode()


def test_new_recovery_codes_need_a_code_of_the_app(head: Account) -> None:
    client = signed_in(head)
    enrol(head)
    before = set(RecoveryCode.objects.values_list("hashed", flat=True))
    assert client.post("/tai-khoan/ma-du-phong/", {"code": "000000"}).status_code == 422
    assert client.post("/tai-khoan/ma-du-phong/", {"code": code_now()}).status_code == 200
    after = set(RecoveryCode.objects.values_list("hashed", flat=True))
    assert len(after) == 10
    assert not before & after


def test_without_an_app_there_are_no_recovery_codes(head: Account) -> None:
    assert signed_in(head).get("/tai-khoan/ma-du-phong/")["Location"] == "/tai-khoan/ma-hai-lop/"


@pytest.mark.parametrize("path", ["", "mat-khau/", "ma-hai-lop/", "ma-du-phong/"])
def test_no_cache_keeps_these_pages(head: Account, path: str) -> None:
    assert "no-store" in signed_in(head).get(f"/tai-khoan/{path}")["Cache-Control"]


def test_that_a_code_was_given_for_another_phone_holds_for_ten_minutes(
    head: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who gave it and went away left a browser on which anybody could set up a phone of his own."""
    client = signed_in(head)
    enrol(head)
    client.post("/tai-khoan/ma-hai-lop/", {"code": code_now()})
    later = time.time() + 601
    monkeypatch.setattr("tiemchung.portal.own_account.time.time", lambda: later)
    assert "data-secret" not in client.get("/tai-khoan/ma-hai-lop/").content.decode()
