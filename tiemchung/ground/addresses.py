"""From which network address does a request come? Ours in between are counted off, nobody else's word is taken."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104  nothing is bound to it: it stands for an address that could not be read


def address_of(request: HttpRequest) -> str:
    """The client's address. Behind `TIEMCHUNG_PROXIES` of our own it is that many from the right of X-Forwarded-For.

    What stands further left was written by the client and may say anything.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        peer = said[-settings.PROXIES] if len(said) >= settings.PROXIES else peer
    return _readable(peer)


def network_of(address: str) -> str:
    """What is counted as one caller: an IPv4 address, or the /64 that one IPv6 customer has to himself."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found)


def is_here(network: str) -> bool:
    """Say whether it is this machine: a proxy on it that tells nothing of its callers, a benchmark, a practice day."""
    return network == "::" or ip_address(network).is_loopback


def _readable(text: str) -> str:
    try:
        found = ip_address(text)
    except ValueError:
        return UNKNOWN
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)
