"""Figures drawn on the server: the ladder of figures that never mix, and the trend of doses a day.

Lengths are SVG attributes and always have a point before their decimals; words follow the reader's language.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from tiemchung.look import words

GAP = 1.2  # per cent of the ladder's width between the solid bar and the first dot


def short_count(count: int) -> tuple[str, str]:
    """Return a count and its unit as people say it: 215,9 and triệu from a million up, else the number alone."""
    if count >= 1_000_000:
        return words.millions(count), gettext("triệu")
    return words.number(count), ""


def _missing(count: int, word: str) -> str:
    value, unit = short_count(count)
    return " ".join(part for part in (value, unit, word) if part)


def _share(count: float, full: int) -> str:
    """Per cent of the full width, as SVG writes it: a point before the decimals in every language."""
    return f"{100 * count / full:.2f}"


def _gap(rung: dict[str, Any], above: dict[str, Any] | None, full: int) -> dict[str, str]:
    missing = above["count"] - rung["count"] if above else 0
    if missing <= 0:
        return {"missing": ""}
    start = rung["count"] + full * GAP / 100
    told = _missing(missing, rung.get("missing", ""))
    return {"missing": told, "gap_from": _share(start, full), "gap_to": _share(rung["count"] + missing, full)}


def ladder_rungs(rungs: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """Return what the ladder draws. A rung has `name`, `count`, `definition`, and `missing`: the word for the gap
    to the rung above. The largest count is the full width; a rung that exceeds the one above it has no gap.
    """
    full = max((rung["count"] for rung in rungs), default=0) or 1
    drawn = []
    for rung, above in zip(rungs, [None, *rungs], strict=False):
        value, unit = short_count(rung["count"])
        named = {"name": rung["name"], "definition": rung["definition"], "value": value, "unit": unit}
        drawn.append(named | {"width": _share(rung["count"], full)} | _gap(rung, above, full))
    return drawn
