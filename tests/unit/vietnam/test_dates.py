"""Dates known to the day, to the month or by the year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.vietnam.refusals import outcome
from tiemchung.vietnam.dates import AgeRange, PartialDate, Precision
from tiemchung.vietnam.errors import InputError

TODAY = date(2021, 8, 5)
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
PARTIAL_DATES = st.one_of(
    DAYS.map(PartialDate.of),
    DAYS.map(lambda day: PartialDate(day.year, day.month)),
    DAYS.map(lambda day: PartialDate(day.year)),
)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("1960-08-05", "1960-08-05"),
        ("05/08/1960", "1960-08-05"),
        ("5/8/1960", "1960-08-05"),
        ("5-8-1960", "1960-08-05"),
        ("5.8.1960", "1960-08-05"),
        (" 5 8 1960 ", "1960-08-05"),
        ("05081960", "1960-08-05"),
        ("０５/０８/１９６０", "1960-08-05"),
        ("08/1960", "1960-08"),
        ("1960-08", "1960-08"),
        ("00/08/1960", "1960-08"),
        ("1960", "1960"),
        ("00/00/1960", "1960"),
        ("00001960", "1960"),
        ("29/02/2020", "2020-02-29"),
    ],
)
def test_date_as_people_and_registers_write_it(written: str, iso: str) -> None:
    assert PartialDate.parse(written).iso == iso


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "date_empty"),
        ("   ", "date_empty"),
        ("31/02/1960", "date_day"),
        ("29/02/2021", "date_day"),
        ("32/01/1960", "date_day"),
        ("08/15/1960", "date_month"),
        ("05/00/1960", "date_form"),
        ("05/08/1899", "date_year_range"),
        ("05/08/2100", "date_year_range"),
        ("05/08/60", "date_year_short"),
        ("năm Canh Tý", "date_form"),
        ("1960-08-05T00:00", "date_form"),
        ("5" * 1000, "date_form"),
    ],
)
def test_date_that_cannot_be_names_what_is_wrong(written: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        PartialDate.parse(written)
    assert (caught.value.code, caught.value.field) == (code, "birth_date")


def test_date_in_the_future_is_refused_where_today_is_given() -> None:
    with pytest.raises(InputError) as caught:
        PartialDate.parse("06/08/2021", not_after=TODAY)
    assert caught.value.code == "date_future"
    assert caught.value.vi == "Ngày 06/08/2021 còn ở phía trước. Xem lại năm."


@pytest.mark.parametrize("written", ["05/08/2021", "08/2021", "2021"])
def test_date_that_may_be_today_or_before_is_taken(written: str) -> None:
    assert PartialDate.parse(written, not_after=TODAY).year == 2021


def test_date_error_carries_the_callers_field() -> None:
    with pytest.raises(InputError) as caught:
        PartialDate.parse("31/02/2021", field="injected_on")
    assert caught.value.field == "injected_on"
    assert caught.value.vi == "Tháng 2/2021 không có ngày 31. Xem lại trên giấy tờ."


@pytest.mark.parametrize(
    ("iso", "precision", "first", "last"),
    [
        ("1960-08-05", Precision.DAY, date(1960, 8, 5), date(1960, 8, 5)),
        ("1960-02", Precision.MONTH, date(1960, 2, 1), date(1960, 2, 29)),
        ("1960", Precision.YEAR, date(1960, 1, 1), date(1960, 12, 31)),
    ],
)
def test_precision_spans_first_to_last_day(iso: str, precision: Precision, first: date, last: date) -> None:
    found = PartialDate.parse(iso)
    assert (found.precision, found.first_day, found.last_day) == (precision, first, last)


@pytest.mark.parametrize(
    ("born", "on", "expected"),
    [
        ("2009-08-05", TODAY, AgeRange(12, 12)),
        ("2009-08-06", TODAY, AgeRange(11, 11)),
        ("2009-08", TODAY, AgeRange(11, 12)),
        ("2009", TODAY, AgeRange(11, 12)),
        ("2009", date(2021, 12, 31), AgeRange(12, 12)),
        ("2004-02-29", date(2022, 2, 28), AgeRange(17, 17)),
        ("2004-02-29", date(2022, 3, 1), AgeRange(18, 18)),
    ],
)
def test_age_on_a_day(born: str, on: date, expected: AgeRange) -> None:
    assert PartialDate.parse(born).age_on(on) == expected


def test_age_that_the_year_leaves_open_is_possible_not_certain() -> None:
    born = PartialDate(2003)
    assert born.possibly_aged(18, TODAY)
    assert not born.certainly_aged(18, TODAY)
    assert born.certainly_aged(17, TODAY)
    assert not born.possibly_aged(19, TODAY)


def test_order_is_certain_only_when_the_spans_do_not_meet() -> None:
    year, month = PartialDate(1960), PartialDate(1960, 8)
    assert year.possibly_before(month)
    assert not year.certainly_before(month)
    assert year.certainly_before(date(1961, 1, 1))
    assert not month.possibly_before(date(1960, 8, 1))


def test_same_day_is_certain_only_when_both_know_it() -> None:
    day = PartialDate(1960, 8, 5)
    assert day.certainly_same(date(1960, 8, 5))
    assert PartialDate(1960).possibly_same(day)
    assert not PartialDate(1960).certainly_same(PartialDate(1960))
    assert not PartialDate(1961).possibly_same(day)


def test_date_is_shown_in_both_languages() -> None:
    shown = [(each.vi, each.en) for each in (PartialDate(1960, 8, 5), PartialDate(1960, 8), PartialDate(1960))]
    assert shown == [("05/08/1960", "5 August 1960"), ("08/1960", "August 1960"), ("1960", "1960")]


def test_day_without_month_cannot_be_made() -> None:
    with pytest.raises(InputError):
        PartialDate(1960, None, 5)


@given(PARTIAL_DATES)
def test_every_date_is_read_back_from_each_of_its_writings(partial: PartialDate) -> None:
    assert PartialDate.parse(partial.iso) == PartialDate.parse(partial.vi) == partial


@given(PARTIAL_DATES, PARTIAL_DATES)
def test_certain_is_never_without_possible(one: PartialDate, other: PartialDate) -> None:
    assert one.possibly_before(other) >= one.certainly_before(other)
    assert one.possibly_same(other) >= one.certainly_same(other)
    assert not (one.certainly_before(other) and one.possibly_same(other))


@given(PARTIAL_DATES, DAYS)
def test_oldest_and_youngest_are_a_year_apart_at_most(born: PartialDate, day: date) -> None:
    age = born.age_on(day)
    assert 0 <= age.oldest - age.youngest <= 1


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_a_typed_refusal(text: str) -> None:
    found, refusal = outcome(PartialDate.parse, text)
    assert 1900 <= found.year <= 2099 if refusal is None else refusal.code.startswith("date_")
