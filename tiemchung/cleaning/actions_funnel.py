"""The day's funnel, written down once a day; taken again the same day it takes the place of the earlier count."""

from django.db import transaction

from tiemchung.cleaning.funnel import by_province
from tiemchung.cleaning.models import FunnelDay
from tiemchung.ground import audit, clock


@transaction.atomic
def take_funnel() -> int:
    """Count the nation now, for today. Gives the number of records counted."""
    now, today = clock.now(), clock.today()
    FunnelDay.objects.filter(on=today).delete()
    counted = by_province({"communes": None, "facilities": None})
    FunnelDay.objects.bulk_create(
        [FunnelDay(on=today, province_id=one.province, taken_at=now, **one.counts) for one in counted]
    )
    audit.record("cleaning.take_funnel", by=None, provinces=len(counted))
    return sum(one.sent for one in counted)
