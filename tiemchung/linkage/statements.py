"""The SQL of matching: named statements beside this code, kept to what Spark SQL says too but for a few function names.

A statement begins with `-- name --`. `{side}` stands for `left` or `right`; other words in braces are given by the
caller. Nothing that comes from data is put into a statement.
"""

import re
from functools import cache
from pathlib import Path

_HEADER = re.compile(r"^-- (\w+) --$", re.MULTILINE)


@cache
def _all() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((Path(__file__).parent / "queries").glob("*.sql")):
        _, *parts = _HEADER.split(path.read_text(encoding="utf-8"))
        found |= dict(zip(parts[::2], parts[1::2], strict=True))
    return found


def statement(name: str, /, **words: str) -> str:
    """Give the statement of a name with its words in braces put in; KeyError where there is none."""
    text = _without_sentences(_all()[name])
    for word, value in words.items():
        text = text.replace("{" + word + "}", value)
    return text


def names(beginning: str) -> list[str]:
    """Give the names of all statements that begin so, in the order of files and lines."""
    return [name for name in _all() if name.startswith(beginning)]


def _without_sentences(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--")).strip()
