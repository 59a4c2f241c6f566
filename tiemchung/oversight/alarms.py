"""When is what somebody does no work any more? Rules as data: a count over the logs, a number to exceed."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from tiemchung.ground import clock, sql

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

    def over(self, now: datetime, after: datetime | None = None) -> "list[Excess]":
        """Who did more than the rule lets pass, in the time up to now; of that time only what came `after`."""
        since = max(now - timedelta(minutes=self.minutes), after or datetime.min.replace(tzinfo=UTC))
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

    @property
    def who(self) -> str:
        """The account's id, or the network."""
        return str(self.account_id or self.network)


@dataclass(frozen=True)
class Heard:
    """What became of the alarms about somebody by one rule: one of today that waits, and the last look at any."""

    waits: bool
    looked_at: datetime | None


def heard(now: datetime) -> dict[tuple[str, str], Heard]:
    """By rule and whom it is about, of the alarms of today and yesterday: a longer time no rule counts over."""
    rows = sql.fetch_all(queries["heard"], {"now": now, "today": clock.local(now).date()})
    return {(row["rule"], row["who"]): Heard(row["waits"], row["looked_at"]) for row in rows}


def due(now: datetime) -> list[Excess]:
    """What there is to raise: once while it waits; after somebody looked, what was done since counts anew."""
    known = heard(now)
    found = [over for rule in rules().values() if rule.is_due(now) for over in rule.over(now)]
    return [new for over in found if (new := _unheard(over, known.get((over.rule.code, over.who)), now))]


def _unheard(over: Excess, heard: Heard | None, now: datetime) -> Excess | None:
    """The excess as far as nobody has heard of it."""
    if heard is None:
        return over
    if heard.waits:
        return None
    return next((again for again in over.rule.over(now, after=heard.looked_at) if again.who == over.who), None)


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
