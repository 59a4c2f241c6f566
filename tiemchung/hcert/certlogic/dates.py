"""Dates and times of the language: 19 ways to write one, and how time is added.

All are in UTC with a precision of milliseconds. A date without a day means the last day of its month or year: a
person born in 2004 counts as born on 31 December.
"""

import calendar
import re
from datetime import UTC, datetime, time, timedelta, timezone

from tiemchung.hcert.certlogic.errors import CertLogicError, shown

UNITS = ("year", "month", "day", "hour")

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_DATE_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{1,2}?):?(\d{2})?)?", re.ASCII
)


def parse_date_time(text: str, operation: str = "plusTime") -> datetime:
    """Read a date (YYYY, YYYY-MM, YYYY-MM-DD) or a date-time; without an offset it is UTC.

    Offsets may be Z, +h, +hh, +hmm, +hhmm, +h:mm or +hh:mm; decimals beyond the third are dropped. Raises
    CertLogicError for any other text, and for dates that do not exist.
    """
    found = _DATE_TIME.fullmatch(text)
    if found is None:
        return parse_date(text, operation)
    try:
        return _moment(found)
    except (ValueError, OverflowError) as error:
        raise _unreadable(text, operation) from error


def parse_date(text: str, operation: str = "dccDateOfBirth") -> datetime:
    """Read a date that may lack its day or month, as midnight UTC of its last day. Raises CertLogicError."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise _unreadable(text, operation)
    year, month = int(found[1]), int(found[2] or 12)
    try:
        day = int(found[3]) if found[3] else calendar.monthrange(year, month)[1]
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError as error:
        raise _unreadable(text, operation) from error


def plus_time(text: str, amount: int, unit: str) -> datetime:
    """Add an amount (which may be negative) of years, months, days or hours to a date or date-time.

    A day that the month reached does not have runs over into the next: 2020-02-29 and a year is 2021-03-01. Raises
    CertLogicError for an unreadable date, an unknown unit, or a result outside the years 1 to 9999.
    """
    start = parse_date_time(text)
    if unit not in UNITS:
        raise _unknown_unit(unit)
    try:
        return _added(start, amount, unit)
    except (ValueError, OverflowError) as error:
        raise CertLogicError(
            "plusTime",
            vi=f"Cộng {amount} {unit} vào {text} ra ngoài các năm 1 đến 9999.",
            en=f"{text} plus {amount} {unit} lies outside the years 1 to 9999",
        ) from error


def _added(start: datetime, amount: int, unit: str) -> datetime:
    match unit:
        case "hour":
            return start + timedelta(hours=amount)
        case "day":
            return start + timedelta(days=amount)
        case "month":
            return _plus_months(start, amount)
    return _plus_months(start, 12 * amount)


def _unknown_unit(unit: str) -> CertLogicError:
    return CertLogicError(
        "plusTime",
        vi=f"Đơn vị thời gian {shown(unit)} không có. Dùng {', '.join(UNITS)}.",
        en=f"there is no unit of time {shown(unit)}; use one of {', '.join(UNITS)}",
    )


def _plus_months(start: datetime, amount: int) -> datetime:
    months = start.year * 12 + start.month - 1 + amount
    first = start.replace(year=months // 12, month=months % 12 + 1, day=1)
    return first + timedelta(days=start.day - 1)


def _moment(found: re.Match[str]) -> datetime:
    day, hour, minute, second, decimals, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    if int(minutes or 0) > 59:
        raise ValueError("an offset has at most 59 minutes")
    milliseconds = int((decimals or "")[:3].ljust(3, "0"))
    clock = time(int(hour), int(minute), int(second), milliseconds * 1000, tzinfo=timezone(offset))
    return datetime.combine(datetime.fromisoformat(day), clock).astimezone(UTC)


def _unreadable(text: str, operation: str) -> CertLogicError:
    return CertLogicError(
        operation,
        vi=f"{shown(text)} không phải ngày giờ đúng mẫu YYYY-MM-DD hoặc YYYY-MM-DDThh:mm:ssZ.",
        en=f"{shown(text)} is not a date or date-time; write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ",
    )
