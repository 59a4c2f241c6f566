"""How does a written birth date stand to the known one? The commonest slip that explains it is named."""

from collections.abc import Callable

from tiemchung.linkage.edits import replaced, transposed
from tiemchung.linkage.kinds import DateKind
from tiemchung.vietnam.dates import PartialDate, Precision

CERTAIN_DATE_KINDS = frozenset(
    {DateKind.RIGHT, DateKind.MISSING, DateKind.YEAR_ONLY, DateKind.FIRST_OF_JANUARY, DateKind.DAY_MONTH_SWAP}
)


def date_kind(asked: PartialDate | None, known: PartialDate) -> DateKind:
    """Name the difference between two birth dates; RIGHT also where the known one holds no more than a year that fits.

    Where only the year agrees nothing is said of which side has the first of January: that would tell a value.
    """
    if asked is None:
        return DateKind.MISSING
    if asked == known or (known.precision is not Precision.DAY and asked.possibly_same(known)):
        return DateKind.RIGHT
    if asked.possibly_same(known):
        return DateKind.YEAR_ONLY
    return next((kind for kind, explains in _EXPLANATIONS if explains(asked, known)), DateKind.OTHER)


def digits(day: PartialDate) -> str:
    """Write a date as the eight digits people type, unknown parts as 00."""
    return f"{day.day or 0:02}{day.month or 0:02}{day.year:04}"


def _first_of_january(asked: PartialDate, known: PartialDate) -> bool:
    return (asked.day, asked.month, asked.year) == (1, 1, known.year)


def _day_month_swap(asked: PartialDate, known: PartialDate) -> bool:
    return (asked.year, asked.day, asked.month) == (known.year, known.month, known.day)


def _year_off(*years: int) -> Callable[[PartialDate, PartialDate], bool]:
    def test(asked: PartialDate, known: PartialDate) -> bool:
        same_day = (asked.day, asked.month) == (known.day, known.month) or known.precision is Precision.YEAR
        return same_day and abs(asked.year - known.year) in years

    return test


def _month_off_by_one(asked: PartialDate, known: PartialDate) -> bool:
    same = (asked.year, asked.day) == (known.year, known.day)
    return same and abs((asked.month or 0) - (known.month or 0)) == 1


def _day_off_by_one(asked: PartialDate, known: PartialDate) -> bool:
    same_precision = asked.precision is known.precision is Precision.DAY
    return same_precision and abs((asked.first_day - known.first_day).days) == 1


def _transposed(asked: PartialDate, known: PartialDate) -> bool:
    return transposed(digits(asked), digits(known))


def _digit_slip(asked: PartialDate, known: PartialDate) -> bool:
    return replaced(digits(asked), digits(known))


def _agree(day: bool, month: bool, year: bool) -> Callable[[PartialDate, PartialDate], bool]:
    def test(asked: PartialDate, known: PartialDate) -> bool:
        return (asked.day == known.day, asked.month == known.month, asked.year == known.year) == (day, month, year)

    return test


_EXPLANATIONS: tuple[tuple[DateKind, Callable[[PartialDate, PartialDate], bool]], ...] = (
    (DateKind.FIRST_OF_JANUARY, _first_of_january),
    (DateKind.DAY_MONTH_SWAP, _day_month_swap),
    (DateKind.YEAR_OFF_BY_ONE, _year_off(1)),
    (DateKind.YEAR_OFF_BY_TEN, _year_off(10)),
    (DateKind.CENTURY, _year_off(100)),
    (DateKind.TRANSPOSED_DIGITS, _transposed),
    (DateKind.MONTH_OFF_BY_ONE, _month_off_by_one),
    (DateKind.DAY_OFF_BY_ONE, _day_off_by_one),
    (DateKind.DIGIT_SLIP, _digit_slip),
    (DateKind.DAY_DIFFERS, _agree(day=False, month=True, year=True)),
    (DateKind.MONTH_DIFFERS, _agree(day=True, month=False, year=True)),
    (DateKind.YEAR_DIFFERS, _agree(day=True, month=True, year=False)),
    (DateKind.ONLY_YEAR_AGREES, _agree(day=False, month=False, year=True)),
)
