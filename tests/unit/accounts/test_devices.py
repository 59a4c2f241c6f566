"""A device is called as its owner would call it, and knows who signed in on it."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from tiemchung.accounts import devices


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 14; SM-A155F) Chrome/125.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/125.0 Safari/537.36 Edg/125.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0", "Firefox, Linux"),
        ("python-httpx/0.28", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_device_is_named_by_browser_and_system(agent: str, words: str) -> None:
    assert devices.words(agent) == words


def remembered(*names: str) -> RequestFactory:
    """What a browser sends after those names signed in on it, one after the other."""
    factory = RequestFactory()
    for name in names:
        response = HttpResponse()
        devices.remember(factory.get("/"), response, name)
        factory.cookies[devices.COOKIE] = response.cookies[devices.COOKIE].value
    return factory


def test_a_shared_device_is_known_for_each_who_signed_in_on_it() -> None:
    known = devices.read(remembered("mai", "duc").get("/"))
    assert known
    assert known.for_name("mai") == known.for_name("duc") == known.device
    assert known.for_name("hanh") is None


def test_the_oldest_names_are_forgotten() -> None:
    known = devices.read(remembered(*(f"n{number}" for number in range(devices.MOST_NAMES + 1))).get("/"))
    assert known
    assert known.for_name("n0") is None
    assert known.for_name("n1")


@pytest.mark.parametrize("value", ["", "x", "{}", "e30:1:x"])
def test_what_we_did_not_sign_says_nothing(value: str) -> None:
    factory = RequestFactory()
    factory.cookies[devices.COOKIE] = value
    assert devices.read(factory.get("/")) is None


def test_the_cookie_names_nobody() -> None:
    assert "mai" not in remembered("mai").cookies[devices.COOKIE].value
