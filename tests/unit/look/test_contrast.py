"""The tokens keep their contrast by day and by night (WCAG 2.1: 4.5 for text, 3 for edges and shapes)."""

import re

import pytest

from scripts.vendor import TARGET

CSS = TARGET.parent / "css"
STATES = ("ok", "caution", "wait", "stop", "unknown")
TEXT = [
    ("ink", "page"), ("ink", "surface"), ("ink-2", "page"), ("ink-2", "surface"), ("ink-2", "sunken"),
    ("accent", "surface"), ("accent", "page"), ("accent", "accent-tint"), ("on-accent", "accent"),
    ("on-accent", "accent-hover"), ("on-band", "band"), ("on-band-2", "band"), ("yellow-ink", "yellow"),
    ("yellow-2", "yellow"), ("green-ink", "green"), ("green-2", "green"),
    *[(f"{state}-ink", f"{state}-tint") for state in STATES],
    *[("ink", f"{state}-tint") for state in STATES],
    *[("ink-2", f"{state}-tint") for state in STATES],
    *[(f"on-step-{step}", f"step-{step}") for step in range(1, 6)],
]  # fmt: skip
EDGES = [("line-strong", "surface"), ("yellow", "green"), *[(f"{state}-shape", f"{state}-tint") for state in STATES]]


def tokens(*names: str) -> dict[str, str]:
    """Read colours from stylesheets, the later over the earlier, references resolved."""
    found: dict[str, str] = {}
    for name in names:
        found |= dict(re.findall(r"--tc-([\w-]+): (#[0-9a-f]{6}|var\(--tc-[\w-]+\));", (CSS / name).read_text()))
    return {key: found[value[9:-1]] if value.startswith("var") else value for key, value in found.items()}


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.1)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


THEMES = {"light": tokens("tokens.css"), "dark": tokens("tokens.css", "dark.css")}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_stands_out(theme: str, ink: str, ground: str) -> None:
    assert contrast(THEMES[theme][ink], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_and_shapes_stand_out(theme: str, edge: str, ground: str) -> None:
    assert contrast(THEMES[theme][edge], THEMES[theme][ground]) >= 3


def test_every_dark_token_has_a_light_one() -> None:
    names = {
        name: set(re.findall(r"^  (--tc-[\w-]+):", (CSS / name).read_text(), re.M))
        for name in ("tokens.css", "dark.css")
    }
    assert names["dark.css"] - names["tokens.css"] == set()
