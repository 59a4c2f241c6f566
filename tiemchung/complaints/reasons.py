"""On what grounds may a complaint be refused, and how long may an answer take? reference_data/refusal_reasons.yaml."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[2] / "reference_data" / "refusal_reasons.yaml"


@dataclass(frozen=True)
class Reason:
    """One ground: its code, and what the citizen is told, with the cure."""

    code: str
    vi: str
    en: str


@cache
def _table() -> dict[str, Any]:
    return dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))


@cache
def reasons() -> dict[str, Reason]:
    """The thirteen grounds by code, in the order of the dispatch."""
    return {row["code"]: Reason(row["code"], row["vi"], row["en"]) for row in _table()["reasons"]}


@cache
def answer_within() -> timedelta:
    """How long an answer may take."""
    return timedelta(hours=int(_table()["hours_to_answer"]))
