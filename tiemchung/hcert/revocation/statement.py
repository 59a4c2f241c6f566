"""The publisher's word for a list: its country, version, validity, count and digest, signed.

A compact JWS (RFC 7515) of a few hundred bytes, fetched beside the list or instead of it: whoever has the list already
sees from a new statement that it still stands, and for how long.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tiemchung.hcert import algorithms
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.certificates import SignerCertificate
from tiemchung.hcert.revocation import files
from tiemchung.hcert.revocation.errors import RevocationUnusable
from tiemchung.hcert.revocation.snapshot import Snapshot
from tiemchung.hcert.signing import Signer

TYPE = "hcert-revocation-list"
MAX_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Statement:
    """What the publisher says of one version of a country's list; times carry a zone."""

    country: str
    version: int
    created: datetime
    valid_until: datetime
    count: int
    digest: str

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Statement":
        """Describe a list."""
        one = snapshot
        return cls(one.country, one.version, one.created, one.valid_until, len(one), one.digest)

    def vouch(self, snapshot: Snapshot) -> Snapshot:
        """Give the list with the validity that the publisher states; raises RevocationUnusable for another list."""
        if (snapshot.country, len(snapshot), snapshot.digest) != (self.country, self.count, self.digest):
            raise RevocationUnusable(
                "digest",
                vi="Danh sách thu hồi không phải bản mà nơi phát hành đã ký. Vui lòng tải lại.",
                en="this is not the revocation list that its publisher signed; fetch it again",
            )
        return replace(snapshot, version=self.version, created=self.created, valid_until=self.valid_until)


def sign_statement(statement: Statement, signer: Signer) -> bytes:
    """Sign a statement. Raises KeyUnusable if the key fails."""
    header = {"alg": signer.algorithm.name, "kid": base64.b64encode(signer.kid).decode(), "typ": TYPE}
    content = {
        "country": statement.country,
        "version": statement.version,
        "created": statement.created.isoformat(),
        "valid_until": statement.valid_until.isoformat(),
        "count": statement.count,
        "digest": statement.digest,
    }
    signed = b".".join(_part(json.dumps(part, separators=(",", ":")).encode()) for part in (header, content))
    return signed + b"." + _part(signer.sign(signed))


def read_statement(data: bytes, anchors: Iterable[SignerCertificate]) -> Statement:
    """Check a signed statement against the pinned certificates of the publisher, and read it.

    Raises RevocationUnusable if it is malformed, if no anchor signed it, or if the signature is wrong.
    """
    if len(data) > MAX_BYTES:
        raise files.damaged("statement", "the statement is too long")
    signed, _, signature = data.strip().rpartition(b".")
    header, content = (_object(part) for part in _two(signed))
    if header.get("typ") != TYPE or not _signed_by_one_of(header, signed, _unpart(signature), anchors):
        raise RevocationUnusable(
            "statement",
            vi="Chữ ký của danh sách thu hồi không đúng nơi phát hành. Đừng dùng; vui lòng tải lại.",
            en="the publisher did not sign this statement; do not use the list, fetch it again",
        )
    return Statement(
        country=files.text(content, "country"),
        version=files.number(content, "version"),
        created=files.moment(content, "created"),
        valid_until=files.moment(content, "valid_until"),
        count=files.number(content, "count"),
        digest=files.text(content, "digest"),
    )


def _signed_by_one_of(
    header: dict[str, Any], signed: bytes, signature: bytes, anchors: Iterable[SignerCertificate]
) -> bool:
    """The header's algorithm must be that of the pinned key: a forger may not choose it."""
    for anchor in anchors:
        key = anchor.public_key
        named = header.get("kid") == base64.b64encode(anchor.kid).decode()
        algorithm = algorithms.algorithm_of(key) if named and key is not None else None
        if key is not None and isinstance(algorithm, Algorithm) and algorithm.name == header.get("alg"):
            return algorithms.holds(key, signature, signed)
    return False


def _two(signed: bytes) -> list[bytes]:
    parts = signed.split(b".")
    if len(parts) != 2:
        raise files.damaged("statement", "it is not a compact JWS")
    return parts


def _object(part: bytes) -> dict[str, Any]:
    try:
        value = json.loads(_unpart(part))
    except (ValueError, RecursionError) as error:
        raise files.damaged("statement", "it is not JSON") from error
    if not isinstance(value, dict):
        raise files.damaged("statement", "it is not a JSON object")
    return value


def _part(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _unpart(data: bytes) -> bytes:
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise files.damaged("statement", "it is not Base64") from error
