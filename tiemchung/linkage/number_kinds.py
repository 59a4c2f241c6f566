"""How does a written identity number stand to its own form, and to the numbers that a person has had?"""

from collections.abc import Iterable

from tiemchung.linkage.edits import is_part, replaced, transposed
from tiemchung.linkage.kinds import NumberKind
from tiemchung.vietnam.digits import compact
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.identity_numbers import IdentityNumber

_FORM_KINDS = {
    "identity_empty": NumberKind.MISSING,
    "identity_too_short": NumberKind.MISSING_DIGITS,
    "identity_too_long": NumberKind.EXTRA_DIGITS,
    "identity_letters": NumberKind.LETTERS_FOR_DIGITS,
    "identity_spreadsheet": NumberKind.SPREADSHEET,
    "identity_health_insurance": NumberKind.HEALTH_INSURANCE,
    "identity_placeholder": NumberKind.PLACEHOLDER,
}


def form_kind(written: str) -> NumberKind | None:
    """Name what is wrong with the form of a written number; None where it can be a number."""
    try:
        IdentityNumber.parse(written)
    except InputError as error:
        if error.code == "identity_too_short" and error.suggestion:
            return NumberKind.LOST_ZERO
        if error.code == "identity_letters" and not error.suggestion:
            return NumberKind.MALFORMED
        return _FORM_KINDS.get(error.code, NumberKind.MALFORMED)
    return None


def number_kind(written: str, current: str, history: Iterable[str] = ()) -> NumberKind:
    """Name the difference between a written number and those that one person has had.

    `current` is the number of today, `history` the former ones (old CMND), all in canonical writing. A number that no
    slip explains is UNKNOWN: whether it is somebody else's cannot be told from this person's numbers.
    """
    asked = compact(written)
    if asked == current != "":
        return NumberKind.RIGHT
    former = [each for each in history if each != current]
    if asked and asked in former:
        return NumberKind.OLD_NUMBER
    if not asked:
        return NumberKind.MISSING
    slips = (slip_kind(asked, each) for each in (current, *former) if each)
    return next(filter(None, slips), form_kind(written) or NumberKind.UNKNOWN)


def slip_kind(asked: str, known: str) -> NumberKind | None:
    """Name the one slip that makes the written number of the known one; None where no single slip does."""
    if known == "0" + asked:
        return NumberKind.LOST_ZERO
    if asked.translate(_LETTERS_SEEN_AS_DIGITS) == known:
        return NumberKind.LETTERS_FOR_DIGITS
    if transposed(asked, known):
        return NumberKind.TRANSPOSED_DIGITS
    if replaced(asked, known):
        return NumberKind.DIGIT_SLIP
    if 0 < len(known) - len(asked) <= 2 and is_part(asked, known):
        return NumberKind.MISSING_DIGITS
    if 0 < len(asked) - len(known) <= 2 and is_part(known, asked):
        return NumberKind.EXTRA_DIGITS
    return None


_LETTERS_SEEN_AS_DIGITS = str.maketrans("OIL", "011")
