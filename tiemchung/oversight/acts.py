"""What does an entry of the logs say in words? As an auditor reads it: the act, and what was noted with it."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml
from django.utils.translation import get_language

from tiemchung.vietnam.reference import reference_file


def word(act: str) -> str:
    """The act in the reader's language; its code where it has no word, as an earlier version may have written it."""
    said = words().get(act)
    return said["en" if (get_language() or "").startswith("en") else "vi"] if said else act


@cache
def words() -> dict[str, dict[str, str]]:
    """Every act by its code, in both languages."""
    found: dict[str, dict[str, str]] = yaml.safe_load(reference_file("acts.yaml").read_text(encoding="utf-8"))
    return found


def noted(detail: str) -> str:
    """What was noted with an act, as `name: value` side by side; counts of nothing are left out."""
    return ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in _flat(json.loads(detail or "{}")))


def _flat(detail: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in detail.items():
        if isinstance(value, dict):
            yield from _flat(value)
        elif value not in (0, "", None):
            yield name, value
