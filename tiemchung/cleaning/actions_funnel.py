"""All writes of counts: the nation counted as it stands now, and the day's funnel, written down once a day."""

from django.db import transaction

from tiemchung.cleaning import lists
from tiemchung.cleaning.funnel import OF_FORM_KINDS, Reach, counted, queries
from tiemchung.cleaning.models import FunnelCount, FunnelDay, TaskCount
from tiemchung.ground import audit, clock, sql

EVERYWHERE: Reach = {"communes": None, "facilities": None}


@transaction.atomic
def count_all() -> int:
    """Count every commune's records and tasks anew, in place of the counts before. Gives the number of records.

    Two counts at one moment take turns: else the later would not see, and so not replace, what the earlier wrote.
    """
    sql.fetch_all(queries["take_turns"])
    now = clock.now()
    FunnelCount.objects.all().delete()
    TaskCount.objects.all().delete()
    sql.execute(queries["count_funnel"], {"now": now, "of_form": OF_FORM_KINDS})
    sql.execute(queries["count_tasks"], {"now": now, "week": now - lists.WEEK})
    return sum(one.sent for one in counted(EVERYWHERE))


@transaction.atomic
def take_funnel() -> int:
    """Count the nation now, for today; again the same day takes the place of the earlier count. Gives the records.

    The day is the one on which the count began, however long it takes.
    """
    now, today = clock.now(), clock.today()
    records = count_all()
    FunnelDay.objects.filter(on=today).delete()
    provinces = counted(EVERYWHERE)
    FunnelDay.objects.bulk_create(
        [FunnelDay(on=today, province_id=one.province, taken_at=now, **one.counts) for one in provinces]
    )
    audit.record("cleaning.take_funnel", by=None, provinces=len(provinces))
    return records
