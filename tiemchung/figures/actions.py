"""All writes to figures: taking a snapshot."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tiemchung.figures.models import Snapshot
from tiemchung.ground import audit, clock, sql

SHOWN = timedelta(days=60)
queries = sql.load(__package__)


@transaction.atomic
def take(*, by: UUID | None) -> Snapshot:
    """Count everything as it stands now."""
    snapshot = Snapshot.objects.create(taken_at=clock.now())
    sql.execute(queries["count_provinces"], {"snapshot": snapshot.id, "today": clock.today()})
    sql.execute(queries["count_days"], {"snapshot": snapshot.id, "since": _first_midnight()})
    sql.execute(queries["drop_old"], {"before": clock.now() - timedelta(hours=1)})
    audit.record("figures.take", by=by, subject=snapshot.id)
    return snapshot


def _first_midnight() -> datetime:
    """When the first day that is shown began in Viet Nam: a day is counted whole or not at all."""
    return clock.local(clock.now() - SHOWN).replace(hour=0, minute=0, second=0, microsecond=0)
