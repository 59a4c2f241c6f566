"""Two who count the nation at one moment, and a count that lasts beyond midnight."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from tests.station import open_station
from tiemchung.cleaning import actions_funnel
from tiemchung.cleaning.models import FunnelCount, FunnelDay
from tiemchung.ground import clock

WAITING = """SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
             WHERE NOT granted AND datname = current_database()"""


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return int(cursor.fetchone()[0])


def count_and_leave() -> int:
    try:
        return actions_funnel.count_all()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_counts_at_one_moment_leave_one() -> None:
    open_station().person()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert actions_funnel.count_all() == 1
            other = pool.submit(count_and_leave)
            while not (other.done() or waiting()):
                pass
        assert other.result() == 1
    assert FunnelCount.objects.count() == 1


@pytest.mark.django_db
def test_a_count_that_lasts_beyond_midnight_is_of_the_day_on_which_it_began(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_station().person()
    began, count = clock.today(), actions_funnel.count_all

    def at_length() -> int:
        settings.CLOCK_OFFSET += timedelta(days=1)
        return count()

    monkeypatch.setattr(actions_funnel, "count_all", at_length)
    assert actions_funnel.take_funnel() == 1
    assert set(FunnelDay.objects.values_list("on", flat=True)) == {began}
