"""Dates as people know them: to the day, to the month, or the year alone.

Many older people know only the year of their birth, and registers write that as 1960, 00/00/1960 or worse
01/01/1960. A `PartialDate` keeps what is known and answers «certainly» and «possibly».
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tiemchung.vietnam.errors import Cure, InputError

FIRST_YEAR, LAST_YEAR = 1900, 2099
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class AgeRange:
    """Full years of age on a day: between `youngest` and `oldest`, which are equal when the day is known."""

    youngest: int
    oldest: int


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date between 1900 and 2099 of which month and day may be unknown (None); impossible ones raise."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        _refuse_impossible(self.year, self.month, self.day)

    @classmethod
    def of(cls, day: date) -> "PartialDate":
        """Give the partial date of a day that is fully known."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def parse(cls, text: str, not_after: date | None = None, field: str = "birth_date") -> "PartialDate":
        """Read yyyy-mm-dd, yyyy-mm, dd/mm/yyyy, ddmmyyyy, mm/yyyy or yyyy; 00 is «not known».

        Signs between may be / - . or spaces. `not_after` is today where the future is impossible.
        Raises InputError naming `field`; codes: date_empty, date_form, date_year_short, date_year_range,
        date_month, date_day, date_future.
        """
        try:
            found = _read(text)
            if not_after is not None and found.first_day > not_after:
                raise _error(
                    "date_future",
                    f"Ngày {found.vi} còn ở phía trước. Xem lại năm.",
                    f"{found.en} is in the future. Check the year.",
                )
        except InputError as error:
            raise error.at(field) from None
        return found

    @property
    def precision(self) -> Precision:
        """How much is known."""
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def first_day(self) -> date:
        """The earliest day it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        """The latest day it can be."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def iso(self) -> str:
        """yyyy-mm-dd, yyyy-mm or yyyy; `parse` reads it back."""
        known = (f"{self.year:04}", self.month, self.day)
        return "-".join(each if isinstance(each, str) else f"{each:02}" for each in known if each is not None)

    @property
    def vi(self) -> str:
        """dd/mm/yyyy, mm/yyyy or yyyy, as documents print it; `parse` reads it back."""
        return "/".join(reversed(self.iso.split("-")))

    @property
    def en(self) -> str:
        """«5 August 1960», «August 1960» or «1960»."""
        if self.month is None:
            return str(self.year)
        return f"{self.day or ''} {_ENGLISH_MONTHS[self.month - 1]} {self.year}".strip()

    def age_on(self, day: date) -> AgeRange:
        """Give the full years of age on a day; who was born on 29 February turns on 1 March.

        Negative before birth.
        """
        return AgeRange(_full_years(self.last_day, day), _full_years(self.first_day, day))

    def certainly_aged(self, years: int, on: date) -> bool:
        """Whether the person is at least so old on a day, whichever day the birth date stands for."""
        return self.age_on(on).youngest >= years

    def possibly_aged(self, years: int, on: date) -> bool:
        """Whether the person can be so old or older on a day."""
        return self.age_on(on).oldest >= years

    def certainly_before(self, other: "PartialDate | date") -> bool:
        """Whether it is earlier, whichever days the two stand for."""
        return self.last_day < _as_partial(other).first_day

    def possibly_before(self, other: "PartialDate | date") -> bool:
        """Whether it can be earlier."""
        return self.first_day < _as_partial(other).last_day

    def certainly_same(self, other: "PartialDate | date") -> bool:
        """Whether both are one day, both known to the day."""
        return self.precision is Precision.DAY and self == _as_partial(other)

    def possibly_same(self, other: "PartialDate | date") -> bool:
        """Whether both can be one day: the year 1960 and 5/8/1960 can."""
        there = _as_partial(other)
        return self.first_day <= there.last_day and there.first_day <= self.last_day


def _as_partial(day: PartialDate | date) -> PartialDate:
    return day if isinstance(day, PartialDate) else PartialDate.of(day)


def _full_years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?")
_DAY_FIRST = re.compile(r"(?:(?:(?P<day>\d{1,2})-)?(?P<month>\d{1,2})-)?(?P<year>\d{4})")
_RUN_TOGETHER = re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}-\d{1,2}-\d{1,3}")
_SIGNS_BETWEEN = re.compile(r"\s*[-/.‐-―−]\s*|\s+")


def _read(text: str) -> PartialDate:
    if len(text) > 40:
        raise _not_a_date()
    plain = _SIGNS_BETWEEN.sub("-", unicodedata.normalize("NFKC", text).strip())
    if not plain:
        raise _error(
            "date_empty",
            "Chưa có ngày. Ghi ngày/tháng/năm, hoặc chỉ năm nếu không nhớ.",
            "The date is missing. Write day/month/year, or the year alone if that is all one knows.",
        )
    if not plain.isascii():
        raise _not_a_date()
    found = _RUN_TOGETHER.fullmatch(plain) or _DAY_FIRST.fullmatch(plain) or _YEAR_FIRST.fullmatch(plain)
    if found is None:
        raise _short_year() if _SHORT_YEAR.fullmatch(plain) else _not_a_date()
    # Registers and cards write an unknown day or month as 00.
    return PartialDate(int(found["year"]), int(found["month"] or 0) or None, int(found["day"] or 0) or None)


def _refuse_impossible(year: int, month: int | None, day: int | None) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _error(
            "date_year_range",
            f"Năm {year} không thể có. Ghi đủ bốn số của năm, từ {FIRST_YEAR}.",
            f"The year {year} cannot be. Write all four digits, from {FIRST_YEAR}.",
        )
    if month is None and day is not None:
        raise _not_a_date()
    if month is not None and not 1 <= month <= 12:
        raise _error(
            "date_month",
            f"Không có tháng {month}. Ghi ngày trước, tháng sau.",
            f"There is no month {month}. Write the day first, then the month.",
        )
    if month is not None and day is not None and not 1 <= day <= monthrange(year, month)[1]:
        raise _error(
            "date_day",
            f"Tháng {month}/{year} không có ngày {day}. Xem lại trên giấy tờ.",
            f"{_ENGLISH_MONTHS[month - 1]} {year} has no day {day}. Check the document.",
            Cure.READ_PAPER,
        )


def _short_year() -> InputError:
    return _error(
        "date_year_short", "Năm cần đủ bốn số, ví dụ 05/08/1960.", "The year needs four digits, as in 05/08/1960."
    )


def _not_a_date() -> InputError:
    return _error(
        "date_form",
        "Chưa đọc được ngày này. Ghi ngày/tháng/năm, ví dụ 05/08/1960.",
        "This date cannot be read. Write day/month/year, as in 05/08/1960.",
    )


def _error(code: str, vi: str, en: str, cure: Cure = Cure.RETYPE) -> InputError:
    return InputError(code, "date", vi, en, cure)
