"""Spending quotas, and forgetting old counters."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from tiemchung.accounts import quotas
from tiemchung.accounts.models_access import Spent
from tiemchung.accounts.quotas import Quota
from tiemchung.ground import audit, clock, sql

queries = sql.load(__package__)


def spend(*, by: UUID, of: Sequence[Quota]) -> None:
    """Count one use of each quota. Raises TooManyError, with when to try again, for the first that is used up.

    The first use beyond a quota is an entry of the audit log, one for each window. Call it outside a transaction that
    the refusal undoes: else the entry is lost, though the refusal stands.
    """
    now = clock.now()
    asked = {"account": by, "kinds": [one.kind for one in of], "windows": [one.window(now) for one in of]}
    with transaction.atomic():
        uses = {row["kind"]: row["uses"] for row in sql.fetch_all(queries["spend"], asked)}
        beyond = [one for one in of if uses[one.kind] > one.most]
        for one in beyond:
            if uses[one.kind] == one.most + 1:
                audit.record("accounts.over_quota", by=by, subject=by, kind=one.kind, most=one.most)
    if beyond:
        raise quotas.over(max(beyond, key=lambda one: one.length), now)


def used(account_id: UUID, of: Sequence[Quota]) -> dict[str, int]:
    """How much of each quota is used in the window that runs."""
    now = clock.now()
    asked = {"account": account_id, "kinds": [one.kind for one in of], "windows": [one.window(now) for one in of]}
    found = {row["kind"]: row["uses"] for row in sql.fetch_all(queries["used"], asked)}
    return {one.kind: found.get(one.kind, 0) for one in of}


@transaction.atomic
def forget_old_counters(*, by: UUID | None) -> int:
    """Delete counters that nobody asks for any more; gives their number."""
    gone, _ = Spent.objects.filter(begins_at__lt=clock.now() - quotas.KEPT).delete()
    audit.record("accounts.forget_counters", by=by, count=gone)
    return gone
