"""The trust list in the formats of the gateways: the EU's DGCG, the WHO's TNG, and their DID documents.

Pure functions from what `/trustList` answers to a TrustList, and from a TrustList to what `/trustList`,
`/trustList/DSC` and `/trustList/DSC/{country}` must answer. Fetching and serving are others' work.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from tiemchung.hcert import cms
from tiemchung.hcert.authority import check_issued_by
from tiemchung.hcert.certificates import SignerCertificate
from tiemchung.hcert.errors import KeyUnusable, TrustListError
from tiemchung.hcert.trust import TrustedKey, TrustList

MAX_AGE = timedelta(hours=48)
"""How long a list that states no validity may be used after it was fetched."""

TYPES = ("DSC", "CSCA", "UPLOAD", "AUTHENTICATION")


class Rejected(NamedTuple):
    """An item that was not taken into the list, and why."""

    kid: str
    country: str
    reason: str


class Imported(NamedTuple):
    """What became of a gateway's answer."""

    trust: TrustList
    rejected: tuple[Rejected, ...]


def import_items(
    items: Any,
    *,
    fetched_at: datetime,
    roots_required: bool = False,
    anchors: Iterable[SignerCertificate] | None = None,
    max_age: timedelta = MAX_AGE,
) -> Imported:
    """Read the answer of `/trustList`: a list of items with kid, country, certificateType, thumbprint, rawData.

    A DSC is taken if its thumbprint fits and one of the same country's CSCA in the answer signed it; where the
    answer has no CSCA of that country it is taken too, unless `roots_required`. With `anchors` (the gateway's trust
    anchors, pinned) the CMS `signature` of every item must hold: that of a CSCA or UPLOAD certificate by an anchor,
    that of a DSC by an UPLOAD certificate of its country (DGCG, chain of trust). Without them signatures are not
    looked at: fetch over mutual TLS. Raises TrustListError if the answer is not such a list.
    """
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise TrustListError(
            "items",
            vi="Cần danh sách JSON của cổng /trustList.",
            en="the JSON list of a gateway's /trustList is needed",
        )
    signed_by = None if anchors is None else tuple(anchors)
    rejected: list[Rejected] = []
    roots = _by_country(items, "CSCA", signed_by, rejected)
    uploads = None if signed_by is None else _by_country(items, "UPLOAD", signed_by, rejected)
    keys: list[TrustedKey] = []
    for item in items:
        if item.get("certificateType") == "DSC":
            country = str(item.get("country"))
            try:
                if uploads is not None:
                    _check_signed(item, uploads.get(country, []))
                keys.append(_trusted(item, roots.get(country), roots_required))
            except KeyUnusable as unusable:
                rejected.append(_rejected(item, unusable))
    trust = TrustList(tuple(keys), valid_from=fetched_at, valid_until=fetched_at + max_age)
    return Imported(trust, tuple(rejected))


def import_did(document: Any, *, fetched_at: datetime, max_age: timedelta = MAX_AGE) -> Imported:
    """Read a DID document of the WHO's trust network: certificates in `verificationMethod[].publicKeyJwk.x5c`.

    The document itself must have come by a trusted way: its proof is not looked at. Raises TrustListError.
    """
    methods = document.get("verificationMethod") if isinstance(document, Mapping) else None
    if not isinstance(methods, list):
        raise TrustListError("verificationMethod", vi="Tệp không phải tài liệu DID.", en="this is not a DID document")
    keys: list[TrustedKey] = []
    rejected: list[Rejected] = []
    for method in methods:
        try:
            keys.append(TrustedKey.of_certificate(_x5c(method)))
        except KeyUnusable as unusable:
            rejected.append(Rejected(str(method)[:80], "", unusable.en))
    trust = TrustList(tuple(keys), valid_from=fetched_at, valid_until=fetched_at + max_age)
    return Imported(trust, tuple(rejected))


