"""How do the two sides know that a request is the other's, whole and fresh? An HMAC over time and body."""

import hashlib
import hmac
from datetime import datetime

HEADER = "X-Tiemchung-Signature"
MAX_AGE = 300  # seconds between the clocks of the two sides


def sign(body: bytes, *, secret: str, at: datetime) -> str:
    """The header's value for a body sent at a moment: `time.hex(HMAC-SHA-256(secret, time.body))`."""
    stamp = str(int(at.timestamp()))
    return f"{stamp}.{_mac(stamp, body, secret)}"


def is_genuine(header: str, body: bytes, *, secret: str, at: datetime) -> bool:
    """Say whether the header was made with the secret for this body, at most five minutes ago."""
    stamp, _, mac = header.partition(".")
    if not stamp.isascii() or not stamp.isdigit() or abs(int(stamp[:12]) - at.timestamp()) > MAX_AGE:
        return False
    return hmac.compare_digest(mac.encode(), _mac(stamp, body, secret).encode())


def _mac(stamp: str, body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
