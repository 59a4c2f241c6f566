"""Whole pages: the gallery, the error pages, and the reader's two preferences."""

import re

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings

from tiemchung.look import views

pytestmark = pytest.mark.urls("tests.unit.look.urls")

FORBIDDEN = {
    "style attribute": r"<[^>]+\sstyle=",
    "inline script": r"<script(?![^>]*\ssrc=)",
    "event attribute": r"<[^>]+\son\w+=",
    "data: URL": r"(?:src|href)=\"data:",
    "another host": r"(?:src|href|action)=\"(?:https?:)?//",
    "style element": r"<style",
}
FRAMES = ["public", "book", "floor", "office", "wall"]
ERRORS = ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"]


def gallery() -> str:
    return views.gallery(RequestFactory().get("/look/")).content.decode()


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_gallery_keeps_the_content_security_policy(what: str) -> None:
    assert re.findall(FORBIDDEN[what], gallery()) == []


def test_the_gallery_has_one_main_heading_and_no_double_id() -> None:
    page = gallery()
    assert page.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_pages_say_their_language_and_let_readers_skip_to_the_content() -> None:
    page = gallery()
    assert '<html lang="vi"' in page
    assert '<a class="tc-skip" href="#chinh">' in page
    assert '<main id="chinh"' in page
    assert 'href="tel:19009095"' in page


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_needs_no_request_and_says_the_cure(name: str) -> None:
    page = render_to_string(name)
    assert page.count("<h1>") == 1
    assert re.search(r'<p class="tc-lead">\w[^<]+\.</p>', page)
    assert "1900 9095" in page
    for pattern in FORBIDDEN.values():
        assert not re.findall(pattern, page)


def test_error_headings_carry_no_code_and_no_system_fault() -> None:
    for name in ERRORS:
        heading = re.search(r"<h1>(.*?)</h1>", render_to_string(name))
        assert heading
        assert not re.search(r"\d|hệ thống|!", heading[1])


@pytest.mark.parametrize("chosen", ["dark", "light"])
def test_a_chosen_theme_is_kept_and_the_reader_sent_back(chosen: str) -> None:
    request = RequestFactory().post("/look/nen", {"theme": chosen}, headers={"referer": "http://testserver/so/"})
    response = views.theme(request)
    assert response.cookies["theme"].value == chosen
    assert response.headers["Location"] == "/so/" or response.headers["Location"] == "http://testserver/so/"


def test_an_unknown_theme_gives_the_choice_back_to_the_device() -> None:
    response = views.theme(RequestFactory().post("/look/nen", {"theme": "pink"}))
    assert response.cookies["theme"].value == ""


def test_the_reader_is_never_sent_to_another_host() -> None:
    request = RequestFactory().post("/look/nen", {"theme": "dark"}, headers={"referer": "https://example.org/x"})
    assert views.theme(request).headers["Location"] == "/"


@override_settings(MIDDLEWARE=["django.middleware.locale.LocaleMiddleware"])
def test_english_is_chosen_by_a_form_and_kept() -> None:
    client = Client(headers={"referer": "http://testserver/look/"})
    response = client.post("/look/ngon-ngu", {"language": "en"})
    assert response.status_code == 302
    assert '<html lang="en"' in client.get("/look/").content.decode()


def test_preferences_need_no_token_so_that_public_pages_stay_without_cookies() -> None:
    assert "csrfmiddlewaretoken" not in gallery()


@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_stands_without_its_blocks_filled(frame: str) -> None:
    page = render_to_string(f"look/door_{frame}.html")
    assert page.count("<main ") == 1
    assert page.count("<header ") == 1
    for pattern in FORBIDDEN.values():
        assert not re.findall(pattern, page)


@pytest.mark.parametrize(
    ("level", "kind"), [("success", "ok"), ("warning", "caution"), ("error", "stop"), ("info", "wait")]
)
def test_messages_show_as_states_at_the_top(level: str, kind: str) -> None:
    message = Message(getattr(constants, level.upper()), "Đã ghi mũi 2")
    page = render_to_string("look/messages.html", {"messages": [message]})
    assert f"is-{kind}" in page
    assert "Đã ghi mũi 2" in page
