"""Pages as people see them: Debian's Chromium before a served campaign day."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.played import PlayedDay

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}
GRAVE = {"serious", "critical"}


@pytest.fixture(scope="session")
def site(played_day: PlayedDay) -> Iterator[str]:
    """The address of the served day."""
    with played_day.served() as url:
        yield url


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless. It ends with its file: its event loop must not outlive it in a worker."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, site: str) -> Iterator[OpenPage]:
    """Open a page in a browser of its own: `open_page("/so/", size="phone", language="vi-VN")`."""
    contexts = []

    def make(path: str = "/", *, size: str = "phone", language: str = "vi-VN") -> Page:
        context = chromium.new_context(base_url=site, viewport=SIZES[size], locale=language)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(open_page: OpenPage) -> Callable[..., Page]:
    """Sign an account in and stand at its own door."""

    def make(username: str, **how: Any) -> Page:
        page = open_page("/dang-nhap/", **how)
        page.fill("[name=username]", username)
        page.fill("[name=password]", "tiemchung")
        page.click("main button.tc-act")
        page.wait_for_load_state()
        return page

    return make


def choose(page: Page, radio: str) -> None:
    """Choose a radio as a finger does: by its label, which covers it."""
    page.locator(f"label:has({radio})").click()


def grave_faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical, on a window as tall as the page too, where no bar covers the edge."""
    found = _faults(page)
    before = page.viewport_size
    assert before is not None
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": before["width"], "height": max(int(height), before["height"])})
    found += _faults(page)
    page.set_viewport_size(before)
    return sorted(set(found))


def _faults(page: Page) -> list[str]:
    return [
        f"{page.url}: {one['id']} {node['target']}"
        for one in Axe().run(page).response["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def overflows(page: Page) -> bool:
    """Say whether the page can be scrolled sideways."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide
