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
from tiemchung.hcert.trust import TrustList
from tiemchung.hcert.verdict import DEFAULT_POLICY, Policy, RevocationCheck, Verdict, unreadable
from tiemchung.hcert.verdict import verify_all as verify_texts

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
    if data.lstrip()[:1] == b"{":
        return [_test_file(name, data)]
    lines = [line.strip() for line in data.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    if len(lines) < 2:
        return [Candidate(name, lines[0] if lines else "")]
    return [Candidate(f"{name}:{number}", line) for number, line in enumerate(lines, 1)]


def _test_file(name: str, data: bytes) -> Candidate:
    """A file of dgc-testdata: its picture if it has one, else its text; its certificate and clock."""
    try:
        file = json.loads(data)
        context = file.get("TESTCTX") or {}
        return Candidate(name, _test_input(file), _test_signer(context), _test_clock(context))
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
        return Candidate(name, data)


def _test_input(file: Mapping[str, Any]) -> str | bytes:
    drawn = str(file.get("2DCODE") or file.get("_2DCODE") or "")
    return base64.b64decode(drawn.removeprefix("data:image/png;base64,")) if drawn else str(file["PREFIX"])


def _test_signer(context: Mapping[str, Any]) -> SignerCertificate | None:
    try:
        return SignerCertificate.read(context["CERTIFICATE"].encode())
    except (KeyError, KeyUnusable):
        return None


def _test_clock(context: Mapping[str, Any]) -> datetime | None:
    text = context.get("VALIDATIONCLOCK")
    return parse_time(text) if text else None


def parse_time(text: str) -> datetime:
    """A time in ISO 8601; without a zone it is UTC. ValueError if it is none."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
