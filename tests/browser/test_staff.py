"""A morning in three hands: the nurse vaccinates, the head signs what the site recorded, the signer signs passports."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, choose, grave_faults, overflows
from tiemchung.simulator.plan import MINISTRY, SIGNER, SITES
from tiemchung.simulator.residents import Resident, residents

SITE = SITES[0]
SignIn = Callable[..., Page]


def _check(page: Page) -> None:
    assert grave_faults(page) == []
    assert not overflows(page)


def _act(page: Page) -> None:
    page.locator(".tc-actbar button.tc-act").click()
    page.wait_for_load_state()


def _somebody(seed: int) -> Resident:
    return residents(1, [SITE.commune_code], on=date(2022, 5, 14), seed=seed)[0]


def _vaccinate(page: Page, one: Resident) -> None:
    """From the number that nobody knows to the thirty minutes."""
    _enter(page, one)
    expect(page.get_by_role("heading", level=1)).to_contain_text(one.full_name)
    _check(page)
    _act(page)
    _screen(page)
    _check(page)
    expect(page.locator("main")).to_contain_text(SITE.lot)
    _act(page)


def _enter(page: Page, one: Resident) -> None:
    page.goto("/diem-tiem/quet/")
    page.fill("[name=text]", one.number)
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("button", name="Nhập người này").click()
    page.fill("[name=full_name]", one.full_name)
    page.fill("[name=birth_date]", one.born.strftime("%d/%m/%Y"))
    choose(page, f"[name=sex][value={one.sex}]")
    page.fill("[name=identity_number]", one.number)
    _check(page)
    _act(page)


def _screen(page: Page) -> None:
    page.fill("[name=temperature]", "36,8")
    page.fill("[name=blood_pressure]", "118/76")
    page.fill("[name=pulse]", "78")
    for question in page.locator("label:has([type=radio][value=no])").all():
        question.click()
    choose(page, "[name=outcome][value=eligible]")
    _check(page)
    _act(page)


@pytest.mark.parametrize(("size", "seed"), [("phone", 501), ("desktop", 502)])
def test_a_nurse_vaccinates_somebody_who_did_not_register(sign_in: SignIn, size: str, seed: int) -> None:
    page = sign_in(SITE.nurse, size=size)
    expect(page.locator("main")).to_contain_text("Buổi tiêm hôm nay")
    _check(page)
    one = _somebody(seed)
    _vaccinate(page, one)
    page.goto("/diem-tiem/theo-doi/")
    expect(page.locator("main")).to_contain_text(one.full_name)
    _check(page)
    for path in ("/diem-tiem/so-mui/", "/diem-tiem/kho/", "/diem-tiem/nhap-sau/"):
        page.goto(path)
        _check(page)


def test_the_second_dose_on_one_day_is_stopped_before_the_needle(sign_in: SignIn) -> None:
    page = sign_in(SITE.nurse)
    one = _somebody(503)
    _vaccinate(page, one)
    page.goto("/diem-tiem/quet/")
    page.fill("[name=text]", one.number)
    page.get_by_role("button", name="Tìm").click()
    expect(page.locator(".tc-actbar")).to_contain_text("Mở lượt đang có")
    _check(page)


def test_the_head_signs_what_the_site_recorded(sign_in: SignIn) -> None:
    nurse = sign_in(SITE.nurse)
    _vaccinate(nurse, _somebody(504))
    page = sign_in(SITE.head, size="desktop")
    _check(page)
    page.goto("/van-phong/ky-du-lieu/")
    _check(page)
    page.get_by_role("link", name="Tiếp: xem cả lô").click()
    _check(page)
    page.locator(".tc-actbar button.btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã ký")
    expect(page.locator("main")).to_contain_text("Chữ ký đúng")
    _check(page)


def test_the_signer_signs_passports_and_pressing_again_signs_nothing_twice(sign_in: SignIn) -> None:
    page = sign_in(SIGNER)
    page.goto("/van-phong/ho-chieu/")
    _check(page)
    for _ in range(2):
        page.get_by_role("button", name="Ký hộ chiếu đến hạn").click()
        page.wait_for_load_state()
    expect(page.locator(".tc-messages")).to_contain_text("Đã ký 0 hộ chiếu")
    _check(page)


def test_the_ministry_sees_the_way_to_the_passport(sign_in: SignIn) -> None:
    page = sign_in(MINISTRY, size="desktop")
    expect(page.locator("main")).to_contain_text("Từ mũi tiêm đến hộ chiếu")
    _check(page)


@pytest.mark.parametrize("path", ["/", "/so-lieu/", "/kiem-tra/", "/tro-giup/", "/dang-nhap/", "/tin-nhan/"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_public_pages_are_for_everybody(open_page: OpenPage, path: str, size: str) -> None:
    page = open_page(path, size=size)
    assert page.locator("h1").count() == 1
    _check(page)
