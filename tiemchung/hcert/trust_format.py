"""The trust list as a signed file: a compact JWS (RFC 7515) over JSON, so that any language can check it.

    header   {"alg": "ES256" or "PS256", "kid": Base64 of the list signer's key id, "typ": "hcert-trust-list"}
    payload  {"version": 1, "valid_from": …, "valid_until": …, "keys": [
                {"kid": Base64, "country": "VN", "uses": ["v"], "certificate": Base64 of DER,
                 "withdrawn_at": …}, … ]}

An entry without a certificate has "public_key" (Base64 of SubjectPublicKeyInfo) with "not_before" and "not_after".
Times are ISO 8601 in UTC.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tiemchung.hcert import algorithms
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.certificates import ALL_USES, SignerCertificate, load_public_key
from tiemchung.hcert.errors import KeyUnusable, TrustListError
from tiemchung.hcert.signing import Signer
from tiemchung.hcert.trust import TrustedKey, TrustList

TYPE = "hcert-trust-list"
MAX_LIST_BYTES = 32_000_000
"""The EU's whole list had about 1,000 keys, some 1.5 MB in this format."""

_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError)


def write(trust: TrustList, signer: Signer) -> bytes:
    """Sign a trust list; KeyUnusable if the key fails."""
    header = {"alg": signer.algorithm.name, "kid": _base64(signer.kid), "typ": TYPE}
    parts = (header, payload(trust))
    signed = b".".join(_part(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    return signed + b"." + _part(signer.sign(signed))


def payload(trust: TrustList) -> dict[str, Any]:
    """The list as plain values; `parse` is the reverse."""
    return {
        "version": 1,
        "valid_from": _text(trust.valid_from),
        "valid_until": _text(trust.valid_until),
        "keys": [_entry(key) for key in trust.keys],
    }


def read(data: bytes, anchors: Iterable[SignerCertificate]) -> TrustList:
    """Check a signed list against the pinned certificates of its signers, and read it.

    Validity is kept, not judged: a list that is out of date still says what is surely invalid (see `verdict`).
    Raises TrustListError if it is malformed, if no anchor signed it, or if the signature is wrong.
    """
    if len(data) > MAX_LIST_BYTES:
        raise _broken(f"{len(data)} bytes")
    try:
        signed, _, signature = data.strip().rpartition(b".")
        header, content = (_unpart(part) for part in signed.split(b"."))
        described = json.loads(header)
        if described["typ"] != TYPE:
            raise ValueError(f"typ is {described['typ']!r}")
        _check_signature(described, signed, _unpart(signature), anchors)
        return parse(json.loads(content))
    except TrustListError:
        raise
    except _MALFORMED as broken:
        raise _broken(repr(broken)) from broken


def parse(content: Mapping[str, Any]) -> TrustList:
    """Read a list whose signature was checked already, or need not be; ValueError and its kin if malformed."""
    return TrustList(
        tuple(_key(entry) for entry in content["keys"]),
        valid_from=datetime.fromisoformat(content["valid_from"]),
        valid_until=datetime.fromisoformat(content["valid_until"]),
    )


def is_signed_list(data: bytes) -> bool:
    """Whether this looks like a compact JWS."""
    return data.lstrip().startswith(b"eyJ") and data.count(b".") == 2


def read_unchecked(data: bytes) -> TrustList:
    """Read a signed list without looking at its signature; TrustListError if it is malformed."""
    try:
        return parse(json.loads(_unpart(data.strip().split(b".")[1])))
    except (*_MALFORMED, IndexError) as broken:
        raise _broken(repr(broken)) from broken


def _check_signature(
    header: Mapping[str, Any], signed: bytes, signature: bytes, anchors: Iterable[SignerCertificate]
) -> None:
    kid = base64.b64decode(header["kid"])
    for anchor in anchors:
        key = anchor.public_key
        if anchor.kid != kid or key is None or algorithms.algorithm_of(key) != Algorithm[header["alg"]]:
            continue
        if algorithms.holds(key, signature, signed):
            return
        raise TrustListError(
            "trust_list",
            vi="Chữ ký của danh sách tin cậy sai. Đừng dùng; tải lại từ nơi phát hành.",
            en="the signature of the trust list is wrong; do not use it, fetch it again from its publisher",
        )
    raise TrustListError(
        "trust_list",
        vi="Danh sách tin cậy do một khóa lạ ký. Xin chứng thư của nơi phát hành qua đường tin cậy.",
        en=f"an unknown key signed the trust list: {kid.hex()}; get its publisher's certificate by a trusted way",
    )


def _entry(key: TrustedKey) -> dict[str, Any]:
    entry: dict[str, Any] = {"kid": _base64(key.kid), "country": key.country, "uses": sorted(key.uses)}
    if key.certificate is not None:
        entry["certificate"] = _base64(key.certificate.raw)
    elif key.key is not None:
        info = key.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        entry["public_key"] = _base64(info)
        entry |= {"not_before": _text(key.not_before), "not_after": _text(key.not_after)}
    if key.withdrawn_at is not None:
        entry["withdrawn_at"] = _text(key.withdrawn_at)
    return entry


def _key(entry: Mapping[str, Any]) -> TrustedKey:
    kid, uses = base64.b64decode(entry["kid"]), frozenset(entry["uses"]) & ALL_USES
    withdrawn = datetime.fromisoformat(entry["withdrawn_at"]) if entry.get("withdrawn_at") else None
    bounds: dict[str, Any] = {"withdrawn_at": withdrawn}
    if "certificate" in entry:
        try:
            certificate = SignerCertificate.read(base64.b64decode(entry["certificate"]))
        except KeyUnusable:
            return TrustedKey.of_public_key(kid, None, entry["country"], uses)
        trusted = TrustedKey.of_certificate(certificate, entry["country"])
        return trusted.bounded(kid=kid, uses=uses & certificate.uses, **bounds)
    key = load_public_key(base64.b64decode(entry["public_key"])) if "public_key" in entry else None
    for name in ("not_before", "not_after"):
        if name in entry:
            bounds[name] = datetime.fromisoformat(entry[name])
    return TrustedKey.of_public_key(kid, key, entry["country"], uses).bounded(**bounds)


def _part(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _unpart(data: bytes) -> bytes:
    return base64.b64decode(data + b"=" * (-len(data) % 4), altchars=b"-_", validate=True)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _broken(detail: str) -> TrustListError:
    return TrustListError(
        "trust_list",
        vi="Chưa đọc được danh sách tin cậy. Tải lại từ nơi phát hành.",
        en=f"the trust list cannot be read: {detail}; fetch it again from its publisher",
    )
