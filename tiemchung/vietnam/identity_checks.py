"""Does an identity number fit the person it is given for?"""

from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import Cure, Finding, InputError
from tiemchung.vietnam.identity_numbers import FIELD, IdentityNumber
from tiemchung.vietnam.sex import Sex

# A card is issued from 14 on; someone that much older than the record says is most likely a parent.
_CARD_AGE_YEARS = 14
_SCAN_VI = "Quét mã QR trên thẻ để biết bên nào đúng."
_SCAN_EN = "Scan the card's QR code to settle it."


def cross_check(number: IdentityNumber | str, birth_date: PartialDate | None, sex: Sex | None) -> list[Finding]:
    """Compare what the 12 digits state with birth date and sex; what is not known is not compared.

    `number` may be text, so that a report of an act that happened is checked even when its number cannot be
    one: then the findings hold why. Never raises. Fields: identity_number(.province|.year|.sex).
    """
    try:
        parsed = number if isinstance(number, IdentityNumber) else IdentityNumber.parse(number)
    except InputError as error:
        return [error.as_finding()]
    found = (_check_year(parsed, birth_date), _check_sex(parsed, sex))
    return [each for each in found if each is not None]


def _check_year(number: IdentityNumber, birth_date: PartialDate | None) -> Finding | None:
    stated = number.birth_year
    if stated is None or birth_date is None or stated == birth_date.year:
        return None
    if birth_date.year - stated >= _CARD_AGE_YEARS:
        return _older_persons_number(stated, birth_date.year)
    return Finding(
        "identity_year_differs",
        f"{FIELD}.year",
        f"Theo số căn cước thì sinh năm {stated}, ngày sinh lại ghi {birth_date.year}. {_SCAN_VI}",
        f"By the ID number, born in {stated}; the birth date says {birth_date.year}. {_SCAN_EN}",
        Cure.SCAN_CARD,
    )


def _older_persons_number(stated: int, written: int) -> Finding:
    """A parent's number on a child's record is the usual cause when the number is much older than the person."""
    return Finding(
        "identity_year_of_older_person",
        f"{FIELD}.year",
        f"Số này của người sinh năm {stated}, ngày sinh lại ghi {written}. Nếu là số của cha mẹ thì để trống ô này.",
        f"This is the number of someone born in {stated}; the birth date says {written}. "
        "If it is a parent's, leave the box empty.",
        Cure.LEAVE_EMPTY,
    )


def _check_sex(number: IdentityNumber, sex: Sex | None) -> Finding | None:
    stated = number.sex
    if stated is None or sex is None or stated is sex:
        return None
    return Finding(
        "identity_sex_differs",
        f"{FIELD}.sex",
        f"Theo số căn cước thì giới tính là {stated.vi}, ở đây lại ghi {sex.vi}. {_SCAN_VI}",
        f"By the ID number the sex is {stated.en}; here it says {sex.en}. {_SCAN_EN}",
        Cure.SCAN_CARD,
    )
