"""Vietnamese mobile numbers, all in one writing: +84 and nine digits.

New two-digit network codes keep opening, so any number of the mobile ranges 3, 5, 7, 8 and 9 is accepted
rather than those of a list that ages. Numbers of eleven digits from before 15/9/2018 are brought to their new
prefix by the table in reference_data/mobile_prefixes_2018.csv.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache

from tiemchung.vietnam.digits import all_digits, compact
from tiemchung.vietnam.errors import Cure, InputError
from tiemchung.vietnam.reference import reference_file

_E164 = re.compile(r"\+84[35789]\d{8}")
_MAX_WRITTEN_LENGTH = 40


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A Vietnamese mobile number; `e164` is +84 and nine digits."""

    e164: str

    def __post_init__(self) -> None:
        if not _E164.fullmatch(self.e164):
            raise _form()

    @classmethod
    def parse(cls, text: str, field: str = "phone") -> "PhoneNumber":
        """Read 0912 345 678, +84 912345678, 84912345678, 912345678 (a zero lost in a spreadsheet) and 01x old numbers.

        Raises InputError naming `field`; codes: phone_empty, phone_letters, phone_too_short, phone_too_long,
        phone_landline, phone_foreign, phone_form.
        """
        try:
            return cls("+84" + _national(text))
        except InputError as error:
            raise error.at(field) from None

    @property
    def national(self) -> str:
        """0912345678."""
        return "0" + self.e164[3:]

    @property
    def display(self) -> str:
        """0912 345 678."""
        number = self.national
        return f"{number[:4]} {number[4:7]} {number[7:]}"

    @property
    def last_three(self) -> str:
        """The last three digits, all that a page may show of another's number."""
        return self.e164[-3:]

    @property
    def masked_vi(self) -> str:
        """«số cuối 678»."""
        return f"số cuối {self.last_three}"

    @property
    def masked_en(self) -> str:
        """«ending 678»."""
        return f"ending {self.last_three}"

    def __repr__(self) -> str:
        # Logs and tracebacks must not carry phone numbers.
        return f"PhoneNumber(…{self.last_three})"


def _national(text: str) -> str:
    """Give the number without its trunk 0 or country code: nine digits of a mobile range."""
    digits = _without_country(_digits(text))
    if len(digits) == 10 and (new := _new_prefixes().get(digits[:3])):
        digits = new + digits[3:]
    if digits.startswith("2") and len(digits) == 10:
        raise _error(
            "phone_landline",
            "Đây là số máy bàn. Ghi số di động để nhận tin nhắn.",
            "This is a landline. Write a mobile number, which can receive messages.",
        )
    _refuse_wrong_length(digits)
    return digits


def _digits(text: str) -> str:
    written = compact(text[:_MAX_WRITTEN_LENGTH]).replace("(", "").replace(")", "")
    if not written:
        raise _error("phone_empty", "Chưa có số điện thoại.", "The phone number is missing.")
    digits = written.removeprefix("+")
    if not all_digits(digits):
        raise _error(
            "phone_letters", "Số điện thoại chỉ có chữ số. Gõ lại số.", "A phone number has digits only. Type it again."
        )
    if written.startswith("+") and not digits.startswith("84"):
        raise _error(
            "phone_foreign",
            "Đây là số nước ngoài. Ghi số di động Việt Nam để nhận tin nhắn.",
            "This is a foreign number. Write a Vietnamese mobile number to receive messages.",
        )
    return written


def _without_country(written: str) -> str:
    """Take +84, 0084 or 84 off, and the trunk 0; a nine-digit number that begins with 84 (Vinaphone) stays whole."""
    if written.startswith("+84"):
        return written[3:].removeprefix("0")
    if written.startswith("0084"):
        return written[4:].removeprefix("0")
    if written.startswith("84") and len(written) > 9:
        return written[2:].removeprefix("0")
    return written.removeprefix("0")


def _refuse_wrong_length(digits: str) -> None:
    count = len(digits) + 1
    if count < 10:
        raise _error(
            "phone_too_short",
            f"Mới có {count} số, cần đủ 10. Gõ lại số.",
            f"Only {count} digits; 10 are needed. Type it again.",
        )
    if count > 10:
        raise _error(
            "phone_too_long",
            f"Có {count} số, chỉ cần 10. Gõ lại số.",
            f"{count} digits where 10 are needed. Type it again.",
        )


@cache
def _new_prefixes() -> dict[str, str]:
    with reference_file("mobile_prefixes_2018.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["old_prefix"].removeprefix("0"): row["new_prefix"].removeprefix("0") for row in csv.DictReader(file)
        }


def _form() -> InputError:
    return _error(
        "phone_form",
        "Đây không phải số di động Việt Nam. Số di động bắt đầu bằng 03, 05, 07, 08 hoặc 09.",
        "This is no Vietnamese mobile number. Those begin with 03, 05, 07, 08 or 09.",
    )


def _error(code: str, vi: str, en: str) -> InputError:
    return InputError(code, "phone", vi, en, Cure.RETYPE)
