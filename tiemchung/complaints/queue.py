"""Which complaints wait for an answer within an account's reach, and which have waited too long?"""

from datetime import timedelta
from typing import Any

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.complaints.reasons import answer_within
from tiemchung.ground import clock, sql

queries = sql.load(__package__)


def waiting(account: Account, limit: int) -> list[dict[str, Any]]:
    """The complaints that wait, the oldest first; `left` is what is left of the 48 hours, below 0 when overdue."""
    rows = sql.fetch_all(queries.queue, {**scope.parameters(account), "limit": limit})
    now = clock.now()
    return [{**row, "left": row["sent_at"] + answer_within() - now, **_due(row, now)} for row in rows]


def _due(row: dict[str, Any], now: Any) -> dict[str, Any]:
    due = row["sent_at"] + answer_within()
    return {"due_at": due, "overdue": due < now, "soon": due - now < timedelta(hours=8)}


def count(account: Account) -> dict[str, int]:
    """How many wait, and how many of these are overdue."""
    row = sql.fetch_one(queries.standing, {**scope.parameters(account), **_overdue()})
    return row or {"waiting": 0, "overdue": 0}


def overdue_below(account: Account, limit: int) -> list[dict[str, Any]]:
    """The sites and communes within reach that are overdue, the most first."""
    return sql.fetch_all(queries.overdue_below, {**scope.parameters(account), **_overdue(), "limit": limit})


def _overdue() -> dict[str, Any]:
    return {"overdue_before": clock.now() - answer_within()}
