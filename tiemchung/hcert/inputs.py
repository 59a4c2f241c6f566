"""From whatever people hand in (text, a text file, a picture) to the text of certificates."""

from datetime import datetime

from tiemchung.hcert import qr
from tiemchung.hcert.chain import PREFIX
from tiemchung.hcert.codes import CODES
from tiemchung.hcert.errors import DecodeError
from tiemchung.hcert.limits import MAX_INPUT_BYTES, MAX_TEXT
from tiemchung.hcert.trust import TrustList
from tiemchung.hcert.verdict import DEFAULT_POLICY, Policy, RevocationCheck, Verdict
from tiemchung.hcert.verdict import verify as verify_text

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF")


def is_picture(data: bytes) -> bool:
    """Whether the first bytes are those of a PNG, JPEG, GIF, BMP or WebP file."""
    return data.startswith(_PICTURES)


def certificate_text(data: bytes) -> str:
    """The certificate in a picture or text: the first symbol with our prefix, else the first symbol.

    Raises DecodeError with D|SIZ, D|PIC, D|QR, or D|PRE for bytes that are neither picture nor text.
    """
    if len(data) > MAX_INPUT_BYTES:
        raise DecodeError("D|SIZ", f"{len(data)} bytes")
    if is_picture(data):
        found = qr.read(data)
        return next((text for text in found if text.startswith(PREFIX)), found[0])
    if len(data) > MAX_TEXT:
        raise DecodeError("D|SIZ", f"{len(data)} characters")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DecodeError("D|PRE", "neither a picture nor text") from None


def verify(
    data: str | bytes,
    trust: TrustList,
    *,
    at: datetime,
    revocation: RevocationCheck | None = None,
    policy: Policy = DEFAULT_POLICY,
) -> Verdict:
    """Judge a certificate given as text or as the bytes of a picture or text file, at an aware time.

    Never raises for bad input: what cannot be read is a verdict too. Without `revocation`, revocation is not
    looked at, and the notes say so.
    """
    try:
        text = data if isinstance(data, str) else certificate_text(data)
    except DecodeError as broken:
        return Verdict(CODES[broken.code].status, broken.code, detail=broken.detail)
    return verify_text(text, trust, at=at, revocation=revocation, policy=policy)
