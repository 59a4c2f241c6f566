"""A word that is not in the glossary may not name a folder."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What a tool prescribes is not ours to name.
PRESCRIBED = {"__pycache__", "migrations", "static", "templates", "templatetags", "locale", "vendor", "node_modules"}


def _folders() -> set[str]:
    """Every folder of ours under the package and the tests, but below what a tool prescribes."""
    return {
        path.name
        for top in ("tiemchung", "tests", "benchmarks", "reference_data")
        for path in (ROOT / top).rglob("*")
        if path.is_dir() and not PRESCRIBED & set(path.relative_to(ROOT).parts)
    }


def test_every_folder_is_a_word_of_the_glossary() -> None:
    words = set(re.findall(r"[a-z0-9_]+", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").lower()))
    plural = {f"{word}s" for word in words} | {f"{word[:-1]}ies" for word in words if word.endswith("y")}
    assert _folders() - words - plural == set()
