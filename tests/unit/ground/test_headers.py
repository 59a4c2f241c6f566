"""Every answer keeps a page from loading what is not ours."""

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tiemchung.ground.headers import POLICY, ContentSecurityPolicyMiddleware


def answered(response: HttpResponse) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        return response

    return ContentSecurityPolicyMiddleware(view)(RequestFactory().get("/"))


def test_an_answer_carries_the_policy_and_asks_for_no_device_but_the_camera() -> None:
    response = answered(HttpResponse())
    assert response["Content-Security-Policy"] == POLICY
    assert response["Permissions-Policy"] == "camera=(self), microphone=(), geolocation=()"


def test_nothing_inline_and_no_other_host_may_run() -> None:
    sources = {part.split()[0]: part.split()[1:] for part in POLICY.split("; ")}
    assert sources["default-src"] == ["'none'"]
    assert sources["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert sources["style-src"] == ["'self'"]
    assert "unsafe-inline" not in POLICY
    assert "http" not in POLICY


def test_a_view_with_a_stricter_policy_keeps_it() -> None:
    response = HttpResponse()
    response["Content-Security-Policy"] = "default-src 'none'"
    assert answered(response)["Content-Security-Policy"] == "default-src 'none'"
