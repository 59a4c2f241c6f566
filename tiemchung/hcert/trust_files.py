"""Reading a trust list from whatever file there is: our signed list, a gateway's answer, a DID document, PEM."""

import json
from collections.abc import Iterable

from tiemchung.hcert import gateway, trust_format
from tiemchung.hcert.certificates import SignerCertificate, read_bundle
from tiemchung.hcert.errors import KeyUnusable, TrustListError
from tiemchung.hcert.trust import EARLIEST, TrustList


def load(data: bytes, *, anchors: Iterable[SignerCertificate] = ()) -> TrustList:
    """Read a trust list; a signed one is checked against the anchors.

    With no anchors, a signed list is read unchecked: give none only for a file that came by a trusted way. A file
    that states no validity (all but the signed list) sets no bounds: whoever fetched it knows when. Raises
    TrustListError.
    """
    anchors = tuple(anchors)
    if trust_format.is_signed_list(data):
        return trust_format.read(data, anchors) if anchors else trust_format.read_unchecked(data)
    if data.lstrip()[:1] in (b"[", b"{"):
        return _from_json(data)
    try:
        return TrustList.of_certificates(read_bundle(data))
    except KeyUnusable as unusable:
        raise _unknown(unusable.en) from unusable


def _from_json(data: bytes) -> TrustList:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as broken:
        raise _unknown(str(broken)) from broken
    read = gateway.import_items if isinstance(document, list) else gateway.import_did
    return TrustList(read(document, fetched_at=EARLIEST).trust.keys)


def _unknown(detail: str) -> TrustListError:
    return TrustListError(
        "trust_list",
        vi="Chưa đọc được danh sách tin cậy. Cần tệp đã ký, danh sách JSON của cổng, tài liệu DID hoặc PEM.",
        en=f"the trust list cannot be read ({detail}); give a signed list, a gateway's JSON, a DID document or PEM",
    )
