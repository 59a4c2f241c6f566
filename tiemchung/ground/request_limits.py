"""How much may one caller ask of one process? What is refused before anything else looks at a request.

Each bound holds per process and lives in its memory, so it costs no query:
- the size of a body that says its length, and that a body says it at all (Granian ends slow headers after 30 seconds);
- bodies that are on their way: a caller who sends a byte a minute holds a thread as long as he likes, so some threads
  are kept for requests without a body, and one address gets at most half of the others;
- requests of one address by a bucket that fills steadily. It is wide: one address of a mobile network or a hospital is
  thousands of people. Guessing passwords is bounded elsewhere, far tighter (accounts.lock_out).
Loopback is not bounded by address: a proxy of one's own on this machine, or a benchmark.
"""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from tiemchung.ground.addresses import address_of, is_here, network_of

MOST_CALLERS = 20_000  # that are remembered, some 4 MB
SAID = {
    411: ("length_required", "Gói gửi không nói độ dài. Gửi kèm Content-Length.", "Send it with its Content-Length."),
    413: ("request_too_big", "Gói gửi lớn quá {most} MB. Chia ra rồi gửi lại.", "Larger than {most} MB. Send parts."),
    429: ("too_many_requests", "Mạng này gửi quá nhanh. Chờ vài giây rồi thử lại.", "Too fast. Try in some seconds."),
    503: ("busy", "Máy chủ đang bận. Chờ vài giây rồi gửi lại.", "The server is busy. Send it again in a few seconds."),
}  # fmt: skip


@dataclass
class Buckets:
    """A bucket of tokens for each caller: `burst` at once, `per_second` in the long run. The quietest are forgotten."""

    per_second: float
    burst: float
    most: int = MOST_CALLERS
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, caller: str, now: float) -> bool:
        """Take one token of a caller at a moment (monotonic seconds); False when there is none."""
        with self._lock:
            left, at = self._left.pop(caller, (self.burst, now))
            left = min(self.burst, left + (now - at) * self.per_second)
            taken = left >= 1
            self._left[caller] = (left - 1 if taken else left, now)
            if len(self._left) > self.most:
                self._left.popitem(last=False)
            return taken


@dataclass
class Places:
    """Places for bodies on their way: `in_all`, and `for_one` caller."""

    in_all: int
    for_one: int
    _taken: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, caller: str, *, bounded: bool) -> bool:
        """Take a place; False when there is none. Who took one gives it back."""
        with self._lock:
            full = self._taken.total() >= self.in_all or (bounded and self._taken[caller] >= self.for_one)
            if not full:
                self._taken[caller] += 1
            return not full

    def give_back(self, caller: str) -> None:
        """Give a place back."""
        with self._lock:
            self._taken[caller] -= 1
            if not self._taken[caller]:
                del self._taken[caller]


class RequestLimitsMiddleware:
    """Sees a request before anything reads of it; only the headers of the answer are set outside of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.requests = Buckets(settings.REQUESTS_PER_SECOND, settings.REQUESTS_PER_SECOND * 10)
        places = max(1, settings.THREADS - 2)
        self.places = Places(places, max(1, places // 2))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        caller = network_of(address_of(request))
        bounded = not is_here(caller)
        if bounded and settings.REQUESTS_PER_SECOND and not self.requests.take(caller, time.monotonic()):
            return refusal(request, 429)
        if request.method in ("GET", "HEAD") and not request.META.get("CONTENT_LENGTH", "").strip("0"):
            return self.get_response(request)
        return self._with_body(request, caller, bounded)

    def _with_body(self, request: HttpRequest, caller: str, bounded: bool) -> HttpResponse:
        if status := _unfit(request):
            return refusal(request, status)
        if not self.places.take(caller, bounded=bounded):
            return refusal(request, 503)
        if request.content_type == "multipart/form-data":  # files go to disk while the page reads them
            try:
                return self.get_response(request)
            finally:
                self.places.give_back(caller)
        return self.get_response(request) if self._arrives(request, caller) else refusal(request, 413)

    def _arrives(self, request: HttpRequest, caller: str) -> bool:
        try:
            return request.body is not None
        except RequestDataTooBig:
            return False
        finally:
            self.places.give_back(caller)


def _unfit(request: HttpRequest) -> int:
    """The status that refuses a request by what it says of its body; 0 when it may come."""
    if request.headers.get("Transfer-Encoding"):
        return 411
    said = request.META.get("CONTENT_LENGTH") or "0"
    if not (said.isascii() and said.isdigit()):
        return 411
    return 413 if len(said) > 12 or int(said) > settings.LARGEST_BODY else 0


def refusal(request: HttpRequest, status: int) -> HttpResponse:
    """Say no: in the API's form to programs, as a page to people. Nobody's session is looked at."""
    code, vi, en = SAID[status]
    most = settings.LARGEST_BODY // 1_048_576
    if request.path.startswith("/api/"):
        said = {"code": code, "field": "body" if status in (411, 413) else ""}
        response: HttpResponse = JsonResponse(
            {**said, "vi": vi.format(most=most), "en": en.format(most=most)}, status=status
        )
    else:
        response = HttpResponse(render_to_string(f"{status}.html", {"most": most}), status=status)
    if status in (429, 503):
        response["Retry-After"] = "5"
    return response
