from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiemchung.dosing import InputError
from tiemchung.dosing.dates import PartialDate, Span, exact_day
from tiemchung.dosing.sets import days


@pytest.mark.parametrize(
    ("span", "start", "end"),
    [
        ("28d", "2021-02-01", "2021-03-01"),
        ("8w", "2021-07-01", "2021-08-26"),
        ("6m", "2021-08-31", "2022-02-28"),
        ("3m", "2021-11-30", "2022-02-28"),
        ("5m", "2022-01-31", "2022-06-30"),
        ("18y", "2004-02-29", "2022-02-28"),
        ("12y", "2010-06-10", "2022-06-10"),
        ("0d", "2021-01-01", "2021-01-01"),
    ],
)
def test_span_runs_by_the_calendar(span: str, start: str, end: str) -> None:
    assert Span.parse(span).after(date.fromisoformat(start)) == date.fromisoformat(end)


def test_span_past_the_calendar_has_no_end() -> None:
    assert Span.parse("18y").after(date.max) == date.max


@pytest.mark.parametrize("text", ["", "28", "d28", "1.5m", "-3d"])
def test_text_that_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span.parse(text)


@given(
    st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.sampled_from(["0d", "28d", "8w", "3m", "6m", "12y", "18y", "66y"]),
)
def test_table_of_days_holds_what_the_span_gives(day: date, text: str) -> None:
    span = Span.parse(text)
    found = days.after(span, np.array([days.number(day)], np.int32))
    assert int(found[0]) == days.number(span.after(day))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1984-05-02", "1984-05-02", "1984-05-02"),
        ("1984-05", "1984-05-01", "1984-05-31"),
        ("1984", "1984-01-01", "1984-12-31"),
        ("2020-2", "2020-02-01", "2020-02-29"),
        ("02/05/1984", "1984-05-02", "1984-05-02"),
        ("05/1984", "1984-05-01", "1984-05-31"),
        ("2021-09-01T08:30:00", "2021-09-01", "2021-09-01"),
    ],
)
def test_partial_date_is_every_day_that_it_may_be(text: str, first: str, last: str) -> None:
    found = PartialDate.parse(text, "birth_date")
    assert (found.earliest.isoformat(), found.latest.isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["", "hôm qua", "1984-13", "1984-02-30", "84", "1984-00-01", "31/04/2021", "0000"])
def test_date_that_is_none_is_refused_with_the_field(text: str) -> None:
    with pytest.raises(InputError) as refused:
        PartialDate.parse(text, "doses[0].date")
    assert refused.value.field == "doses[0].date"
    assert "2021-09-30" in refused.value.text.vi


def test_day_that_must_be_exact_needs_its_day() -> None:
    with pytest.raises(InputError):
        exact_day("2021-09", "as_of")
