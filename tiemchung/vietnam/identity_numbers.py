"""Identity numbers: CCCD, CMND, mã định danh and passports, each checked as it is made.

The 12 digits of a CCCD or mã định danh (Decree 137/2015/NĐ-CP art. 13, Circular 07/2016/TT-BCA art. 7): three
for the province where the birth was registered (its GSO code) or for a country, one for century and sex, two
for the year of birth, six random. There is no check digit, so the only tests are these parts against the
province list, the sex and the birth year: they find about three in ten single wrong digits, never one in the
last six. «None yet» is the absence of a number, not a number.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from tiemchung.vietnam import areas
from tiemchung.vietnam.digits import all_digits, compact
from tiemchung.vietnam.errors import Cure, InputError
from tiemchung.vietnam.sex import Sex

FIELD = "identity_number"
MAX_WRITTEN_LENGTH = 60


class IdentityKind(StrEnum):
    """Which document or register a number comes from."""

    CCCD = "cccd"
    CMND = "cmnd"
    MA_DINH_DANH = "ma_dinh_danh"
    PASSPORT = "passport"
    FOREIGN_PASSPORT = "foreign_passport"


_NAMES = {
    IdentityKind.CCCD: ("căn cước công dân", "citizen ID card"),
    IdentityKind.CMND: ("chứng minh nhân dân", "9-digit ID card"),
    IdentityKind.MA_DINH_DANH: ("mã định danh", "personal identification number"),
    IdentityKind.PASSPORT: ("hộ chiếu", "passport"),
    IdentityKind.FOREIGN_PASSPORT: ("hộ chiếu nước ngoài", "foreign passport"),
}
_TWELVE_DIGITS = (IdentityKind.CCCD, IdentityKind.MA_DINH_DANH)
# Facts name letter + 7 digits; booklets since 2022 carry 8 (common knowledge, no legal text at hand).
_PASSPORT = re.compile(r"[A-Z]\d{7,8}")
_FOREIGN_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{5,20}")
_HEALTH_INSURANCE = re.compile(r"[A-Z]{2}\d{13}")
_SPREADSHEET_NUMBER = re.compile(r"\s*\d[.,]\d*E\+?\d+\s*", re.IGNORECASE)
_PLACEHOLDERS = {"123456789", "012345678", "123456789012", "012345678901", "012345678910"}
# These CMND numbers were issued twice, by Bà Rịa - Vũng Tàu and by Đồng Nai.
_ISSUED_TWICE = range(271450001, 271500001)


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """One identity number in its canonical writing (no separators, letters upper-case).

    Making one that cannot exist raises InputError; `parse` is the tolerant way in.
    """

    kind: IdentityKind
    text: str

    def __post_init__(self) -> None:
        _CHECKS[self.kind](self.text)

    @classmethod
    def parse(cls, text: str, kind: IdentityKind | None = None) -> "IdentityNumber":
        """Read a number with spaces, dots, dashes or full-width digits in it.

        Without `kind`, 12 digits are a CCCD (a child's mã định danh is the same number), 9 a CMND, a letter and
        7 or 8 digits a Vietnamese passport; a foreign passport must be named. Raises InputError on the field
        identity_number, identity_number.province or identity_number.year; codes: identity_empty,
        identity_too_short, identity_too_long, identity_letters, identity_spreadsheet, identity_health_insurance,
        identity_placeholder, identity_province, identity_century, identity_passport_form.
        """
        if _SPREADSHEET_NUMBER.fullmatch(text[:MAX_WRITTEN_LENGTH]):
            raise _spreadsheet()
        written = compact(text[: MAX_WRITTEN_LENGTH + 1])
        if not written:
            raise _empty()
        return cls(kind or _kind_of(written), written)

    @property
    def is_personal_number(self) -> bool:
        """Whether it is the 12-digit number that stays with a person for life."""
        return self.kind in _TWELVE_DIGITS

    @property
    def province(self) -> areas.Area | None:
        """Where the birth was registered; None for other kinds and for births registered abroad."""
        return areas.area_or_none(self.text[1:3]) if self._has_province else None

    @property
    def registered_abroad(self) -> bool:
        """Whether the first three digits stand for a country, by their range: the annex itself is not at hand."""
        return self.is_personal_number and not self._has_province

    @property
    def sex(self) -> Sex | None:
        """The sex that the fourth digit states; None for kinds that state none."""
        if not self.is_personal_number:
            return None
        return Sex.FEMALE if int(self.text[3]) % 2 else Sex.MALE

    @property
    def birth_year(self) -> int | None:
        """The year of birth that digits 4 to 6 state; None for kinds that state none."""
        if not self.is_personal_number:
            return None
        return 1900 + int(self.text[3]) // 2 * 100 + int(self.text[4:6])

    @property
    def may_belong_to_two(self) -> bool:
        """Whether it lies in the range of CMND numbers 271450001–271500000 that two provinces issued."""
        return self.kind is IdentityKind.CMND and int(self.text) in _ISSUED_TWICE

    def same_number(self, other: "IdentityNumber") -> bool:
        """Whether both are one number; a mã định danh becomes the CCCD number unchanged."""
        return self.text == other.text and (
            self.kind is other.kind or (self.is_personal_number and other.is_personal_number)
        )

    @property
    def last_four(self) -> str:
        """The last four characters, all that a page may show of it."""
        return self.text[-4:]

    @property
    def masked_vi(self) -> str:
        """«số cuối 4821»."""
        return f"số cuối {self.last_four}"

    @property
    def masked_en(self) -> str:
        """«ending 4821»."""
        return f"ending {self.last_four}"

    @property
    def kind_vi(self) -> str:
        """The Vietnamese name of its kind."""
        return _NAMES[self.kind][0]

    @property
    def kind_en(self) -> str:
        """The English name of its kind."""
        return _NAMES[self.kind][1]

    def __repr__(self) -> str:
        # Logs and tracebacks must not carry identity numbers.
        return f"IdentityNumber({self.kind.value}, …{self.last_four})"

    @property
    def _has_province(self) -> bool:
        return self.is_personal_number and self.text[0] == "0"


def _kind_of(written: str) -> IdentityKind:
    if _PASSPORT.fullmatch(written):
        return IdentityKind.PASSPORT
    return IdentityKind.CMND if len(written) == 9 and all_digits(written) else IdentityKind.CCCD


def _check_twelve_digits(text: str) -> None:
    _check_digits(text, 12)
    _refuse_placeholder(text)
    if text[0] == "0" and areas.area_or_none(text[1:3]) is None:
        raise InputError(
            "identity_province",
            f"{FIELD}.province",
            f"Ba số đầu {text[:3]} không phải mã tỉnh nào. Quét mã QR trên thẻ để khỏi gõ.",
            f"The first three digits {text[:3]} are no province's code. Scan the card's QR code instead.",
            Cure.SCAN_CARD,
        )
    if text[3] not in "0123":
        raise InputError(
            "identity_century",
            f"{FIELD}.year",
            f"Số thứ tư là {text[3]}, chỉ có thể là 0, 1, 2 hoặc 3. Quét mã QR trên thẻ để khỏi gõ.",
            f"The fourth digit is {text[3]}; it can only be 0, 1, 2 or 3. Scan the card's QR code instead.",
            Cure.SCAN_CARD,
        )


def _check_cmnd(text: str) -> None:
    _check_digits(text, 9)
    _refuse_placeholder(text)


def _check_passport(text: str) -> None:
    if not _PASSPORT.fullmatch(text):
        raise _passport_form(
            "Số hộ chiếu gồm một chữ và 7 hoặc 8 số, như C1234567. Xem lại trên hộ chiếu.",
            "A passport number is a letter and 7 or 8 digits, as C1234567. Check the passport.",
        )


def _check_foreign_passport(text: str) -> None:
    if not _FOREIGN_PASSPORT.fullmatch(text):
        raise _passport_form(
            "Số hộ chiếu gồm 5 đến 20 chữ cái và số. Xem lại trên hộ chiếu.",
            "A passport number has 5 to 20 letters and digits. Check the passport.",
        )


_CHECKS = {
    IdentityKind.CCCD: _check_twelve_digits,
    IdentityKind.MA_DINH_DANH: _check_twelve_digits,
    IdentityKind.CMND: _check_cmnd,
    IdentityKind.PASSPORT: _check_passport,
    IdentityKind.FOREIGN_PASSPORT: _check_foreign_passport,
}


def _check_digits(text: str, needed: int) -> None:
    if not text:
        raise _empty()
    if not all_digits(text):
        raise _letters(text)
    if len(text) < needed:
        raise _too_short(text, needed)
    if len(text) > needed:
        raise _error(
            "identity_too_long",
            f"Có {len(text)} số, chỉ cần {needed}. Quét mã QR trên thẻ để khỏi gõ.",
            f"{len(text)} digits where {needed} are needed. Scan the card's QR code instead.",
            Cure.SCAN_CARD,
        )


def _too_short(text: str, needed: int) -> InputError:
    """Spreadsheets drop a leading zero: then the zero put back is offered, never assumed."""
    vi = f"Mới có {len(text)} số, cần đủ {needed}. Quét mã QR trên thẻ để khỏi gõ."
    en = f"Only {len(text)} digits; {needed} are needed. Scan the card's QR code instead."
    suggestion = "0" + text if len(text) == needed - 1 else None
    if suggestion is not None and needed == 12:
        suggestion = suggestion if areas.area_or_none(text[:2]) and suggestion[3] in "0123" else None
    return _error("identity_too_short", vi, en, Cure.SCAN_CARD, suggestion)


def _refuse_placeholder(text: str) -> None:
    if len(set(text)) == 1 or text in _PLACEHOLDERS:
        raise _error(
            "identity_placeholder",
            "Đây là số ghi tạm. Chưa có số thì để trống.",
            "This number only fills the box. Leave it empty if there is none yet.",
            Cure.LEAVE_EMPTY,
        )


def _letters(text: str) -> InputError:
    if _HEALTH_INSURANCE.fullmatch(text):
        return _error(
            "identity_health_insurance",
            "Đây là số thẻ bảo hiểm y tế. Ghi số căn cước vào ô này.",
            "This is a health insurance number. Write the ID number here.",
        )
    digits = text.translate(str.maketrans("OIL", "011"))
    return _error(
        "identity_letters",
        "Số căn cước chỉ có chữ số. Quét mã QR trên thẻ để khỏi gõ.",
        "The ID number has digits only. Scan the card's QR code instead.",
        Cure.SCAN_CARD,
        digits if all_digits(digits) and len(digits) in (9, 12) else None,
    )


def _spreadsheet() -> InputError:
    return _error(
        "identity_spreadsheet",
        "Bảng tính đã đổi số này. Để cột ở dạng văn bản rồi chép lại từ giấy tờ.",
        "The spreadsheet has changed this number. Set the column to text and copy it from the document.",
        Cure.READ_PAPER,
    )


def _empty() -> InputError:
    return _error(
        "identity_empty",
        "Chưa có số. Chưa được cấp thì chọn «Chưa có số».",
        "The number is missing. If none was issued, choose “None yet”.",
        Cure.LEAVE_EMPTY,
    )


def _passport_form(vi: str, en: str) -> InputError:
    return _error("identity_passport_form", vi, en, Cure.READ_PAPER)


def _error(code: str, vi: str, en: str, cure: Cure = Cure.RETYPE, suggestion: str | None = None) -> InputError:
    return InputError(code, FIELD, vi, en, cure, suggestion)
