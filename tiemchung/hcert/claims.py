"""The CBOR Web Token inside the envelope: issuer, times, and the health certificates under claim -260."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tiemchung.hcert import cbor
from tiemchung.hcert.errors import DecodeError

ISSUER, EXPIRES, ISSUED, HCERT = 1, 4, 6, -260
DCC, DDCC_VS, ICVP = 1, 3, -6
"""Sub-claims of -260 (HCERT 1.1.1): EU DCC, WHO DDCC vaccination status, WHO ICVP-like minimal (proposed)."""

_YEAR_10000 = 253_402_300_800


class Claims(NamedTuple):
    """What the token says: times are Unix seconds; `contents` maps sub-claim number to content."""

    issuer: str | None
    issued_at: float | None
    expires_at: float | None
    contents: Mapping[Any, Any]
    raw: Mapping[Any, Any]
    notes: tuple[str, ...]

    @property
    def issued(self) -> datetime | None:
        """Time of issue, in UTC."""
        return None if self.issued_at is None else datetime.fromtimestamp(self.issued_at, UTC)

    @property
    def expires(self) -> datetime | None:
        """Time of expiry, in UTC."""
        return None if self.expires_at is None else datetime.fromtimestamp(self.expires_at, UTC)


def head(*, issuer: str, issued_at: int, expires_at: int, subclaim: int = DCC) -> bytes:
    """A token up to its content, which follows as the last CBOR item.

    Times are whole seconds since 1970, as HCERT 1.0.8 (3.3.4 to 3.3.7) asks of issuers.
    """
    token = cbor.dumps({ISSUER: issuer, EXPIRES: expires_at, ISSUED: issued_at, HCERT: {subclaim: 0}})
    return token[:-1]


def encode(content: Any, *, issuer: str, issued_at: int, expires_at: int, subclaim: int = DCC) -> bytes:
    """Encode a token."""
    start = head(issuer=issuer, issued_at=issued_at, expires_at=expires_at, subclaim=subclaim)
    return start + cbor.dumps(content)


def decode(payload: bytes) -> Claims:
    """Read a token; DecodeError D|CBR for broken CBOR, D|CWT where there is no health certificate in it."""
    token = cbor.loads(payload)
    if type(token) is not dict and not isinstance(token, Mapping):
        raise DecodeError("D|CWT", "the token is not a map")
    contents = token.get(HCERT)
    if not contents or (type(contents) is not dict and not isinstance(contents, Mapping)):
        raise DecodeError("D|CWT", "claim -260 is absent or not a map")
    issuer = token.get(ISSUER)
    issued_at, expires_at = _seconds(token, ISSUED), _seconds(token, EXPIRES)
    notes = _notes(issuer, issued_at, expires_at)
    return Claims(issuer if isinstance(issuer, str) else None, issued_at, expires_at, contents, token, notes)


def _seconds(token: Mapping[Any, Any], claim: int) -> float | None:
    value = token.get(claim)
    if value is None or (type(value) is int and 0 <= value < _YEAR_10000):
        return value
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < _YEAR_10000:
        raise DecodeError("D|CWT", f"claim {claim} is not a time")
    return value


def _notes(issuer: Any, issued_at: Any, expires_at: Any) -> tuple[str, ...]:
    country = isinstance(issuer, str) and len(issuer) == 2 and issuer.isascii() and issuer.isupper()
    if country and type(issued_at) is type(expires_at) is int:
        return ()
    return tuple(
        code
        for code, applies in (
            ("N|ISS", not country),
            ("N|IAT", issued_at is None),
            ("N|SEC", isinstance(issued_at, float) or isinstance(expires_at, float)),
        )
        if applies
    )
