"""Each difference between two birth dates has one kind."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiemchung.linkage.date_kinds import date_kind
from tiemchung.linkage.kinds import DateKind
from tiemchung.vietnam.dates import PartialDate

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
CASES = [
    # written      known          kind
    ("05/08/1960", "05/08/1960", "right"),
    ("1960", "1960", "right"),
    ("05/08/1960", "1960", "right"),
    ("08/1960", "05/08/1960", "year_only"),
    ("1960", "05/08/1960", "year_only"),
    ("01/01/1960", "25/08/1960", "first_of_january"),
    ("08/05/1960", "05/08/1960", "day_month_swap"),
    ("05/08/1961", "05/08/1960", "year_off_by_one"),
    ("1959", "1960", "year_off_by_one"),
    ("05/08/1970", "05/08/1960", "year_off_by_ten"),
    ("05/08/2060", "05/08/1960", "century"),
    ("05/09/1960", "05/08/1960", "month_off_by_one"),
    ("06/08/1960", "05/08/1960", "day_off_by_one"),
    ("01/09/1960", "31/08/1960", "day_off_by_one"),
    ("05/08/1906", "05/08/1960", "transposed_digits"),
    ("21/08/1960", "12/08/1960", "transposed_digits"),
    ("15/08/1960", "05/08/1960", "digit_slip"),
    ("17/08/1960", "05/08/1960", "day_differs"),
    ("05/12/1960", "05/08/1960", "month_differs"),
    ("05/08/1983", "05/08/1960", "year_differs"),
    ("17/12/1960", "05/08/1960", "only_year_agrees"),
    ("17/12/1983", "05/08/1960", "other"),
]


@pytest.mark.parametrize(("written", "known", "kind"), CASES)
def test_date_kind_names_the_difference(written: str, known: str, kind: str) -> None:
    assert date_kind(PartialDate.parse(written), PartialDate.parse(known)) == kind


def test_date_kind_of_nothing_written_is_missing() -> None:
    assert date_kind(None, PartialDate(1960)) == DateKind.MISSING


def test_every_date_kind_has_a_case() -> None:
    assert {kind for *_, kind in CASES} | {DateKind.MISSING} == set(DateKind)


def test_date_kind_keeps_silent_on_which_side_has_the_first_of_january() -> None:
    known_vague = date_kind(PartialDate(1960, 8, 25), PartialDate(1960, 1, 1))
    assert known_vague == date_kind(PartialDate(1960, 8, 25), PartialDate(1960, 3, 4)) == DateKind.ONLY_YEAR_AGREES


@settings(max_examples=40, deadline=None)
@given(DAYS, DAYS)
def test_date_kind_is_right_only_for_one_day(one: date, other: date) -> None:
    assert (date_kind(PartialDate.of(one), PartialDate.of(other)) == DateKind.RIGHT) == (one == other)
