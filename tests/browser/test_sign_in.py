"""Signing in as people do it: with a phone's code, without the phone, without a password, and against a guesser."""

import base64
import re
import time
from collections.abc import Callable, Iterator

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Page, expect

from tests.browser.conftest import grave_faults, overflows
from tests.played import PlayedDay
from tiemchung.accounts import second_factor
from tiemchung.simulator import plan

# Accounts that no other test of the played day signs in with: what is set up for them stays.
HEADS = {"phone": plan.SITES[4].head, "desktop": plan.SITES[5].head}
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A ministry's provider; whoever signs in there is the national signer, with two factors."""
    person = User(sub="bo", claims={"preferred_username": plan.MINISTRY, "amr": ["mfa"]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        with run_server_in_thread(user_claims=[person]) as server:
            yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def site(played_day: PlayedDay, provider: str) -> Iterator[str]:
    """The served day as a real installation is: staff must have a second factor, and there is a sign-on."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "TIEMCHUNG_SECOND_FACTOR": "1",
            "TIEMCHUNG_SIGN_ON_ISSUER": provider,
            "TIEMCHUNG_SIGN_ON_CLIENT_ID": "tiemchung",
            "TIEMCHUNG_SIGN_ON_CLIENT_SECRET": "bi-mat",
            "TIEMCHUNG_SIGN_ON_NAME": "Bộ Y tế",
        }.items():
            patch.setenv(name, value)
        with played_day.served() as url:
            yield url


def check(page: Page) -> None:
    assert grave_faults(page) == []
    assert not overflows(page)


def give_password(page: Page, username: str, password: str = plan.PASSWORD) -> None:
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("main button.tc-act")
    page.wait_for_load_state()


def code_of(secret: bytes, steps: int = 0) -> str:
    return second_factor.code_at(secret, time.time() + steps * second_factor.STEP)


def set_up(page: Page, username: str) -> tuple[bytes, list[str]]:
    """Come to the page with the QR code, type what the app would show; gives the secret and the recovery codes."""
    give_password(page, username)
    expect(page.locator("h1")).to_have_text("Cài mã hai lớp")
    expect(page.locator(".tc-qr svg")).to_be_visible()
    check(page)
    page.locator("summary").click()
    secret = base64.b32decode(re.sub(r"\s", "", page.locator("[data-secret]").inner_text()))
    page.fill("[name=code]", code_of(secret))
    page.click("main button.tc-act")
    expect(page.locator("h1")).to_have_text("Tờ mã dự phòng")
    codes = page.locator("[data-recovery-codes] li").all_inner_texts()
    expect(page.get_by_role("button", name="In tờ mã")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Đã cất tờ mã, đi tiếp").click()
    page.wait_for_load_state()
    return secret, codes


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_staff_set_the_app_up_and_come_back_with_it_or_with_the_sheet(open_page: OpenPage, size: str) -> None:
    username = HEADS[size]
    first = open_page("/dang-nhap/", size=size)
    check(first)
    secret, codes = set_up(first, username)
    assert "/van-phong/" in first.url

    with_app = open_page("/dang-nhap/", size=size)
    give_password(with_app, username)
    expect(with_app.locator("h1")).to_have_text("Mã hai lớp")
    check(with_app)
    with_app.fill("[name=code]", "000000")
    with_app.click("main button.tc-act")
    expect(with_app.locator("main")).to_contain_text("Mã chưa đúng hoặc đã dùng")
    check(with_app)
    with_app.fill("[name=code]", code_of(secret, 1))  # that of now was taken above
    with_app.click("main button.tc-act")
    with_app.wait_for_url("**/van-phong/")

    with_sheet = open_page("/dang-nhap/", size=size)
    give_password(with_sheet, username)
    with_sheet.get_by_role("link", name="Không có điện thoại? Dùng mã dự phòng").click()
    check(with_sheet)
    with_sheet.fill("[name=code]", codes[0])
    with_sheet.click("main button.tc-act")
    with_sheet.wait_for_url("**/van-phong/")

    _see_and_end_the_others(first, with_app, with_sheet)


def _see_and_end_the_others(here: Page, *others: Page) -> None:
    here.goto("/tai-khoan/")
    shown = here.locator("[data-sign-in]").count()
    assert shown > len(others)  # the day's own sign-in may be among them
    expect(here.get_by_text("Máy này", exact=True)).to_have_count(1)
    expect(here.locator("main")).to_contain_text("Còn 9 mã chưa dùng")
    check(here)
    here.get_by_role("button", name="Đăng xuất máy đó").first.click()
    expect(here.locator("[data-sign-in]")).to_have_count(shown - 1)
    here.get_by_role("button", name="Đăng xuất mọi thiết bị khác").click()
    expect(here.locator("[data-sign-in]")).to_have_count(1)
    for other in others:
        other.goto("/van-phong/")
        assert "/dang-nhap/" in other.url
    for path in ("mat-khau/", "ma-hai-lop/", "ma-du-phong/"):
        here.goto(f"/tai-khoan/{path}")
        check(here)


def test_a_guesser_waits_and_is_told_until_when(open_page: OpenPage) -> None:
    page = open_page("/dang-nhap/")
    for number in range(6):
        give_password(page, "khong-co-ai", f"sai-{number}")
    expect(page.locator("main")).to_contain_text(re.compile(r"Xin thử lại sau \d\d:\d\d"))
    check(page)


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_ministrys_staff_come_in_by_its_own_sign_on(open_page: OpenPage, size: str) -> None:
    page = open_page("/dang-nhap/", size=size)
    page.get_by_role("link", name="Nhân viên: vào qua Bộ Y tế").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="bo", exact=True).click()
    expect(page).to_have_url(re.compile(r"/van-phong/$"))
    expect(page.locator("header")).to_contain_text("Vụ Y tế dự phòng")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_citizen_comes_in_with_the_code_of_a_message(open_page: OpenPage, played_day: PlayedDay, size: str) -> None:
    phone = played_day.result["citizen"]
    page = open_page("/dang-nhap/", size=size)
    page.get_by_role("link", name="Người dân: đăng nhập bằng mã tin nhắn").click()
    check(page)
    page.fill("[name=phone]", phone)
    page.click("main button.tc-act")
    expect(page.locator("h1")).to_have_text("Mã trong tin nhắn")
    check(page)
    messages = open_page("/tin-nhan/")
    words = messages.get_by_text(re.compile(r"\d{6} là mã đăng nhập")).first.inner_text()
    page.fill("[name=code]", re.search(r"\d{6}", words)[0])  # type: ignore[index]
    page.click("main button.tc-act")
    page.wait_for_url("**/so/")
