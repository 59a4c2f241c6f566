"""What somebody states about a person: as written, and as it reads. One that cannot be read is never made."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tiemchung.ground import clock
from tiemchung.ground.errors import InvalidInputError, RefusedError
from tiemchung.people.models import IdentityNumber as NumberRow
from tiemchung.people.models import Sex
from tiemchung.vietnam import areas
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.digits import compact
from tiemchung.vietnam.errors import Finding, InputError
from tiemchung.vietnam.identity_checks import cross_check
from tiemchung.vietnam.identity_numbers import IdentityKind, IdentityNumber
from tiemchung.vietnam.names import NormalisedName
from tiemchung.vietnam.phones import PhoneNumber
from tiemchung.vietnam.sex import Sex as StatedSex

MAX_ADDRESS = 250
# Ten digits since 1/4/2021, before that two letters and thirteen digits: common knowledge, no legal text at hand.
_INSURANCE = re.compile(r"\d{10}|[A-Z]{2}\d{13}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement about one person, checked as it is made.

    `birth_date` is text in any form of `PartialDate.parse`; `identity_numbers` are pairs of kind (or None: as the
    number looks) and text; `residence_code` is a commune's GSO code of 5 digits; `nationality` ISO 3166-1 alpha-2.
    Raises InvalidInputError on the field full_name, birth_date, sex, identity_number(.province|.year), phone,
    residence_code, address, nationality or insurance_number.
    """

    full_name: str
    birth_date: str
    sex: str = Sex.UNKNOWN
    identity_numbers: tuple[tuple[str | None, str], ...] = ()
    phone: str = ""
    residence_code: str = ""
    address: str = ""
    nationality: str = "VN"
    insurance_number: str = ""
    name: NormalisedName = field(init=False, compare=False)
    born: PartialDate = field(init=False, compare=False)
    numbers: tuple[IdentityNumber, ...] = field(init=False, compare=False)
    mobile: PhoneNumber | None = field(init=False, compare=False)
    insurance: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        read = {
            "name": _said(NormalisedName.parse, self.full_name),
            "born": _said(PartialDate.parse, self.birth_date, clock.today()),
            "numbers": tuple(_said(_number, kind, text) for kind, text in self.identity_numbers),
            "mobile": _said(PhoneNumber.parse, self.phone) if self.phone.strip() else None,
            "insurance": _insurance(self.insurance_number),
        }
        for name, value in read.items():
            object.__setattr__(self, name, value)
        _check_sex(self.sex)
        _check_residence(self.residence_code)
        _check_address(self.address)
        _check_nationality(self.nationality)

    def findings(self) -> list[Finding]:
        """What does not fit together: sex and birth year against the digits of each number."""
        sex = None if self.sex == Sex.UNKNOWN else StatedSex(self.sex)
        return [each for number in self.numbers for each in cross_check(number, self.born, sex)]

    def as_written(self) -> dict[str, Any]:
        """Every word as it was stated, to be kept for ever."""
        return {
            "full_name": self.full_name,
            "birth_date": self.birth_date,
            "sex": str(self.sex),
            "identity_numbers": [list(each) for each in self.identity_numbers],
            "phone": self.phone,
            "residence_code": self.residence_code,
            "address": self.address,
            "nationality": self.nationality,
            "insurance_number": self.insurance_number,
        }


def _said(read: Callable[..., _Read], *arguments: Any) -> _Read:
    """Let the library read; what it refuses is refused in our own kind of error."""
    try:
        return read(*arguments)
    except InputError as error:
        raise _as_ours(error) from error


def _as_ours(error: InputError) -> RefusedError:
    return InvalidInputError.of(error)


def _number(kind: str | None, text: str) -> IdentityNumber:
    if kind and kind not in NumberRow.Kind.values:
        raise InvalidInputError(
            "identity_kind",
            field="identity_number",
            vi="Chưa rõ loại giấy tờ. Chọn căn cước, CMND, mã định danh hoặc hộ chiếu.",
            en="The kind of document is not known. Choose ID card, CMND, personal number or passport.",
        )
    return IdentityNumber.parse(text, IdentityKind(kind) if kind else None)


def _insurance(text: str) -> str:
    number = compact(text[:40])
    if number and not _INSURANCE.fullmatch(number):
        raise InvalidInputError(
            "insurance_form",
            field="insurance_number",
            vi="Số thẻ bảo hiểm y tế gồm 10 số, hoặc 2 chữ và 13 số. Chưa có thì để trống.",
            en="A health insurance number has 10 digits, or 2 letters and 13 digits. Leave it empty if there is none.",
        )
    return number


def _check_sex(sex: str) -> None:
    if sex not in Sex.values:
        raise InvalidInputError(
            "sex_unknown",
            field="sex",
            vi="Chưa chọn giới tính. Chọn Nam hoặc Nữ.",
            en="Choose the sex: male or female.",
        )


def _check_residence(code: str) -> None:
    if code and (len(code) != 5 or areas.area_or_none(code) is None):
        raise InvalidInputError(
            "commune_unknown",
            field="residence_code",
            vi="Chưa chọn được xã, phường. Chọn lại trong danh sách.",
            en="No commune has this code. Choose it from the list.",
        )


def _check_address(address: str) -> None:
    if len(address) > MAX_ADDRESS:
        raise InvalidInputError(
            "address_too_long",
            field="address",
            vi=f"Địa chỉ dài quá {MAX_ADDRESS} chữ. Chỉ ghi số nhà, đường, thôn.",
            en=f"The address is longer than {MAX_ADDRESS} characters. Write house, street and hamlet only.",
        )


def _check_nationality(code: str) -> None:
    if not _COUNTRY.fullmatch(code):
        raise InvalidInputError(
            "nationality_form",
            field="nationality",
            vi="Chưa rõ quốc tịch. Chọn lại trong danh sách.",
            en="The nationality is not known. Choose it from the list.",
        )
