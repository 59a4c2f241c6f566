"""Draw the states of visits and cleaning tasks into docs/reference, from the tables that the code computes by.

Usage: python scripts/states.py
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
TARGET = REFERENCE / "states-visit.md"
CLEANING = REFERENCE / "states-cleaning.md"
_HEAD = """# States of a {thing}

A state is computed from {facts}, never stored. Drawn by `scripts/states.py` from
`{source}`; a test keeps it current.

```mermaid
stateDiagram-v2
"""


def drawing() -> str:
    """The page of visits: a diagram, and the same as a table."""
    from tiemchung.visits.states import TRANSITIONS

    head = _HEAD.format(thing="visit", facts="the visit's facts and the clock", source="tiemchung/visits/states.py")
    return _page(head, TRANSITIONS, ends=("left", "not_today"))


def drawing_of_cleaning() -> str:
    """The page of cleaning tasks."""
    from tiemchung.cleaning.states import TRANSITIONS

    facts = "the task's last step and the person's standing"
    head = _HEAD.format(thing="cleaning task", facts=facts, source="tiemchung/cleaning/states.py")
    return _page(head, TRANSITIONS, ends=("cured",))


def _page(head: str, transitions: Iterable[Any], ends: tuple[str, ...]) -> str:
    arrows = [f"    {each.start or '[*]'} --> {each.end}: {each.by.replace(':', ',')}" for each in transitions]
    rows = [f"| {each.start or '–'} | {each.by} | {each.end} |" for each in transitions]
    table = ["| From | By | To |", "|---|---|---|", *rows]
    return head + "\n".join([*arrows, *(f"    {end} --> [*]" for end in ends), "```", "", *table, ""])


def main() -> None:
    """Write the pages."""
    import django

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    TARGET.write_text(drawing(), encoding="utf8")
    CLEANING.write_text(drawing_of_cleaning(), encoding="utf8")


if __name__ == "__main__":
    main()
