"""From where does an act come? Which page, which sign-in, which network: what both logs say beside who and when.

docs/adr/0020 says why a network and not an address, a tag and not the sign-in's key.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from tiemchung.ground.addresses import address_of

REFUSED = frozenset({401, 403, 429})
_PREFIX = {4: 24, 6: 48}  # bits that name a network: an office or a street, not a telephone


@dataclass(frozen=True, slots=True)
class Origin:
    """Page by its URL name, or the command; a tag of the sign-in or of the programme; the network. Empty: not known."""

    page: str = ""
    client: str = ""
    network: str = ""

    def as_columns(self) -> dict[str, str]:
        """As it stands in a row of either log."""
        return {"page": self.page, "client": self.client, "network": self.network}


_current: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 (it cannot change)


def current() -> Origin:
    """The origin of what this thread does now."""
    return _current.get()


@contextmanager
def acting(origin: Origin) -> Iterator[None]:
    """Let what happens inside come from there."""
    token = _current.set(origin)
    try:
        yield
    finally:
        _current.reset(token)


def network_of(address: str) -> str:
    """The network of an address: 24 bits of IPv4, 48 bits of IPv6; empty for what is no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network(f"{address}/{_PREFIX[found.version]}", strict=False))


def tag_of(secret: str) -> str:
    """A tag that is the same for the same sign-in and opens nothing."""
    return salted_hmac("ground.origin", secret, algorithm="sha256").hexdigest()[:16]


class OriginMiddleware:
    """Every act and look of a request says where it came from; a refusal of somebody who signed in is an entry too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        network = network_of(address_of(request))
        with acting(Origin(network=network)):
            response = self.get_response(request)
            if response.status_code in REFUSED:
                _note_refusal(request, response.status_code)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """The page is known now, and who signed in: the session is looked at only where there is one."""
        match = request.resolver_match
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        program = getattr(request, "api_client", None)
        client = f"c:{tag_of(str(program.id))}" if program else f"s:{tag_of(session)}" if session else ""
        _current.set(replace(_current.get(), page=match.view_name[:60] if match else "", client=client))


def _note_refusal(request: HttpRequest, status: int) -> None:
    """Only of accounts: a stranger must not be able to fill the log."""
    from tiemchung.ground import audit

    user = request.user
    if user.is_authenticated:
        with transaction.atomic():
            audit.record("access.refused", by=user.pk, status=status)
