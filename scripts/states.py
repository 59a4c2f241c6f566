"""Draw the states of visits, cleaning tasks and complaints into docs/reference, from the tables that code computes by.

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
COMPLAINTS = REFERENCE / "states-complaint.md"
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


def drawing_of_complaints() -> str:
    """The page of complaints."""
    from tiemchung.complaints.states import ENDS, TRANSITIONS, Transition

    head = _HEAD.format(thing="complaint", facts="its steps and the clock", source="tiemchung/complaints/states.py")
    steps = [Transition(start, by, end) for start, acts in TRANSITIONS.items() for by, end in acts.items()]
    return _page(head, [Transition(None, "sent", steps[0].start), *steps], ends=tuple(ENDS))


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
    COMPLAINTS.write_text(drawing_of_complaints(), encoding="utf8")


if __name__ == "__main__":
    main()
