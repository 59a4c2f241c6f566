"""Which headers keep a page from loading what is not ours, and from being kept where others may find it?"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# zxing-wasm needs 'wasm-unsafe-eval' to compile its module; nothing else is loosened.
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class ContentSecurityPolicyMiddleware:
    """Every answer carries the policy, and asks for no device but the camera."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers:
            response.setdefault("Cache-Control", "no-store")  # it may be about somebody
        response.setdefault("Server", "tiemchung")  # else the server's software names itself
        response.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
        return response
