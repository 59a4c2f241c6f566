"""Doses a day: bars, the mean of seven days, and a drawing for each width."""

import datetime
import re

import pytest

from tiemchung.look.trend import Day, Trend, grid_step, rounded, weekly_means

FIRST = datetime.date(2022, 4, 1)


def days(*doses: int, complete: bool = True) -> list[Day]:
    return [Day(FIRST + datetime.timedelta(days=at), count) for at, count in enumerate(doses[:-1])] + [
        Day(FIRST + datetime.timedelta(days=len(doses) - 1), doses[-1], complete)
    ]


def test_the_mean_begins_on_the_seventh_day() -> None:
    assert weekly_means(days(7, 7, 7, 7, 7, 7, 14, 7)) == [None] * 6 + [8.0, 8.0]


def test_a_day_that_is_not_complete_has_no_mean() -> None:
    assert weekly_means(days(*[7] * 8, complete=False))[-1] is None


@pytest.mark.parametrize(("top", "step"), [(1, 1), (4, 1), (5, 2), (1_370_000, 400_000), (1_700_000, 500_000)])
def test_grid_lines_stand_at_round_numbers(top: int, step: int) -> None:
    assert grid_step(top) == step


def test_two_drawings_one_of_them_for_narrow_screens() -> None:
    drawn = Trend(days(*range(40))).svg()
    wide, narrow = drawn.split("</svg>")[:2]
    assert "tc-only-wide" in wide
    assert "tc-only-narrow" in narrow
    assert wide.count('class="tc-bar"') == 40
    assert narrow.count('class="tc-bar"') == 31


def test_today_is_drawn_apart_and_said_to_be_incomplete() -> None:
    trend = Trend(days(*[100] * 10, complete=False))
    assert trend.svg().count("tc-bar-part") == 2
    assert trend.label().endswith("Số của hôm nay chưa đủ.")


def test_no_bar_leaves_the_frame() -> None:
    for top, height in re.findall(r'y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', Trend(days(*range(1, 60))).svg()):
        assert float(top) >= 40
        assert float(height) >= 0


def test_a_first_day_alone_is_drawn_without_a_line() -> None:
    drawn = Trend(days(5)).svg()
    assert "polyline" not in drawn
    assert drawn.count('class="tc-bar"') == 2


def test_no_days_draw_nothing() -> None:
    assert Trend([]).svg() == ""


def test_a_quiet_country_is_drawn_too() -> None:
    assert 'height="0.0"' in Trend(days(0, 0)).svg()


def test_large_numbers_are_rounded_to_thousands() -> None:
    assert rounded(1_090_400) == "1.090 nghìn"
    assert rounded(312) == "312"
