"""The QR code on the chip ID card (CCCD since January 2021, căn cước since 2024).

Seven fields between upright strokes: number | old CMND, may be empty | name | birth date ddmmyyyy | Nam or Nữ |
permanent address | date of issue ddmmyyyy. Newer cards add fields (parents and more), which are kept as they are.
"""

import re
from dataclasses import dataclass, field

from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import Cure, InputError
from tiemchung.vietnam.identity_numbers import IdentityKind, IdentityNumber
from tiemchung.vietnam.mojibake import repair_mojibake
from tiemchung.vietnam.names import NormalisedName, clean, fold
from tiemchung.vietnam.sex import Sex

FIELD = "card_qr"
# What the largest QR code (version 40, level L) can hold.
MAX_SCAN_LENGTH = 4296
_FIELDS = 7
_SEXES = {"NAM": Sex.MALE, "NU": Sex.FEMALE}
_TELEX_RESIDUE = re.compile(r"[a-z]*(?:aa|ee|oo|dd|[aou]w)[a-z]*|[a-z]+[sfrxj]")
_TELEX_WORDS_THAT_PROVE_IT = 2


@dataclass(frozen=True, slots=True)
class CardQr:
    """What an ID card says of its holder. `repaired` tells that a wrong reading of the letters was undone."""

    number: IdentityNumber
    old_number_text: str = field(repr=False)
    name: NormalisedName
    birth_date: PartialDate
    sex: Sex
    address: str = field(repr=False)
    issued_on: PartialDate | None
    more: tuple[str, ...] = field(repr=False)
    repaired: bool

    @classmethod
    def parse(cls, text: str) -> "CardQr":
        """Read the scanned text of a card.

        Raises InputError; codes card_qr_too_long, card_qr_fields, card_qr_keyboard (a keyboard scanner whose
        letters went through a Vietnamese typing tool), card_qr_garbled, card_qr_sex, and those of
        IdentityNumber.parse, NormalisedName and PartialDate.parse for the fields.
        """
        fields, repaired = _fields(text)
        number, old_number, name, birth_date, sex, address, issued_on = fields[:_FIELDS]
        return cls(
            number=IdentityNumber.parse(number, IdentityKind.CCCD),
            old_number_text=old_number,
            name=_name(name, address),
            birth_date=PartialDate.parse(birth_date),
            sex=_sex(sex),
            address=clean(address),
            issued_on=PartialDate.parse(issued_on, field="issued_on") if issued_on else None,
            more=tuple(fields[_FIELDS:]),
            repaired=repaired,
        )

    @property
    def old_number(self) -> IdentityNumber | None:
        """The former number when it can be one; `old_number_text` keeps whatever the card says."""
        try:
            return IdentityNumber.parse(self.old_number_text)
        except InputError:
            return None


def _fields(text: str) -> tuple[list[str], bool]:
    if len(text) > MAX_SCAN_LENGTH:
        raise too_long(FIELD)
    readable = repair_mojibake(text.strip())
    fields = [each.strip() for each in readable.split("|")]
    if len(fields) < _FIELDS:
        raise InputError(
            "card_qr_fields",
            FIELD,
            "Mã QR chưa đủ thông tin của thẻ căn cước. Quét lại, giữ thẻ thẳng và đủ sáng.",
            "The QR code lacks parts of an ID card. Scan again, card flat and in good light.",
            Cure.SCAN_CARD,
        )
    return fields, readable != text.strip()


def _name(name: str, address: str) -> NormalisedName:
    if _typed_as_telex(f"{name} {address}"):
        raise _keyboard()
    if _lost_its_vowels(name):
        raise _garbled()
    try:
        return NormalisedName(name)
    except InputError as error:
        # No card has digits or signs in the name: they tell how the scan went wrong.
        raise {"name_digits": _keyboard(), "name_symbol": _garbled()}.get(error.code, error) from None


def _typed_as_telex(text: str) -> bool:
    """Whether a whole card came without any accent but with the letters that type them: «Nguyeenx Vawn»."""
    if not text.isascii():
        return False
    words = re.findall(r"[a-z]+", text.lower())
    return sum(map(bool, map(_TELEX_RESIDUE.fullmatch, words))) >= _TELEX_WORDS_THAT_PROVE_IT


def _lost_its_vowels(name: str) -> bool:
    """Whether accented letters were dropped on the way: «Trn Vn Hng»."""
    return any(len(word) > 1 and not set(word) & set("AEIOUY") for word in fold(name).split() if word.isascii())


def _sex(text: str) -> Sex:
    found = _SEXES.get(fold(text))
    if found is None:
        raise InputError(
            "card_qr_sex",
            "sex",
            "Chưa đọc được giới tính trong mã QR. Quét lại, hoặc chọn theo thẻ.",
            "The sex in the QR code cannot be read. Scan again, or choose it from the card.",
            Cure.SCAN_CARD,
        )
    return found


def too_long(field: str) -> InputError:
    """Give the error for a scan longer than any QR code can be."""
    return InputError(
        f"{field}_too_long",
        field,
        "Nội dung quét dài quá một mã QR. Quét lại, mỗi lần một mã.",
        "The scan is longer than a QR code can be. Scan one code at a time.",
        Cure.SCAN_CARD,
    )


def _keyboard() -> InputError:
    return InputError(
        "card_qr_keyboard",
        FIELD,
        "Bộ gõ tiếng Việt làm hỏng chữ từ máy quét. Tắt bộ gõ rồi quét lại, hoặc quét bằng camera.",
        "The Vietnamese typing tool changed the scanner's letters. Turn it off and scan again, or use the camera.",
        Cure.SWITCH_KEYBOARD,
    )


def _garbled() -> InputError:
    return InputError(
        "card_qr_garbled",
        FIELD,
        "Chữ có dấu trong mã QR bị mất. Quét bằng camera, hoặc gõ họ tên theo thẻ.",
        "The accented letters of the QR code were lost. Use the camera, or type the name from the card.",
        Cure.SCAN_CARD,
    )
