"""The sixteen priority groups of Decision 3355/QĐ-BYT, from reference_data/priority_groups.yaml."""

from dataclasses import dataclass
from functools import cache

import yaml

from tiemchung.vietnam.reference import reference_file


@dataclass(frozen=True, slots=True)
class PriorityGroup:
    """One group: its number, short name, and who belongs to it (may be empty)."""

    number: int
    vi: str
    vi_more: str
    en: str
    en_more: str


@cache
def priority_groups() -> tuple[PriorityGroup, ...]:
    """All groups in their order, 1 first. Raises ValueError when they are not numbered 1 to 16."""
    content = yaml.safe_load(reference_file("priority_groups.yaml").read_text(encoding="utf-8"))
    found = tuple(PriorityGroup(**row) for row in content["groups"])
    if [group.number for group in found] != list(range(1, 17)):
        raise ValueError("priority_groups.yaml: the groups are not numbered 1 to 16 in order")
    return found
