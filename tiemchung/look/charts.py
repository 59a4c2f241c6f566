"""Figures drawn on the server: the ladder of figures that never mix."""

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


def ladder_rungs(rungs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the ladder draws. A rung has `name`, `count`, `definition`, and `missing`: the word for the gap
    to the rung above. The first rung is the full width; a rung above 100 % of the one before it has no gap.
    """
    full = max((rung["count"] for rung in rungs), default=0) or 1
    drawn, above = [], None
    for rung in rungs:
        value, unit = short_count(rung["count"])
        width = round(100 * rung["count"] / full, 2)
        gap = (above["count"] - rung["count"]) if above else 0
        drawn.append(
            {"name": rung["name"], "definition": rung["definition"], "value": value, "unit": unit, "width": width}
            | {"missing": _missing(gap, rung.get("missing", "")) if gap > 0 else ""}
            | (
                {"gap_from": round(width + GAP, 2), "gap_to": round(100 * above["count"] / full, 2)}
                if above and gap > 0
                else {}
            )
        )
        above = rung
    return drawn
