"""One caller cannot have all of a process: too large, too many, too slow is refused before anything reads it."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tiemchung.ground.request_limits import Buckets, Places, RequestLimitsMiddleware

STRANGER, OTHER = "203.0.113.9", "198.51.100.7"


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@pytest.fixture
def limits(settings: Any) -> RequestLimitsMiddleware:
    settings.REQUESTS_PER_SECOND, settings.THREADS, settings.LARGEST_BODY = 1, 8, 4 * 1024 * 1024
    return RequestLimitsMiddleware(view)


def get(address: str = STRANGER, path: str = "/", **headers: str) -> HttpRequest:
    return RequestFactory(headers=headers).get(path, REMOTE_ADDR=address)


def post(body: bytes = b"a=1", address: str = STRANGER, path: str = "/", **meta: str) -> HttpRequest:
    kind = meta.pop("kind", "application/x-www-form-urlencoded")
    return RequestFactory().post(path, body, content_type=kind, REMOTE_ADDR=address, **meta)


def test_an_ordinary_request_passes(limits: RequestLimitsMiddleware) -> None:
    assert limits(get()).status_code == limits(post()).status_code == 200


def test_who_asks_too_fast_waits_and_nobody_else(limits: RequestLimitsMiddleware) -> None:
    answers = [limits(get()) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1]["Retry-After"] == "5"
    assert limits(get(OTHER)).status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_proxy_on_this_machine_is_not_one_caller(limits: RequestLimitsMiddleware, address: str) -> None:
    assert {limits(get(address)).status_code for _ in range(30)} == {200}


def test_a_bucket_fills_steadily_and_never_beyond_its_brim() -> None:
    buckets = Buckets(per_second=2, burst=4)
    assert [buckets.take("a", 0) for _ in range(5)] == [True] * 4 + [False]
    assert [buckets.take("a", 1) for _ in range(3)] == [True, True, False]
    assert [buckets.take("a", 1000) for _ in range(5)] == [True] * 4 + [False]


def test_callers_are_forgotten_rather_than_fill_the_memory() -> None:
    buckets = Buckets(per_second=1, burst=1, most=100)
    for number in range(1000):
        buckets.take(str(number), 0)
    assert len(buckets._left) == 100


@pytest.mark.parametrize(
    ("meta", "status"),
    [
        ({"CONTENT_LENGTH": str(4 * 1024 * 1024 + 1)}, 413),
        ({"CONTENT_LENGTH": "9" * 40}, 413),
        ({"CONTENT_LENGTH": "-1"}, 411),
        ({"CONTENT_LENGTH": "x"}, 411),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/events"])
def test_a_body_that_is_too_large_or_of_no_length_is_not_read(
    limits: RequestLimitsMiddleware, meta: dict[str, str], status: int, path: str
) -> None:
    request = post(path=path, **meta)
    answer = limits(request)
    assert answer.status_code == status
    assert ("json" in answer["Content-Type"]) == path.startswith("/api/")


def test_a_form_larger_than_forms_may_be_is_refused(limits: RequestLimitsMiddleware) -> None:
    assert limits(post(b"a" * (3 * 1024 * 1024))).status_code == 413


def test_one_address_gets_half_of_the_places_for_bodies() -> None:
    places = Places(in_all=6, for_one=3)
    assert [places.take("a", bounded=True) for _ in range(4)] == [True] * 3 + [False]
    assert [places.take("b", bounded=True) for _ in range(4)] == [True] * 3 + [False]
    assert not places.take("c", bounded=False)
    places.give_back("a")
    assert places.take("c", bounded=False)


def test_a_place_is_given_back_whatever_happens(limits: RequestLimitsMiddleware) -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    limits.get_response = broken
    for kind in ("application/json", "multipart/form-data; boundary=x"):
        with pytest.raises(RuntimeError):
            limits(post(kind=kind, address="127.0.0.1"))
    assert limits.places._taken.total() == 0


def test_without_a_place_a_body_is_refused_and_a_page_is_not(limits: RequestLimitsMiddleware) -> None:
    for _ in range(limits.places.in_all):
        limits.places.take("somebody", bounded=False)
    busy = limits(post())
    assert (busy.status_code, busy["Retry-After"]) == (503, "5")
    assert limits(get()).status_code == 200


@pytest.mark.parametrize("status", [411, 413, 429, 503])
def test_the_page_says_what_to_do_in_both_languages(status: int) -> None:
    from django.utils import translation

    from tiemchung.ground.request_limits import refusal

    for language in ("vi", "en"):
        with translation.override(language):
            page = refusal(get(), status).content.decode()
        assert str(status) in page
        assert "1900 9095" in page
