"""Dates of CertLogic: how they may be written, and how time is added."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiemchung.hcert.certlogic import CertLogicError, evaluate
from tiemchung.hcert.certlogic.dates import parse_date, parse_date_time, plus_time


def _said(moment: datetime) -> str:
    assert moment.tzinfo is UTC
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2004", "2004-12-31T00:00:00.000Z"),
        ("2004-02", "2004-02-29T00:00:00.000Z"),
        ("2021-05-04", "2021-05-04T00:00:00.000Z"),
        ("2021-05-04T13:37:42", "2021-05-04T13:37:42.000Z"),
        ("2021-05-04T13:37:42Z", "2021-05-04T13:37:42.000Z"),
        ("2021-08-20T12:03:12+2", "2021-08-20T10:03:12.000Z"),
        ("2021-08-20T12:03:12+02", "2021-08-20T10:03:12.000Z"),
        ("2021-08-20T12:03:12+130", "2021-08-20T10:33:12.000Z"),
        ("2021-08-20T12:03:12-0130", "2021-08-20T13:33:12.000Z"),
        ("2021-08-20T12:03:12+1:30", "2021-08-20T10:33:12.000Z"),
        ("2021-08-20T12:03:12+07:00", "2021-08-20T05:03:12.000Z"),
        ("2021-08-01T00:00:00.1", "2021-08-01T00:00:00.100Z"),
        ("2021-08-01T00:00:00.01Z", "2021-08-01T00:00:00.010Z"),
        ("2021-08-01T00:00:00.9999999Z", "2021-08-01T00:00:00.999Z"),
        ("2021-08-01T00:00:00.5+1", "2021-07-31T23:00:00.500Z"),
        ("2021-08-01T00:00:00.5-01", "2021-08-01T01:00:00.500Z"),
        ("2021-08-01T00:00:00.5+100", "2021-07-31T23:00:00.500Z"),
        ("2021-08-01T00:00:00.5+0100", "2021-07-31T23:00:00.500Z"),
        ("2021-08-01T00:00:00.5+1:00", "2021-07-31T23:00:00.500Z"),
        ("2021-08-01T00:00:00.5+01:00", "2021-07-31T23:00:00.500Z"),
    ],
)
def test_every_written_form_is_read(written: str, moment: str) -> None:
    assert _said(parse_date_time(written)) == moment


@pytest.mark.parametrize(
    "written",
    [
        "", "21-05-04", "2021-5-4", "2021-13", "2021-02-29", "2021-00-10", "0000", "2021-05-04T13:37",
        "2021-05-04 13:37:42", "2021-05-04T24:00:00", "2021-05-04T13:60:00", "2021-05-04T13:37:60",
        "2021-05-04T13:37:42+25", "2021-05-04T13:37:42+01:60", "2021-05-04T13:37:42z", "2021-05-04T13:37:42.Z",
        "٢٠٢١-05-04", "0001-01-01T00:00:00+01", "2021-05-04T13:37:42+", "2021-05-04\n",
    ],
)  # fmt: skip
def test_any_other_text_is_refused(written: str) -> None:
    with pytest.raises(CertLogicError) as refused:
        parse_date_time(written)
    assert refused.value.field == "plusTime"


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2021-06-23", 1, "day", "2021-06-24T00:00:00.000Z"),
        ("2021-06-23", -180, "day", "2020-12-25T00:00:00.000Z"),
        ("2021-06-23T00:00:00.000Z", -72, "hour", "2021-06-20T00:00:00.000Z"),
        ("2021-12-01", 1, "month", "2022-01-01T00:00:00.000Z"),
        ("2021-12-01", -12, "month", "2020-12-01T00:00:00.000Z"),
        ("2021-01-31", 1, "month", "2021-03-03T00:00:00.000Z"),
        ("2021-03-31", -1, "month", "2021-03-03T00:00:00.000Z"),
        ("2020-02-29", 1, "month", "2020-03-29T00:00:00.000Z"),
        ("2020-02-29", 1, "year", "2021-03-01T00:00:00.000Z"),
        ("2020-02-29", 4, "year", "2024-02-29T00:00:00.000Z"),
        ("2022-12-31T13:37:00.042Z", -18, "year", "2004-12-31T13:37:00.042Z"),
        ("2004", 18, "year", "2022-12-31T00:00:00.000Z"),
    ],
)
def test_time_is_added_and_overflowing_days_run_on(start: str, amount: int, unit: str, end: str) -> None:
    assert _said(plus_time(start, amount, unit)) == end


@pytest.mark.parametrize(
    ("amount", "unit"),
    [(2**53 - 1, "hour"), (-(2**53 - 1), "day"), (8_000, "year"), (-(10**6), "month"), (10**12, "month")],
)
def test_time_beyond_the_calendar_is_refused(amount: int, unit: str) -> None:
    with pytest.raises(CertLogicError, match="outside the years 1 to 9999"):
        plus_time("2021-06-23", amount, unit)


def test_unknown_unit_of_time_is_refused() -> None:
    with pytest.raises(CertLogicError, match="there is no unit of time"):
        plus_time("2021-06-23", 1, "week")


def test_date_of_birth_has_no_time() -> None:
    assert _said(parse_date("2004-01")) == "2004-01-31T00:00:00.000Z"
    with pytest.raises(CertLogicError):
        parse_date("2004-01-01T00:00:00Z")


@settings(deadline=None)
@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)), st.times(), st.integers(-5000, 5000))
def test_adding_days_and_hours_agree(day: date, clock: time, days: int) -> None:
    text = f"{day.isoformat()}T{clock.isoformat(timespec='milliseconds')}"
    assert plus_time(text, days, "day") == plus_time(text, 24 * days, "hour")


@settings(deadline=None)
@given(st.text(alphabet="0123456789-T:.Z+", max_size=35))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        value = evaluate({"plusTime": [text, 0, "day"]}, None)
    except CertLogicError:
        value = datetime.min.replace(tzinfo=UTC)
    assert isinstance(value, datetime)
