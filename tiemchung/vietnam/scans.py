"""Which kind of code was scanned? One scan box takes them all."""

from dataclasses import dataclass, field
from enum import StrEnum

from tiemchung.vietnam.card_qr import MAX_SCAN_LENGTH, CardQr, too_long
from tiemchung.vietnam.errors import Cure, InputError
from tiemchung.vietnam.personal_qr import PersonalQr

_CERTIFICATE_PREFIX = "HC1:"


class ScanKind(StrEnum):
    """What a scanned text is; `unknown` is for the caller, who knows the platform's own codes."""

    CCCD_CARD = "cccd_card"
    PERSONAL_QR = "personal_qr"
    HEALTH_CERTIFICATE = "health_certificate"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned text and its kind. `card` or `personal` holds what was read, `error` why it could not be."""

    kind: ScanKind
    # Kept out of logs and tracebacks: it holds a person's number.
    text: str = field(repr=False)
    card: CardQr | None = None
    personal: PersonalQr | None = None
    error: InputError | None = None


def read_any(text: str) -> Scan:
    """Say what a scanned text is and read it when it is a person's code; never raises.

    The text of a certificate is given for the certificate library to verify. A text longer than a QR code can be is
    not looked at: kind unknown, error scan_too_long, text cut.
    """
    if len(text) > MAX_SCAN_LENGTH:
        return Scan(ScanKind.UNKNOWN, text[:MAX_SCAN_LENGTH], error=too_long("scan"))
    # Spaces are kept: base45 has them, and one may end a certificate's text.
    line = text.strip("\r\n\t\ufeff")
    if line[:4].upper() == _CERTIFICATE_PREFIX:
        # A scanner under caps lock swaps the case of letters that base45 has as capitals only.
        return Scan(ScanKind.HEALTH_CERTIFICATE, line.upper())
    return _persons_code(line.strip())


def _persons_code(text: str) -> Scan:
    if not text:
        return Scan(ScanKind.UNKNOWN, text, error=_empty())
    fields = text.split("|")
    try:
        if len(fields) >= 7 and fields[0].strip().isdigit():
            return Scan(ScanKind.CCCD_CARD, text, card=CardQr.parse(text))
        if len(fields) in (5, 6) and fields[3].strip() in ("0", "1"):
            return Scan(ScanKind.PERSONAL_QR, text, personal=PersonalQr.parse(text))
    except InputError as error:
        return Scan(ScanKind.CCCD_CARD if len(fields) >= 7 else ScanKind.PERSONAL_QR, text, error=error)
    return Scan(ScanKind.UNKNOWN, text)


def _empty() -> InputError:
    return InputError(
        "scan_empty",
        "scan",
        "Chưa quét được mã nào. Giữ mã trong khung và đủ sáng.",
        "No code was scanned. Hold it inside the frame in good light.",
        Cure.SCAN_CARD,
    )
