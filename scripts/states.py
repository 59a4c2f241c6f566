"""Draw the states of a visit into docs/reference/states-visit.md, from the table that the code computes by.

Usage: python scripts/states.py
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "reference" / "states-visit.md"
_HEAD = """# States of a visit

A state is computed from the visit's facts and the clock, never stored. Drawn by `scripts/states.py` from
`tiemchung/visits/states.py`; a test keeps it current.

```mermaid
stateDiagram-v2
"""


def drawing() -> str:
    """The whole page: a diagram, and the same as a table."""
    from tiemchung.visits.states import TRANSITIONS

    arrows = [f"    {each.start or '[*]'} --> {each.end}: {each.by.replace(':', ',')}" for each in TRANSITIONS]
    rows = [f"| {each.start or '–'} | {each.by} | {each.end} |" for each in TRANSITIONS]
    table = ["| From | By | To |", "|---|---|---|", *rows]
    return _HEAD + "\n".join([*arrows, "    left --> [*]", "    not_today --> [*]", "```", "", *table, ""])


def main() -> None:
    """Write the page."""
    import django

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    TARGET.write_text(drawing(), encoding="utf8")


if __name__ == "__main__":
    main()
