"""When is what somebody does no work any more? Rules as data: a count over the logs, a number to exceed."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from tiemchung.ground import sql

TABLE = Path(__file__).resolve().parents[2] / "reference_data" / "alarms.yaml"
queries = sql.load(__package__)


@dataclass(frozen=True)
class Rule:
    """One rule: what is counted over which time, and how much of it each role may."""

    code: str
    counts: str  # a statement of queries/alarms.sql
    minutes: int
    every_minutes: int
    more_than: dict[str, int]
    vi: str
    en: str
    why_vi: str
    why_en: str

    def __hash__(self) -> int:
        return hash(self.code)

    def is_due(self, now: datetime) -> bool:
        """Say whether the rule is looked at in this minute: long times are looked at less often."""
        return now.minute % self.every_minutes == 0

    def over(self, now: datetime) -> "list[Excess]":
        """Who did more than the rule lets pass, in the time up to now."""
        since = now - timedelta(minutes=self.minutes)
        asked = {"since": since, "until": now, "limits": json.dumps(self.more_than)}
        rows = sql.fetch_all(queries[self.counts], asked)
        return [Excess(self, since=since, until=now, **row) for row in rows]


@dataclass(frozen=True)
class Excess:
    """Somebody who did more than a rule lets pass."""

    rule: Rule
    since: datetime
    until: datetime
    account_id: UUID | None
    network: str
    counted: int
    more_than: int


@cache
def rules(path: Path = TABLE) -> dict[str, Rule]:
    """The rules by code. Raises ValueError for one that counts what no statement counts, or lacks its default."""
    found = [Rule(**row) for row in yaml.safe_load(path.read_text(encoding="utf-8"))]
    for rule in found:
        if rule.counts not in {query.name for query in queries} or "default" not in rule.more_than:
            raise ValueError(f"alarms.yaml: {rule.code} counts nothing that is known, or has no default")
    return {rule.code: rule for rule in found}


def open_count() -> int:
    """How many alarms nobody has looked at: for the auditor's first page and the response centre."""
    row: dict[str, Any] | None = sql.fetch_one(queries["open"])
    return int(row["alarms"]) if row else 0
