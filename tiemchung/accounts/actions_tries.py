"""Counting tries before they are made, so that a hundred at one moment are a hundred and not one."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tiemchung.accounts import lock_out
from tiemchung.accounts.lock_out import Counted
from tiemchung.accounts.models import Account
from tiemchung.accounts.models_sign_in import Tries
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import TooManyError
from tiemchung.ground.sql import execute, fetch_all, load

_sql = load("tiemchung.accounts")


def take_try(
    *,
    counts: Sequence[Counted],
    refuse: Callable[[datetime], TooManyError],
    username: str = "",
    by: UUID | None = None,
) -> None:
    """Count one try, or refuse it because an earlier one still waits. Raises what `refuse` makes of the time.

    The first try after which others must wait is written into the audit log, with the account of `username`, if it is
    one's, as its subject.
    """
    until = _count(counts, username, by)
    if until is not None:
        raise refuse(until)


@transaction.atomic
def give_back(*, counts: Sequence[Counted]) -> None:
    """The try was none: what was tried is right. Writes no audit row: nothing happened."""
    _lock(counts)
    execute(_sql.give_back, {"keys": [one.key for one in counts]})


@transaction.atomic
def clear(*, counts: Sequence[Counted]) -> None:
    """After a success forget one's own wrong tries, and take back this try from counts that strangers share."""
    _lock(counts)
    own = {one.key for one in lock_out.own(counts)}
    Tries.objects.filter(key__in=own).delete()
    give_back(counts=[one for one in counts if one.key not in own])


@transaction.atomic
def forget_old(*, by: UUID | None) -> int:
    """Delete counts whose window is over. Gives how many; no audit row: they said nothing any more."""
    del by
    return execute(_sql.forget_old, {"before": clock.now() - lock_out.WINDOW})


def _lock(counts: Sequence[Counted]) -> None:
    """Take the rows in the order in which a try is counted, or two who sign in at one moment wait for each other."""
    list(Tries.objects.select_for_update().filter(key__in=[one.key for one in counts]).order_by("key").values("key"))


@transaction.atomic
def _count(counts: Sequence[Counted], username: str, by: UUID | None) -> datetime | None:
    keys, now = [one.key for one in counts], clock.now()
    waiting = Tries.objects.select_for_update().filter(key__in=keys, until__gt=now).order_by("key")
    if found := [row.until for row in waiting if row.until]:
        return max(found)
    rows = fetch_all(_sql.count, {"keys": keys, "now": now, "window": now - lock_out.WINDOW})
    for row in rows:
        _let_wait(next(one for one in counts if one.key == row["key"]), row["count"], now, username, by)
    return None


def _let_wait(one: Counted, count: int, now: datetime, username: str, by: UUID | None) -> None:
    wait = one.bucket.wait(count)
    if wait is None:
        return
    Tries.objects.filter(key=one.key).update(until=now + wait)
    if count == one.bucket.free:
        subject = Account.objects.filter(username=username).values_list("id", flat=True).first() if username else None
        audit.record("accounts.lock_out", by=by, subject=subject, kind=one.bucket.kind, tries=count)
