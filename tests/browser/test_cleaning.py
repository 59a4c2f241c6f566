"""Cleaning and the funnel as people see them, and the population side's own pages: for everybody, at both sizes."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZES, grave_faults, overflows
from tests.played import PlayedDay
from tiemchung.cli.installation import Installation
from tiemchung.cli.stack import Stack, free_port
from tiemchung.simulator.plan import MINISTRY, PASSWORD, SITES

SITE = SITES[0]
SignIn = Callable[..., Page]


def _check(page: Page) -> None:
    assert grave_faults(page) == []
    assert not overflows(page)


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize(
    ("username", "paths"),
    [
        (SITE.station, ["", "xep-hang/", "in/", "cung-loi/"]),
        (SITE.hamlet, ["", "in/"]),
        (SITE.head, ["", "cung-loi/"]),
        (MINISTRY, ["", "xep-hang/"]),
    ],
)
def test_whoever_cleans_can_use_his_pages(sign_in: SignIn, username: str, paths: list[str], size: str) -> None:
    page = sign_in(username, size=size)
    for path in paths:
        page.goto(f"/van-phong/lam-sach/{path}")
        assert page.locator("h1").count() == 1
        _check(page)


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_funnel_leads_from_a_number_to_its_list(sign_in: SignIn, size: str) -> None:
    page = sign_in(MINISTRY, size=size)
    page.goto("/van-phong/xac-thuc/")
    _check(page)
    page.locator("a[href*='nhom=right']").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đúng")
    assert page.locator(".tc-rows li").count() > 0
    _check(page)


@pytest.fixture
def register_side(played_day: PlayedDay) -> Iterator[str]:
    """The population side of the played day, served by itself; its address."""
    installation = Installation(played_day.folder)
    server = installation.start_database()
    stack = Stack(installation.environment(), installation.logs, free_port(), free_port())
    try:
        stack.start_population()
        stack.wait_for_population()
        yield f"http://127.0.0.1:{stack.population_port}"
    finally:
        stack.stop()
        server.release()


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_an_officer_signs_in_and_sees_what_he_decided(chromium: Browser, register_side: str, size: str) -> None:
    context = chromium.new_context(base_url=register_side, viewport=SIZES[size], locale="vi-VN")  # type: ignore[arg-type]
    page = context.new_page()
    decided = 0
    for site in SITES:
        page.goto("/dang-nhap/")
        _check(page)
        page.fill("[name=username]", site.officer)
        page.fill("[name=password]", PASSWORD)
        page.click("main button.tc-act")
        page.wait_for_load_state()
        _check(page)
        page.goto("/?xong")
        _check(page)
        records = page.locator("a[href^='/ho-so/']")
        if records.count():
            decided += records.count()
            records.first.click()
            expect(page.locator("main")).to_contain_text("Dữ liệu dân cư")
            _check(page)
        page.locator("form[action='/dang-xuat/'] button").click()
    context.close()
    assert decided > 0