def items(
    trust: TrustList,
    *,
    roots: Iterable[SignerCertificate] = (),
    kind: str | None = None,
    country: str | None = None,
    at: datetime,
    sign: Callable[[bytes], bytes] | None = None,
) -> list[dict[str, Any]]:
    """What `/trustList`, `/trustList/{kind}` and `/trustList/{kind}/{country}` answer.

    Keys that are withdrawn or out of date are left out, since the format has no place for either. `sign` gives the
    CMS signature over a certificate's DER that DGCG items carry. ValueError for a kind that does not exist.
    """
    if kind is not None and kind not in TYPES:
        raise ValueError(f"type {kind!r} is none of {', '.join(TYPES)}")
    listed = [("CSCA", root, root.country) for root in roots]
    listed += [("DSC", key.certificate, key.country) for key in _in_use(trust, at) if key.certificate is not None]
    return [
        _item(each_kind, certificate, each_country, at, sign)
        for each_kind, certificate, each_country in listed
        if kind in (None, each_kind) and country in (None, each_country)
    ]


def _in_use(trust: TrustList, at: datetime) -> Iterator[TrustedKey]:
    return (key for key in trust.keys if key.withdrawn_at is None and key.not_after >= at)


def _item(
    kind: str, certificate: SignerCertificate, country: str | None, at: datetime, sign: Callable[[bytes], bytes] | None
) -> dict[str, Any]:
    return {
        "kid": base64.b64encode(certificate.kid).decode(),
        "timestamp": at.astimezone(UTC).isoformat(timespec="seconds"),
        "country": country,
        "certificateType": kind,
        "thumbprint": hashlib.sha256(certificate.raw).hexdigest(),
        "signature": base64.b64encode(sign(certificate.raw)).decode() if sign else "",
        "rawData": base64.b64encode(certificate.raw).decode(),
    }


def _by_country(
    items: list[Any], kind: str, anchors: tuple[SignerCertificate, ...] | None, rejected: list[Rejected]
) -> dict[str, list[SignerCertificate]]:
    """The certificates of a kind by country; those that cannot be used are told."""
    found: dict[str, list[SignerCertificate]] = {}
    for item in items:
        if item.get("certificateType") == kind:
            try:
                certificate = _certificate(item)
                if anchors is not None:
                    _check_signed(item, anchors)
                found.setdefault(str(item.get("country")), []).append(certificate)
            except KeyUnusable as unusable:
                rejected.append(_rejected(item, unusable))
    return found


def _check_signed(item: Mapping[str, Any], by: Iterable[SignerCertificate]) -> None:
    try:
        signature = base64.b64decode(str(item.get("signature") or ""))
        content = base64.b64decode(str(item.get("rawData")))
    except ValueError as broken:
        raise _unusable(f"signature or rawData is not Base64: {broken}") from None
    cms.signer_of(signature, content, by)


def _rejected(item: Mapping[str, Any], unusable: KeyUnusable) -> Rejected:
    return Rejected(str(item.get("kid")), str(item.get("country")), unusable.en)


def _trusted(item: Mapping[str, Any], roots: list[SignerCertificate] | None, required: bool) -> TrustedKey:
    certificate = _certificate(item)
    if roots is None and required:
        raise _unusable("no CSCA of this country")
    if roots:
        _check_by_one_of(certificate, roots)
    return TrustedKey.of_certificate(certificate, str(item["country"]) if item.get("country") else None)


def _check_by_one_of(certificate: SignerCertificate, roots: list[SignerCertificate]) -> None:
    """One of the roots must have signed the certificate; the error is the last root's."""
    for root in roots[:-1]:
        try:
            check_issued_by(certificate, root)
        except KeyUnusable:
            continue
        return
    check_issued_by(certificate, roots[-1])


def _certificate(item: Mapping[str, Any]) -> SignerCertificate:
    certificate = SignerCertificate.read(str(item.get("rawData")).encode())
    thumbprint = str(item.get("thumbprint", "")).lower()
    if thumbprint and thumbprint != hashlib.sha256(certificate.raw).hexdigest():
        raise _unusable("the thumbprint is another certificate's")
    return certificate


def _x5c(method: Any) -> SignerCertificate:
    try:
        return SignerCertificate.read(base64.b64decode(method["publicKeyJwk"]["x5c"][0]))
    except (KeyError, TypeError, IndexError, ValueError) as broken:
        raise _unusable(f"no certificate in the method: {broken!r}") from broken


def _unusable(reason: str) -> KeyUnusable:
    return KeyUnusable(
        "certificate", vi="Chứng thư trong danh sách không dùng được. Hỏi nước cấp.", en=f"not usable: {reason}"
    )
