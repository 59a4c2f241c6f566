"""Which duplicates wait for somebody's decision, and what speaks for and against each? Within an account's reach."""

import json
from typing import Any
from uuid import UUID

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.ground import sql
from tiemchung.identity.deciding import queries
from tiemchung.identity.models import Duplicate, DuplicateScan


def waiting(account: Account, kind: str, limit: int) -> list[dict[str, Any]]:
    """The duplicates of a kind that the account may decide, the most likely first."""
    rows = sql.fetch_all(queries.listed, {**_reach(account), "kind": kind, "limit": limit})
    return [{**row, "evidence": json.loads(row["evidence"])} for row in rows]


def count(account: Account) -> dict[str, int]:
    """How many of each kind the account may decide."""
    found = {row["kind"]: row["pairs"] for row in sql.fetch_all(queries.counted, _reach(account))}
    return {kind: found.get(kind, 0) for kind in Duplicate.Kind.values}


def merged_lately(account: Account, limit: int) -> list[dict[str, Any]]:
    """Merges that stand within the account's reach, the latest first."""
    return sql.fetch_all(queries.merged_lately, {**_reach(account), "limit": limit})


def latest_scan() -> DuplicateScan | None:
    """The last search that came to its end."""
    return DuplicateScan.objects.exclude(ended_at=None).order_by("-started_at").first()


def pair(duplicate_id: UUID) -> Duplicate | None:
    """One duplicate with both records."""
    return Duplicate.objects.select_related("one__residence", "other__residence").filter(id=duplicate_id).first()


def _reach(account: Account) -> dict[str, Any]:
    return {"scope_areas": scope.parameters(account)["scope_areas"]}
