"""Doses a day as SVG: a bar for each day, the mean of seven days as a line, the last mean named at the line's end.

One drawing for wide screens and one, of the last 31 days, for narrow ones; the page's CSS shows one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tiemchung.look import words

WEEK = 7
STEPS = (1, 2, 4, 5, 10)  # round distances between grid lines, times a power of ten


@dataclass(frozen=True)
class Day:
    """One bar: the day, its doses, and whether all of them are in (today's are not)."""

    day: date
    doses: int
    complete: bool = True


@dataclass(frozen=True)
class Frame:
    """A drawing's size and the box of its bars, in the drawing's units."""

    css: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    days: int
    named_beside: bool  # the mean is named right of the line, else above it


WIDE = Frame("tc-only-wide", 680, 290, 56, 548, 40, 254, 90, True)
NARROW = Frame("tc-only-narrow", 358, 250, 44, 350, 40, 216, 31, False)


def weekly_means(days: Sequence[Day]) -> list[float | None]:
    """Return for each day the mean of it and the six before; None before the seventh day and for days not complete."""
    means: list[float | None] = []
    for at, day in enumerate(days):
        week = days[max(0, at - WEEK + 1) : at + 1]
        means.append(sum(one.doses for one in week) / WEEK if day.complete and len(week) == WEEK else None)
    return means


def grid_step(top: float, lines: int = 4) -> int:
    """Return the round distance at which at most `lines` grid lines reach `top`."""
    steps = (step * int(10**power) for power in count() for step in STEPS)
    return next(step for step in steps if step * lines >= top)


def rounded(doses: float) -> str:
    """Write a number of doses as people say it: in whole thousands from ten thousand up."""
    if doses < 10_000:
        return words.number(doses)
    return gettext("%(thousands)s nghìn") % {"thousands": words.number(doses / 1000)}


@dataclass(frozen=True)
class Trend:
    """The chart of one series of days."""

    days: Sequence[Day]

    def svg(self) -> SafeString:
        """Draw both charts; empty when there is no day."""
        return self._drawing(WIDE) + self._drawing(NARROW) if self.days else SafeString("")

    def label(self) -> str:
        """Say the chart in words for those who do not see it."""
        said = gettext("Cột: số mũi mỗi ngày. Đường: trung bình 7 ngày.")
        last = next((mean for mean in reversed(weekly_means(self.days)) if mean is not None), None)
        if last is not None:
            said += " " + gettext("Trung bình nay là %(mean)s mũi một ngày.") % {"mean": rounded(last)}
        return said if self.days[-1].complete else f"{said} {gettext('Số của hôm nay chưa đủ.')}"

    def _drawing(self, frame: Frame) -> SafeString:
        means = weekly_means(self.days)[-frame.days :]
        plot = Plot(frame, list(self.days)[-frame.days :], means)
        return format_html(
            '<svg class="tc-chart {}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}{}</svg>',
            frame.css, frame.width, frame.height, self.label(),
            plot.grid(), plot.bars(), plot.line(), plot.dates(), plot.names(),
        )  # fmt: skip


@dataclass(frozen=True)
class Plot:
    """The days of one drawing and where they lie in its frame."""

    frame: Frame
    days: Sequence[Day]
    means: Sequence[float | None]

    @property
    def step(self) -> int:
        return grid_step(max(day.doses for day in self.days) or 1)

    @property
    def pitch(self) -> float:
        return (self.frame.right - self.frame.left) / len(self.days)

    def x(self, at: int) -> float:
        """The middle of a day's bar."""
        return self.frame.left + self.pitch * (at + 0.5)

    def y(self, doses: float) -> float:
        """The height of a number of doses."""
        most = max(self.step * 4, 1)
        return self.frame.bottom - (self.frame.bottom - self.frame.top) * doses / most

    def grid(self) -> SafeString:
        """Grid lines with their numbers, in thousands once they are that large, and the unit above them."""
        thousands = self.step >= 1000
        unit = gettext("nghìn mũi") if thousands else gettext("mũi")
        numbers = [(self.step * at, words.number(self.step * at / (1000 if thousands else 1))) for at in range(5)]
        lines = format_html_join(
            "",
            '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
            '<text class="num" x="{}" y="{}" text-anchor="end">{}</text>',
            (self._grid_line(doses, said) for doses, said in numbers),
        )
        return format_html('{}<text x="0" y="14">{}</text>', lines, unit)

    def _grid_line(self, doses: int, said: str) -> tuple[str, int, int, str, str, int, str, str]:
        height = self.y(doses)
        frame = self.frame
        css = "tc-grid" if doses else "tc-axis"
        return (
            css,
            frame.left,
            frame.right,
            f"{height:.1f}",
            f"{height:.1f}",
            frame.left - 10,
            f"{height + 5:.1f}",
            said,
        )

    def bars(self) -> SafeString:
        """A bar for each day, a dashed one for a day that is not complete."""
        width = self.pitch * 0.68
        return format_html_join(
            "",
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="1.5"/>',
            (self._bar(at, day, width) for at, day in enumerate(self.days)),
        )

    def _bar(self, at: int, day: Day, width: float) -> tuple[str, str, str, str, str]:
        top = self.y(day.doses)
        css = "tc-bar" if day.complete else "tc-bar tc-bar-part"
        return css, f"{self.x(at) - width / 2:.1f}", f"{top:.1f}", f"{width:.1f}", f"{self.frame.bottom - top:.1f}"

    def _end(self) -> tuple[float, float, float] | None:
        known = [(self.x(at), self.y(mean), mean) for at, mean in enumerate(self.means) if mean is not None]
        return known[-1] if known else None

    def line(self) -> SafeString:
        """The mean of seven days, with a dot at its end."""
        points = [f"{self.x(at):.1f},{self.y(mean):.1f}" for at, mean in enumerate(self.means) if mean is not None]
        if not points:
            return SafeString("")
        x, y = points[-1].split(",")
        dot = format_html('<circle class="tc-dot" cx="{}" cy="{}" r="5"/>', x, y)
        return format_html('<polyline class="tc-line1" points="{}"/>{}', " ".join(points), dot)

    def dates(self) -> SafeString:
        """The first and the fifteenth of each month under the axis."""
        marked = [(self.x(at), day.day) for at, day in enumerate(self.days) if day.day.day in (1, 15)]
        return format_html_join(
            "",
            '<text class="num" x="{}" y="{}" text-anchor="middle">{}</text>',
            ((f"{x:.1f}", self.frame.bottom + 24, words.tick(day)) for x, day in marked),
        )

    def names(self) -> SafeString:
        """Name the line at its end instead of in a key."""
        end = self._end()
        if end is None:
            return SafeString("")
        mean, said = rounded(end[2]), gettext("trung bình 7 ngày")
        if not self.frame.named_beside:
            text = '<text class="hi" x="{}" y="14" text-anchor="end">{} {}</text>'
            return format_html(text, self.frame.right, said, mean)
        text = '<text class="hi" x="{0}" y="{1}">{2}</text><text x="{0}" y="{3}">{4}</text>{5}'
        x = self.frame.right + 14
        return format_html(text, x, f"{end[1] - 4:.1f}", mean, f"{end[1] + 15:.1f}", said, self._today(end[1]))

    def _today(self, line: float) -> SafeString:
        if self.days[-1].complete:
            return SafeString("")
        below = max(self.y(self.days[-1].doses), line + 40)
        height = (
            below if below <= self.frame.bottom else line - 28
        )  # a line at the bottom has room above its name alone
        said = gettext("hôm nay, chưa đủ")
        return format_html('<text x="{}" y="{}">{}</text>', self.frame.right + 14, f"{height:.1f}", said)
