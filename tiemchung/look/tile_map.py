"""The map of the country as tiles: one for each province, in its place, and the two archipelagos in theirs.

The layout is data (reference_data/province_tiles.csv). Hoàng Sa belongs to Đà Nẵng and Trường Sa to Khánh Hòa: they are
drawn in every map, named, and take their province's colour.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from tiemchung.look import words

LAYOUT = Path(__file__).resolve().parents[2] / "reference_data" / "province_tiles.csv"
LIMITS = (0.80, 0.85, 0.90, 0.95)
WIDTH, HEIGHT, GAP = 52, 40, 3  # one tile and the space between two, in the drawing's units
COLUMNS, ROWS = 7, 20


@dataclass(frozen=True)
class Tile:
    """A province on the map: GSO code, name, the lines on its tile, column and row from the top left."""

    code: str
    name: str
    lines: tuple[str, ...]
    column: int
    row: int


@dataclass(frozen=True)
class Archipelago:
    """Islands of a province: their name, its code, where the name stands and the islands' places and radii."""

    name: str
    code: str
    label_at: tuple[float, float]
    islands: tuple[tuple[float, float, float], ...]


HOANG_SA = Archipelago(
    "Hoàng Sa", "48", (325, 372),
    ((297, 347, 4), (306, 356, 3), (313, 346, 3.5), (320, 355, 2.8), (335, 334, 4.2), (346, 328, 3.2),
     (353, 336, 3.5), (362, 331, 2.8), (342, 344, 2.8)),
)  # fmt: skip
TRUONG_SA = Archipelago(
    "Trường Sa", "56", (321, 800),
    ((268, 762, 3.2), (280, 775, 2.8), (286, 744, 3.5), (299, 735, 3), (304, 757, 4.2), (313, 772, 3),
     (319, 730, 3.2), (327, 748, 3.8), (333, 764, 2.8), (340, 736, 3.5), (348, 753, 3), (354, 770, 3.5),
     (360, 741, 2.8), (367, 758, 3), (292, 766, 2.5)),
)  # fmt: skip


@cache
def tiles() -> tuple[Tile, ...]:
    """Read the layout: 63 provinces, north to south."""
    with LAYOUT.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return tuple(
            Tile(row["code"], row["name"], tuple(row["label"].split("/")), int(row["column"]), int(row["row"]))
            for row in rows
        )


def step(value: float | None, limits: Sequence[float]) -> int:
    """Return the step of a share between 0 and 1: 1, and one more for each limit reached; 0 when unknown."""
    return 0 if value is None else 1 + bisect_right(limits, value)


