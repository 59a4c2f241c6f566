"""The gallery in Chromium, under our Content-Security-Policy: accessible, no sideways scroll, codes are read."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import numpy as np
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]  # fmt: skip
MIDDLEWARE = [
    "tiemchung.ground.headers.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium: apt-get install chromium"),
]


class Quiet(WSGIRequestHandler):
    """A handler that does not write each request to the terminal."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The look served alone, with the real headers and static files."""
    with override_settings(MIDDLEWARE=MIDDLEWARE, ROOT_URLCONF="tests.unit.look.urls"):
        server: WSGIServer = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/look/"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@contextmanager
def opened(browser: Browser, address: str, **options: object) -> Iterator[Page]:
    """A page of the gallery; what the console complains of fails the test."""
    context = browser.new_context(locale="vi-VN", **options)  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["phone", "desktop"])
def test_the_gallery_is_accessible(browser: Browser, address: str, size: tuple[int, int], scheme: str) -> None:
    viewport = {"width": size[0], "height": size[1]}
    with opened(browser, address, viewport=viewport, color_scheme=scheme) as page:
        found = Axe().run(page).response["violations"]
    assert [f"{one['impact']}: {one['id']}" for one in found if one["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize(("width", "text"), [(320, "100%"), (390, "200%")], ids=["small phone", "twice the text size"])
def test_nothing_scrolls_sideways(browser: Browser, address: str, width: int, text: str) -> None:
    with opened(browser, address, viewport={"width": width, "height": 800}) as page:
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_what_is_pressed_is_48_px_high_at_least(browser: Browser, address: str) -> None:
    with opened(browser, address, viewport={"width": 390, "height": 844}) as page:
        low = page.evaluate(
            "[...document.querySelectorAll('main .btn, .tc-choice label, .tc-outcomes label, .tc-toplink, a.tc-row')]"
            ".filter(one => one.offsetParent && one.getBoundingClientRect().height < 48).map(one => one.textContent)"
        )
    assert low == []


RING = """() => {
  const at = document.activeElement;
  const drawn = [at, at.parentElement.querySelector(":scope > b"), at.querySelector(".tile")];
  return drawn.some((one) => one && (getComputedStyle(one).outlineStyle !== "none"
    || getComputedStyle(one).boxShadow !== "none" || one.classList.contains("tile")))
    ? "" : at.outerHTML.slice(0, 90)}"""


def test_whatever_the_keyboard_reaches_shows_it(browser: Browser, address: str) -> None:
    with opened(browser, address, reduced_motion="reduce") as page:
        bare = set()
        for _ in range(page.locator("a[href], button, input, select, textarea, summary").count()):
            page.keyboard.press("Tab")
            bare.add(page.evaluate(RING))
        assert bare - {""} == set()


def test_dark_follows_the_device_and_the_readers_choice_wins(browser: Browser, address: str) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with opened(browser, address, color_scheme="dark") as page:
        assert page.evaluate(ground) == "rgb(15, 18, 32)"
        page.get_by_role("button", name="Sáng").click()
        assert page.evaluate(ground) == "rgb(247, 246, 244)"


def test_a_photo_of_a_code_fills_the_field_and_sends_the_form(browser: Browser, address: str, tmp_path: Path) -> None:
    text = "036153001482||Lê Thị Sáu|05091953|Nữ"
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=6)
    Image.fromarray(np.array(code)).save(tmp_path / "code.png")
    with opened(browser, address) as page:
        page.set_input_files("[data-scan-picture]", tmp_path / "code.png")
        page.wait_for_url("**scanned=**")
        assert page.evaluate("new URL(location).searchParams.get('scanned')") == text


def test_a_photo_without_a_code_says_the_cure(browser: Browser, address: str, tmp_path: Path) -> None:
    Image.new("L", (300, 300), 255).save(tmp_path / "empty.png")
    with opened(browser, address) as page:
        page.set_input_files("[data-scan-picture]", tmp_path / "empty.png")
        said = page.get_by_text("Chưa thấy mã QR trong ảnh.")
        said.wait_for()
        assert said.is_visible()


def test_the_camera_opens_when_asked(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.get_by_role("button", name="Mở máy ảnh").click()
        page.locator(".tc-scan.is-live").wait_for()
        assert page.evaluate("document.querySelector('video').videoWidth") > 0


def test_a_clock_counts_down_by_itself(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        clock = page.locator("[data-clock]")
        clock.evaluate("one => { one.dataset.endsAt = new Date(Date.now() + 90_000).toISOString() }")
        page.locator("[data-clock][data-left='2']").wait_for()
        assert clock.locator("b").text_content() == "2"
        clock.evaluate("one => { one.dataset.endsAt = new Date(Date.now() - 1000).toISOString() }")
        page.locator("[data-clock].is-ok").wait_for()
        assert "đủ giờ" in (clock.text_content() or "")
