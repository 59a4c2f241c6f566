"""What is written in columns, each distinct writing read once: numbers, birth dates, sexes."""

from tiemchung.linkage.kinds import NumberKind
from tiemchung.linkage.number_kinds import form_kind
from tiemchung.linkage.sets.combinations import FORMS
from tiemchung.vietnam import areas
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.digits import compact
from tiemchung.vietnam.errors import InputError

MISSING_NUMBER = FORMS.index(NumberKind.MISSING)
_SEX_CODES = {"male": 1, "nam": 1, "m": 1, "female": 2, "nữ": 2, "nu": 2, "f": 2}


def sound_numbers() -> tuple[str, str]:
    """Give the patterns of numbers that have no fault of form at sight, and of those that only fill the box."""
    provinces = "|".join(each.code for each in areas.provinces())
    sound = f"(0({provinces})|[1-9][0-9][0-9])[0-3][0-9]{{8}}|[0-9]{{9}}"
    # One digit throughout, or counted up: which of these are placeholders is decided one by one.
    repeated = "|".join(f"{digit}+" for digit in "0123456789")
    return sound, f"{repeated}|0?123456789.*"


def number_form(written: str) -> tuple[int | None, int]:
    """Give the number as an integer where it has 9 or 12 digits, and its fault of form, 0 for none."""
    plain = compact(written)
    is_number = plain.isascii() and plain.isdigit() and len(plain) in (9, 12)
    fault = form_kind(written)
    return int("1" + plain) if is_number else None, FORMS.index(fault) if fault else 0


def birth_code(written: str) -> int:
    """Give a birth date as yyyymmdd, unknown parts as 00; 0 for what is no date."""
    try:
        day = PartialDate.parse(written)
    except InputError:
        return 0
    return day.year * 10_000 + (day.month or 0) * 100 + (day.day or 0)


def born(code: int) -> PartialDate | None:
    """Give the date of a code; None for 0."""
    if not code:
        return None
    return PartialDate(code // 10_000, code // 100 % 100 or None, code % 100 or None)


def sex_code(written: str) -> int:
    """Give 1 for male, 2 for female in any of their writings, else 0."""
    return _SEX_CODES.get(written.strip().lower(), 0)
