"""From whatever people hand in (text, a text file, a picture) to the text of certificates."""

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tiemchung.hcert import qr
from tiemchung.hcert.certificates import SignerCertificate
from tiemchung.hcert.chain import PREFIX
from tiemchung.hcert.errors import DecodeError, KeyUnusable
from tiemchung.hcert.limits import MAX_INPUT_BYTES, MAX_TEXT
from tiemchung.hcert.misuse import need_aware
from tiemchung.hcert.trust import TrustList
from tiemchung.hcert.verdict import DEFAULT_POLICY, Policy, RevocationCheck, Verdict, unreadable
from tiemchung.hcert.verdict import verify_all as verify_texts

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF")
_FOREIGN = (b"II*\0", b"MM\0*", b"%PDF")
"""TIFF and PDF: pictures that are not opened, and are told from text."""


def is_picture(data: bytes) -> bool:
    """Whether the first bytes are those of a PNG, JPEG, GIF, BMP or WebP file, or of a kind that is not opened."""
    return data.startswith((*_PICTURES, *_FOREIGN))


def certificate_text(data: bytes) -> str:
    """The certificate in a picture or text: the first symbol with our prefix, else the first symbol.

    Raises DecodeError with D|SIZ, D|PIC, D|QR, or D|PRE for bytes that are neither picture nor text.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise TypeError(f"A certificate is given as text or bytes, not {type(data).__name__}; read a file first.")
    data = bytes(data)
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

    Never raises for bad input: what cannot be read is a verdict too. Raises TypeError for what is neither text nor
    bytes (a path, None) and for a time without a zone. Without `revocation`, revocation is not
    looked at, and the notes say so.
    """
    return verify_all((data,), trust, at=at, revocation=revocation, policy=policy)[0]


def verify_all(
    inputs: Iterable[str | bytes],
    trust: TrustList,
    *,
    at: datetime,
    revocation: RevocationCheck | None = None,
    policy: Policy = DEFAULT_POLICY,
) -> list[Verdict]:
    """Do what `verify` does for many at once, which is faster; in their order."""
    need_aware(at=at)
    texts = [data if isinstance(data, str) else _text_or_error(data) for data in inputs]
    readable = [text for text in texts if isinstance(text, str)]
    judged = iter(verify_texts(readable, trust, at=at, revocation=revocation, policy=policy))
    return [next(judged) if isinstance(text, str) else unreadable(text) for text in texts]


def _text_or_error(data: bytes) -> str | DecodeError:
    try:
        return certificate_text(data)
    except DecodeError as broken:
        return broken.with_traceback(None)


class Candidate(NamedTuple):
    """One thing to judge: text or a picture, with the signer and the clock that came with it, if any."""

    name: str
    data: str | bytes
    signer: SignerCertificate | None = None
    clock: datetime | None = None


def candidates(name: str, data: bytes) -> list[Candidate]:
    """What a file or standard input holds: a picture, a test file of dgc-testdata, or a certificate on each line.

    Never raises: what cannot be made out is handed on as it is, and judging it says what is wrong.
    """
    if is_picture(data) or len(data) > MAX_INPUT_BYTES:
        return [Candidate(name, data)]
    file = _test_file(data)
    if file is not None:
        return [Candidate(name, _test_input(file), _test_signer(file), _test_clock(file))]
    lines = [line.strip() for line in data.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    if len(lines) < 2:
        return [Candidate(name, lines[0] if lines else "")]
    return [Candidate(f"{name}:{number}", line) for number, line in enumerate(lines, 1)]


def _test_file(data: bytes) -> Mapping[str, Any] | None:
    """A file of dgc-testdata, its keys in capitals as most are; None for anything without a code in it."""
    if b"{" not in data[:40]:
        return None
    try:
        file = json.loads(data)
        file = file[0] if isinstance(file, list) and len(file) == 1 else file
        found = {str(key).upper(): value for key, value in file.items()}
    except (ValueError, AttributeError, RecursionError):
        return None
    return found if isinstance(found.get("PREFIX"), str) or _drawn(found) else None


def _drawn(file: Mapping[str, Any]) -> bytes | None:
    """The picture in the file, if it has one that is Base64."""
    drawn = file.get("2DCODE") or file.get("_2DCODE")
    try:
        return base64.b64decode(drawn.rpartition("base64,")[2]) if isinstance(drawn, str) else None
    except ValueError:
        return None


def _test_input(file: Mapping[str, Any]) -> str | bytes:
    """The picture if there is one, else the text."""
    return _drawn(file) or str(file.get("PREFIX"))


def _context(file: Mapping[str, Any], key: str) -> str:
    """An entry of the test context where it is text, else nothing."""
    context = file.get("TESTCTX")
    value = context.get(key) if isinstance(context, Mapping) else None
    return value if isinstance(value, str) else ""


def _test_signer(file: Mapping[str, Any]) -> SignerCertificate | None:
    try:
        return SignerCertificate.read(_context(file, "CERTIFICATE").encode())
    except KeyUnusable:
        return None


def _test_clock(file: Mapping[str, Any]) -> datetime | None:
    try:
        return parse_time(_context(file, "VALIDATIONCLOCK"))
    except ValueError:
        return None


def parse_time(text: str) -> datetime:
    """A time in ISO 8601; without a zone it is UTC. ValueError if it is none."""
    moment = datetime.fromisoformat(text.strip().upper())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
