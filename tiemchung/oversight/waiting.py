"""Has anything waited too long: rows for a seal, seals for their publication? A sealer that is dead must be noticed."""

from datetime import datetime, timedelta
from pathlib import Path

from tiemchung.ground import clock, sql
from tiemchung.oversight import publishing
from tiemchung.oversight.ledgers import queries
from tiemchung.oversight.models import Seal

LONGEST = timedelta(minutes=5)  # the worker seals and publishes every minute


def unsealed_since(until: int) -> datetime | None:
    """When the first act or look was written that no seal covers, if that is too long ago.

    `until` is the transaction that the last seal ends before. Whatever is written has such an entry beside it.
    """
    row = sql.fetch_one(queries["first_waiting"], {"until": until})
    return _if_long_ago(row["since"] if row else None)


def unpublished_since(folder: Path) -> datetime | None:
    """When the first seal was made that the folder lacks, if that is too long ago."""
    last = max((seal.number for seal in publishing.published(folder)), default=0)
    first = Seal.objects.filter(number__gt=last).order_by("number").first()
    return _if_long_ago(first.made_at if first else None)


def _if_long_ago(moment: datetime | None) -> datetime | None:
    return moment if moment and clock.now() - moment > LONGEST else None
