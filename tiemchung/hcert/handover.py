"""What the other side gets from us to check our certificates: keys, fingerprints, and when they change.

The governance guide's calendar: a DSC signs for six months and verifies for its whole life; the next key is in
everyone's list well before it signs.
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from tiemchung.hcert.trust import TrustedKey, TrustList

SIGNS_FOR = timedelta(days=183)
"""Key use of a DSC in the EU's certificate governance guide: six months."""

ANNOUNCED_BEFORE = timedelta(days=30)
"""How long before its first signature we publish a key: verifiers that fetch seldom still have it in time."""


class KeyFacts(NamedTuple):
    """One key as the hand-over page shows it."""

    kid: str
    fingerprint: str
    country: str | None
    algorithm: str
    uses: str
    not_before: datetime
    not_after: datetime
    withdrawn_at: datetime | None


class Change(NamedTuple):
    """One date in the calendar: what happens to which key, in words."""

    at: datetime
    kid: str
    vi: str
    en: str


def facts(trust: TrustList) -> list[KeyFacts]:
    """The keys with key id and SHA-256 fingerprint in hexadecimal, as they are read out over another channel."""
    return [
        KeyFacts(
            key.kid.hex(),
            hashlib.sha256(key.certificate.raw).hexdigest() if key.certificate else "",
            key.country,
            key.algorithm.name if key.algorithm else "",
            "".join(sorted(key.uses)),
            key.not_before,
            key.not_after,
            key.withdrawn_at,
        )
        for key in trust.keys
    ]


def calendar(trust: TrustList) -> list[Change]:
    """When each key starts to sign, hands over to the next, and stops verifying; in order of time."""
    return sorted(change for key in trust.keys for change in _changes(key))


def _changes(key: TrustedKey) -> list[Change]:
    kid = key.kid.hex()
    if key.withdrawn_at is not None:
        return [Change(key.withdrawn_at, kid, "Khóa bị thu hồi.", "The key was withdrawn.")]
    return [
        Change(key.not_before, kid, "Khóa được công bố.", "The key is published."),
        Change(key.not_before + ANNOUNCED_BEFORE, kid, "Khóa bắt đầu ký.", "The key starts to sign."),
        Change(
            key.not_before + ANNOUNCED_BEFORE + SIGNS_FOR,
            kid,
            "Khóa ngừng ký; khóa kế tiếp ký thay.",
            "The key stops signing; the next one takes over.",
        ),
        Change(key.not_after, kid, "Khóa hết hạn.", "The key expires."),
    ]
