"""Write docs/reference/rights.md from the table of rights, the addresses and the roles.

Usage: python scripts/rights.py
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "reference" / "rights.md"
DOORS = {
    "portal": "The public door, and one's own account",
    "healthbook": "The health book",
    "clinic": "The site's floor",
    "office": "The office",
    "api": "What devices and programs call",
    "look": "The look",
}
HEAD = """# Rights

Which role may open which page or endpoint, by reading and by writing, and what bounds it there. Written by
`scripts/rights.py` from `reference_data/rights.yaml`; a test keeps it current, and another walks every address as every
role, with things of one's own and of another place, and as nobody. A page without a row opens for nobody.

## Roles

| Role | Tiếng Việt | Bound by |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    from tiemchung.accounts.rights import table

    parts = [HEAD + "\n".join(_roles()) + "\n"]
    rows, paths = table(), _paths()
    for door in dict.fromkeys([*DOORS, *(name.split(":")[0] for name in rows)]):
        lines = [
            f"| `{name}` | `{paths.get(name, '')}` | {row.what} | {row.scope} | {_who(row.roles)} |"
            for name, row in rows.items()
            if name.split(":")[0] == door
        ]
        if lines:
            head = "| Page | Address | What | Bounded by | Opens for |\n|---|---|---|---|---|\n"
            parts.append(f"\n## {DOORS.get(door, door)}\n\n{head}" + "\n".join(lines) + "\n")
    return "".join(parts)


def _roles() -> Iterable[str]:
    from django.utils.translation import override

    from tiemchung.accounts.roles import AT_FACILITY, LEVEL_OF, OF_NATION, Role

    bounds: dict[Role, str] = dict.fromkeys(AT_FACILITY, "its facility") | dict.fromkeys(OF_NATION, "the nation")
    with override("vi"):
        for role in Role:
            level = LEVEL_OF.get(role)
            bound = f"its {level.name.lower()}" if level else bounds.get(role, "the persons whom it holds")
            yield f"| `{role}` | {role.label} | {bound} |"


def _who(roles: frozenset[str]) -> str:
    from tiemchung.accounts.roles import STAFF, Role

    if set(STAFF) <= roles:
        return "staff" + (", citizen" if Role.CITIZEN in roles else "")
    named = [str(role) for role in Role if role in roles]
    return ", ".join(named) or ("anyone" if roles else "nobody")


def _paths() -> dict[str, str]:
    """The address of each page as it is written, with its arguments in angle brackets."""
    from django.urls import URLResolver, get_resolver

    def walk(resolver: URLResolver, names: tuple[str, ...], before: str) -> Iterable[tuple[str, str]]:
        for one in resolver.url_patterns:
            path = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one, (*names, one.namespace) if one.namespace else names, path)
            else:
                yield ":".join((*names, one.name)), "/" + re.sub(r"<\w+:(\w+)>", r"<\1>", path)

    return dict(walk(get_resolver(), (), ""))


def main() -> None:
    """Write the page."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DATABASE_URL", "postgresql:///none")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    TARGET.write_text(page(), encoding="utf8")
    print(f"{TARGET.relative_to(ROOT)} written")


if __name__ == "__main__":
    main()