@dataclass(frozen=True)
class TileMap:
    """What the map shows: a share between 0 and 1 for each province code, and which provinces are incomplete."""

    values: Mapping[str, float | None]
    incomplete: Collection[str] = ()
    limits: Sequence[float] = LIMITS
    ident: str = "map"
    link: Callable[[str], str] | None = None

    def svg(self, label: str) -> SafeString:
        """Draw the map; `label` says to readers what it shows. The figures stand in a table beside it."""
        drawn = format_html_join("", "{}", ((self._province(tile),) for tile in tiles()))
        islands = self._archipelago(HOANG_SA) + self._archipelago(TRUONG_SA)
        size = (COLUMNS * (WIDTH + GAP) - GAP, ROWS * (HEIGHT + GAP) - GAP)
        role = "group" if self.link else "img"
        return format_html(
            '<svg class="tc-map" viewBox="0 0 {} {}" role="{}" aria-label="{}">{}{}{}</svg>',
            *size, role, label, hatching(self.ident), drawn, islands,
        )  # fmt: skip

    def _said(self, code: str) -> str:
        value = self.values.get(code)
        told = gettext("chưa có số liệu") if value is None else words.percent(value)
        return f"{told}, {gettext('chưa đủ số liệu')}" if code in self.incomplete else told

    def _css(self, code: str) -> str:
        return "gap" if code in self.incomplete else f"k{step(self.values.get(code), self.limits)}"

    def _fill(self, code: str) -> SafeString:
        return format_html(' fill="url(#{}-hatch)"', self.ident) if code in self.incomplete else mark_safe("")

    def _province(self, tile: Tile) -> SafeString:
        x, y = tile.column * (WIDTH + GAP), tile.row * (HEIGHT + GAP)
        css = self._css(tile.code)
        drawn = format_html(
            '<title>{}: {}</title><rect class="tile {}"{} x="{}" y="{}" width="{}" height="{}" rx="8"/>{}{}',
            tile.name, self._said(tile.code), css, self._fill(tile.code), x, y, WIDTH, HEIGHT,
            _plate(x, y) if css == "gap" else "", _lines(tile.lines, x + WIDTH / 2, y + HEIGHT / 2),
        )  # fmt: skip
        return self._wrapped(tile.code, css, drawn)

    def _wrapped(self, code: str, css: str, drawn: SafeString) -> SafeString:
        if self.link is None:
            return format_html('<g class="on-{}" data-code="{}">{}</g>', css, code, drawn)
        return format_html('<a class="on-{}" data-code="{}" href="{}">{}</a>', css, code, self.link(code), drawn)

    def _archipelago(self, isles: Archipelago) -> SafeString:
        province = next(tile.name for tile in tiles() if tile.code == isles.code)
        css = self._css(isles.code)
        dots = format_html_join(
            "", '<circle class="isle {}" cx="{}" cy="{}" r="{}"/>', ((css, *isle) for isle in isles.islands)
        )
        x, y = isles.label_at
        return format_html(
            '<g data-code="{}"><title>{} ({}): {}</title>{}<text class="sea" x="{}" y="{}">{}</text>'
            '<text class="sea" x="{}" y="{}">({})</text></g>',
            isles.code, isles.name, province, self._said(isles.code), dots, x, y, isles.name, x, y + 17, province,
        )  # fmt: skip


def hatching(ident: str) -> SafeString:
    """Define the hatching of incomplete provinces under an id of its own."""
    return format_html(
        '<defs><pattern id="{}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-ground" width="7" height="7"/><rect class="hatch-line" width="2.4" height="7"/>'
        "</pattern></defs>",
        ident,
    )


def _plate(x: int, y: int) -> SafeString:
    return format_html(
        '<rect class="plate" x="{}" y="{}" width="{}" height="{}" rx="5"/>', x + 5, y + 4, WIDTH - 10, HEIGHT - 8
    )


def _lines(lines: Sequence[str], x: float, middle: float) -> SafeString:
    first = middle + 4.5 - 7.5 * (len(lines) - 1)
    return format_html_join(
        "", '<text x="{}" y="{}">{}</text>', ((x, first + 15 * at, line) for at, line in enumerate(lines))
    )


def key(limits: Sequence[float] = LIMITS, ident: str = "map") -> SafeString:
    """Draw the key: five steps and the hatching."""
    bounds = [f"{limit * 100:.0f}" for limit in limits]
    said = [gettext("dưới %(limit)s%%") % {"limit": bounds[0]}]
    said += [f"{low} – {high}" for low, high in pairwise(bounds)]
    said += [gettext("từ %(limit)s%%") % {"limit": bounds[-1]}]
    rows = [(_swatch(f"k{at}", NO_FILL), text) for at, text in enumerate(said, start=1)]
    hatched = format_html(' fill="url(#{}-hatch)"', ident)
    rows.append((_swatch("gap", hatched), gettext("tỉnh chưa gửi đủ số liệu")))
    items = format_html_join("", "<li>{}{}</li>", rows)
    return format_html('<ul class="tc-key" aria-label="{}">{}</ul>', gettext("Chú giải"), items)


NO_FILL = mark_safe("")


def _swatch(css: str, fill: SafeString) -> SafeString:
    return format_html(
        '<svg class="tc-map" viewBox="0 0 20 20" aria-hidden="true" focusable="false">'
        '<rect class="{}"{} x="1" y="1" width="18" height="18" rx="4"/></svg>',
        css,
        fill,
    )
