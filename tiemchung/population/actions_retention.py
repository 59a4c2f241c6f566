"""Single questions go when their time is over, piece by piece: what was killed in between goes on with the next."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tiemchung.ground import clock, sql
from tiemchung.population import acts, retention

AT_ONCE = 10_000  # questions looked at in one transaction
queries = sql.load(__package__)


def prune_questions() -> int:
    """Let go the questions that nothing is kept for any more (`retention`). Gives how many."""
    rule = retention.rule()
    before = clock.now() - timedelta(days=rule.days)
    total, place = 0, (before.replace(year=2000), UUID(int=0))
    while found := _prune(before, place, rule):
        total, place = total + found[0], found[1:]
    return total


@transaction.atomic
def _prune(before: datetime, place: tuple[datetime, UUID], rule: retention.Rule) -> tuple[int, datetime, UUID] | None:
    """Prune the next piece after `place`. Gives how many went and where it ended; None at the end."""
    wanted = {"before": before, "after_at": place[0], "after": place[1], "limit": AT_ONCE}
    found = sql.fetch_tuples(queries["prune_questions"], wanted | {"last_stays": list(rule.last_stays)})
    if not found:
        return None
    ((gone, at, last),) = found
    if gone:
        acts.note("prune", officer=None, questions=gone)
    return gone, at, last
