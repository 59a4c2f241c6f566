"""Which device is it? What it calls itself, in a few words; and whether an account signed in on it before.

A device that signed in keeps a signed cookie that says for which names. It opens nothing: it only lets who holds it try
while strangers have used up the tries (accounts.lock_out).
"""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from tiemchung.ground.ids import new_id

COOKIE = "known-device"
KEPT = timedelta(days=180)
MOST_NAMES = 12  # nurses who share a site's device
_SALT = "accounts.known-device"

SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
           ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("coc_coc", "Cốc Cốc"), ("SamsungBrowser", "Samsung Internet"),
            ("Zalo", "Zalo"), ("FxiOS", "Firefox"), ("Firefox/", "Firefox"), ("CriOS", "Chrome"),
            ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip


def words(user_agent: str) -> str:
    """What a person recognises his device by: Chrome, Android. Empty when the device says nothing that we know."""
    found = [next((word for mark, word in table if mark in user_agent), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(word for word in found if word)


@dataclass
class Known:
    """What the cookie says: a device, and digests of the names that signed in on it, the last one first."""

    device: str
    names: list[str] = field(default_factory=list)

    def for_name(self, name: str) -> str | None:
        """The device, if that name signed in on it before."""
        return self.device if _digest(name) in self.names else None


def read(request: HttpRequest) -> Known | None:
    """What the device's cookie says; None when it has none that we signed within the last half year."""
    try:
        said = signing.loads(request.COOKIES.get(_cookie(), ""), salt=_SALT, max_age=KEPT)
        return Known(str(UUID(said["device"])), [str(name) for name in said["names"]])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def remember(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Let the device be one on which that name signed in."""
    known = read(request) or Known(str(new_id()))
    names = [_digest(name), *(one for one in known.names if one != _digest(name))][:MOST_NAMES]
    value = signing.dumps({"device": known.device, "names": names}, salt=_SALT)
    response.set_cookie(
        _cookie(), value, max_age=KEPT, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def _cookie() -> str:
    return f"__Host-{COOKIE}" if settings.SESSION_COOKIE_SECURE else COOKIE


def _digest(name: str) -> str:
    return salted_hmac(_SALT, name, algorithm="sha256").hexdigest()[:16]
