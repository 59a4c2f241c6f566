"""On what does an officer rest his word? The list is reference data."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

TABLE = Path(__file__).resolve().parents[2] / "reference_data" / "confirmation_grounds.yaml"


@dataclass(frozen=True)
class Ground:
    """A legal ground, by its code, in both languages; `of_register`: nothing beside the register was looked at."""

    code: str
    vi: str
    en: str
    of_register: bool = False


@cache
def table() -> dict[str, Ground]:
    """Every ground by its code, in the order in which it is offered."""
    rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {row["code"]: Ground(**row) for row in rows}
