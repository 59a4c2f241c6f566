"""The named ways in which what was written of a person can differ from what is known.

Each is a word for staff; what the holder reads stands in `wording.yaml`. Those in `HARMLESS` are no difference of
fact: the field counts as right.
"""

from enum import StrEnum


class NameKind(StrEnum):
    """How a written name stands to the known one."""

    RIGHT = "right"
    LETTER_CASE = "letter_case"
    TONE_PLACEMENT = "tone_placement"
    ETH_FOR_D = "eth_for_d"
    MISSING = "missing"
    Y_OR_I = "y_or_i"
    ACCENTS_LOST = "accents_lost"
    ACCENTS_PARTLY_LOST = "accents_partly_lost"
    ACCENTS_DIFFER = "accents_differ"
    TYPING_RESIDUE = "typing_residue"
    WRONG_ENCODING = "wrong_encoding"
    SPACING = "spacing"
    ORDER = "order"
    REGIONAL_DOUBLET = "regional_doublet"
    SOUND_ALIKE = "sound_alike"
    INITIALS = "initials"
    PART_MISSING = "part_missing"
    PART_ADDED = "part_added"
    LETTER_SLIP = "letter_slip"
    NICKNAME = "nickname"
    PART_DIFFERS = "part_differs"
    OTHER = "other"


class DateKind(StrEnum):
    """How a written birth date stands to the known one."""

    RIGHT = "right"
    MISSING = "missing"
    YEAR_ONLY = "year_only"
    FIRST_OF_JANUARY = "first_of_january"
    DAY_MONTH_SWAP = "day_month_swap"
    YEAR_OFF_BY_ONE = "year_off_by_one"
    YEAR_OFF_BY_TEN = "year_off_by_ten"
    CENTURY = "century"
    MONTH_OFF_BY_ONE = "month_off_by_one"
    DAY_OFF_BY_ONE = "day_off_by_one"
    TRANSPOSED_DIGITS = "transposed_digits"
    DIGIT_SLIP = "digit_slip"
    DAY_DIFFERS = "day_differs"
    MONTH_DIFFERS = "month_differs"
    YEAR_DIFFERS = "year_differs"
    ONLY_YEAR_AGREES = "only_year_agrees"
    OTHER = "other"


class NumberKind(StrEnum):
    """How a written identity number stands to the numbers that a person has had."""

    RIGHT = "right"
    OLD_NUMBER = "old_number"
    MISSING = "missing"
    LOST_ZERO = "lost_zero"
    MISSING_DIGITS = "missing_digits"
    EXTRA_DIGITS = "extra_digits"
    LETTERS_FOR_DIGITS = "letters_for_digits"
    SPREADSHEET = "spreadsheet"
    HEALTH_INSURANCE = "health_insurance"
    PLACEHOLDER = "placeholder"
    MALFORMED = "malformed"
    DIGIT_SLIP = "digit_slip"
    TRANSPOSED_DIGITS = "transposed_digits"
    PARENTS_NUMBER = "parents_number"
    OTHER_PERSONS_NUMBER = "other_persons_number"
    UNKNOWN = "unknown"


class SexKind(StrEnum):
    """How a written sex stands to the known one."""

    RIGHT = "right"
    MISSING = "missing"
    OTHER = "other"


Kind = NameKind | DateKind | NumberKind | SexKind

HARMLESS: frozenset[Kind] = frozenset(
    {
        *(NameKind.RIGHT, NameKind.LETTER_CASE, NameKind.TONE_PLACEMENT, NameKind.ETH_FOR_D),
        *(DateKind.RIGHT, NumberKind.RIGHT, NumberKind.OLD_NUMBER, SexKind.RIGHT),
    }
)
