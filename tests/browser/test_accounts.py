"""Accounts of staff as an administrator and a new nurse see them, on a phone and on a desktop."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SIZES, grave_faults, overflows
from tiemchung.simulator.plan import ADMINISTRATOR, SITES

SITE = SITES[0]
PAGES = ["/van-phong/", "/van-phong/tai-khoan/", "/van-phong/tai-khoan/mo", "/van-phong/tai-khoan/danh-sach"]


def head_of(page: Page) -> str:
    return page.locator("h1").first.inner_text()


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_a_head_have_no_grave_fault_and_do_not_run_over(sign_in: Callable[..., Page], size: str) -> None:
    page = sign_in(SITE.head, size=size)
    for path in PAGES:
        page.goto(path)
        assert grave_faults(page) == [], path
        assert not overflows(page), path


def test_on_a_phone_the_menu_unfolds_and_leads_to_the_accounts(sign_in: Callable[..., Page]) -> None:
    page = sign_in(SITE.head)
    page.click(".tc-menu > summary")
    box = page.locator(".tc-menu > ul").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= SIZES["phone"]["width"]
    page.click(".tc-menu a[href='/van-phong/tai-khoan/']")
    assert head_of(page) == "Tài khoản nhân viên"


def test_a_nurse_gets_a_slip_and_chooses_her_password(
    sign_in: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    page = sign_in(SITE.head)
    page.goto("/van-phong/tai-khoan/mo")
    page.fill("[name=display_name]", "Lò Thị Ngân")
    page.fill("[name=username]", "lo.thi.ngan")
    page.select_option("[name=role]", "vaccinator")
    page.click("main button.btn-primary")
    code = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page.inner_text("main"))
    assert code
    assert grave_faults(page) == []
    nurse = open_page("/kich-hoat/")
    assert grave_faults(nurse) == []
    said = {"username": "lo.thi.ngan", "code": code[0], "password": "mua xuan ve", "again": "mua xuan ve"}
    for name, value in said.items():
        nurse.fill(f"[name={name}]", value)
    nurse.click("main button.btn-primary")
    assert nurse.url.endswith("/dang-nhap/")
    page.click("main a.btn-primary")
    assert head_of(page) == "Lò Thị Ngân"
    assert grave_faults(page) == []


@pytest.mark.parametrize("size", SIZES)
def test_an_administrator_lets_a_program_in(sign_in: Callable[..., Page], size: str) -> None:
    page = sign_in(ADMINISTRATOR, size=size)
    page.goto("/van-phong/chuong-trinh/them")
    assert grave_faults(page) == []
    assert not overflows(page)
    said = {"display_name": "HIS", "username": f"his.{size}", "contact": "Nguyễn Văn Tú", "area": ""}
    for name, value in {**said, "facility": SITE.code}.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=role]", "data_clerk")
    page.locator("[name=pages][value='api:events']").focus()
    page.keyboard.press("Space")
    page.click("main button.btn-primary")
    assert re.search(r"tc_\w{8}_[\w-]{43}", page.inner_text("main"))
    assert not overflows(page)
    page.click("main a.btn-primary")
    assert head_of(page) == "HIS"
    assert grave_faults(page) == []
    assert not overflows(page)
