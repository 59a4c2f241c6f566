"""Codes by an app on one's own phone (TOTP): the second factor of both sides' accounts.

The time is the machine's, never a practice day's: the phone lives by the real clock. Standards: RFC 6238 with its
defaults (SHA-1, 30 seconds, 6 digits), which every app understands; one step to each side for clocks that are off.
"""

import base64
import secrets
import time

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tiemchung.ground.errors import InvalidInputError

STEP = 30  # seconds
DIGITS = 6
DRIFT = 1  # steps that a phone's clock may be off
SECRET_BYTES = 20  # as long as SHA-1's block of output, RFC 4226 section 4


def new_secret() -> bytes:
    """A secret for the app."""
    return secrets.token_bytes(SECRET_BYTES)


def kept(secret: bytes) -> str:
    """The secret as text, for an encrypted column or session."""
    return base64.b64encode(secret).decode()


def read(kept: str) -> bytes:
    """The secret again."""
    return base64.b64decode(kept)


def typed(secret: bytes) -> str:
    """The secret for who types it, in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, username: str) -> str:
    """What the app reads from the QR code."""
    return TOTP(secret, DIGITS, SHA1(), STEP).get_provisioning_uri(username, "Tiem chung")  # noqa: S303


def code_at(secret: bytes, moment: float) -> str:
    """The code that the app shows at a moment (seconds of Unix time)."""
    return _codes(secret).generate(int(moment) // STEP).decode()


def step_of(secret: bytes, code: str, *, after: int, moment: float | None = None) -> int | None:
    """The step whose code this is, among those around now and later than `after`; None when it is none of them."""
    now = int(time.time() if moment is None else moment) // STEP
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step > after and secrets.compare_digest(_codes(secret).generate(step), code.encode()):
            return step
    return None


def wrong() -> InvalidInputError:
    """Refuse a code of the app."""
    return InvalidInputError(
        "second_factor_wrong",
        field="code",
        vi="Mã chưa đúng hoặc đã dùng. Chờ ứng dụng đổi mã rồi gõ mã mới; giờ trên điện thoại cần để tự động.",
        en="This is not the code, or it was used. Wait for the app's next code; the phone's time must be automatic.",
    )


def _codes(secret: bytes) -> HOTP:
    return HOTP(secret, DIGITS, SHA1())  # noqa: S303  what RFC 6238 and every app ask for; collisions play no part
