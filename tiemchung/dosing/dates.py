"""Calendar arithmetic of the rules: spans, partial dates, day intervals.

Months and years run by the calendar; a day that the month lacks becomes its last (Civil Code 2015, art. 148).
Weeks are 7n days. A dose is allowed on the day itself.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from tiemchung.dosing.errors import InputError
from tiemchung.dosing.text import Text

EVER = date.max
_DAY = timedelta(days=1)
_SPAN = re.compile(r"(\d+)([dwmy])")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T.*)?")
_VIETNAMESE = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])(\d{4})")


class Days(NamedTuple):
    """An interval of days, both ends inclusive; empty when `start` is after `end`."""

    start: date
    end: date

    def holds(self, day: date) -> bool:
        """Tell whether the day lies within."""
        return self.start <= day <= self.end


@dataclass(frozen=True)
class Span:
    """A length of time: days (weeks are 7 days) or calendar months (years are 12)."""

    days: int = 0
    months: int = 0

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read `28d`, `8w`, `6m` or `18y`; ValueError otherwise."""
        found = _SPAN.fullmatch(text)
        if not found:
            raise ValueError(f"not a span: {text!r}")
        count, unit = int(found[1]), found[2]
        return cls(days=count * {"d": 1, "w": 7}.get(unit, 0), months=count * {"m": 1, "y": 12}.get(unit, 0))

    def after(self, day: date) -> date:
        """Give the day that lies this span after the given one; `date.max` when past the calendar."""
        return _after(self.days, self.months, day)

    @property
    def text(self) -> Text:
        """The span in words."""
        for unit, count, vi, en in self._units():
            if count and count % unit == 0:
                number = count // unit
                return Text(f"{number} {vi}", f"{number} {en}" + ("s" if number > 1 else ""))
        return Text("0 ngày", "0 days")

    def _units(self) -> list[tuple[int, int, str, str]]:
        return [
            (12, self.months, "năm", "year"),
            (1, self.months, "tháng", "month"),
            (7, self.days if self.days >= 28 else 0, "tuần", "week"),
            (1, self.days, "ngày", "day"),
        ]


@lru_cache(maxsize=1 << 17)
def _after(days: int, months: int, day: date) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year >= EVER.year:
        return EVER
    last = monthrange(year, month + 1)[1] if day.day > 28 else day.day
    return date(year, month + 1, min(day.day, last)) + timedelta(days=days)


@dataclass(frozen=True)
class PartialDate:
    """A date known to the day, the month or the year: any day from `earliest` to `latest`."""

    earliest: date
    latest: date

    @classmethod
    def parse(cls, value: "str | date | PartialDate", field: str) -> "PartialDate":
        """Read `YYYY[-MM[-DD]]` or `[[DD/]MM/]YYYY`; InputError names the field otherwise."""
        if isinstance(value, PartialDate):
            return value
        if isinstance(value, date):
            return cls(date(value.year, value.month, value.day), date(value.year, value.month, value.day))
        return cls._of_parts(_parts(str(value).strip(), field), str(value), field)

    @classmethod
    def _of_parts(cls, parts: tuple[int, int, int], value: str, field: str) -> "PartialDate":
        year, month, day = parts
        try:
            first, last = date(year, month or 1, day or 1), date(year, month or 12, day or 1)
        except ValueError:
            raise InputError(field, _unreadable(value)) from None
        return cls(first, last if day else last.replace(day=monthrange(last.year, last.month)[1]))

    @property
    def exact(self) -> bool:
        """Tell whether the day is known."""
        return self.earliest == self.latest

    @property
    def ends(self) -> tuple[date, ...]:
        """The first and the last possible day, one when they are the same."""
        return (self.earliest,) if self.exact else (self.earliest, self.latest)

    @property
    def text(self) -> Text:
        """The date in words, as a range when it is not exact."""
        if self.exact:
            return Text(show(self.earliest), show(self.earliest))
        return Text(f"{show(self.earliest)} đến {show(self.latest)}", f"{show(self.earliest)} to {show(self.latest)}")


def _parts(value: str, field: str) -> tuple[int, int, int]:
    if found := _ISO.fullmatch(value):
        year, month, day = found[1], found[2], found[3]
    elif found := _VIETNAMESE.fullmatch(value):
        day, month, year = found[1], found[2], found[3]
    else:
        raise InputError(field, _unreadable(value))
    if (month and not int(month)) or (day and not int(day)):
        raise InputError(field, _unreadable(value))
    return int(year), int(month or 0), int(day or 0)


def _unreadable(value: str) -> Text:
    return Text(
        f"Chưa đọc được ngày “{value}”. Ghi theo mẫu 2021-09-30, 2021-09 hoặc 2021.",
        f"The date “{value}” cannot be read. Write it as 2021-09-30, 2021-09 or 2021.",
    )


def exact_day(value: "str | date", field: str) -> date:
    """Read a date that must be known to the day; InputError names the field otherwise."""
    found = PartialDate.parse(value, field)
    if not found.exact:
        raise InputError(
            field,
            Text(f"Ngày “{value}” cần có đủ ngày và tháng.", f"The date “{value}” needs its day and month."),
        )
    return found.earliest


def show(day: date) -> str:
    """Write a day as Viet Nam does."""
    return f"{day:%d/%m/%Y}"


def before(day: date) -> date:
    """The day before."""
    return day - _DAY if day > date.min else day


def following(day: date) -> date:
    """The day after."""
    return day + _DAY if day < EVER else day
