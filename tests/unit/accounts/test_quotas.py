"""Nobody looks without end: what is over quota is refused with the time when it goes on, and is a fact."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.station import open_station
from tiemchung.accounts import quotas
from tiemchung.accounts.actions_quotas import forget_old_counters, spend, used
from tiemchung.accounts.models_access import Spent
from tiemchung.accounts.quotas import Quota
from tiemchung.ground.errors import NotFoundError, TooManyError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.people import lookup

pytestmark = pytest.mark.django_db
HOUR = Quota("hour", timedelta(hours=1), 3)
DAY = Quota("day", timedelta(days=1), 5)


@pytest.fixture(autouse=True)
def _at_nine(settings: Any) -> None:
    settings.CLOCK_OFFSET = datetime(2022, 5, 14, 2, 0, tzinfo=UTC) - datetime.now(UTC)


def test_a_quota_is_used_up_and_comes_back_with_the_next_window(settings: Any) -> None:
    who = new_id()
    for _ in range(3):
        spend(by=who, of=[HOUR, DAY])
    with pytest.raises(TooManyError) as refused:
        spend(by=who, of=[HOUR, DAY])
    assert 3500 < refused.value.retry_after <= 3600
    assert "10:00" in refused.value.vi
    settings.CLOCK_OFFSET += timedelta(hours=1)
    spend(by=who, of=[HOUR, DAY])
    with pytest.raises(TooManyError) as refused:
        spend(by=who, of=[HOUR, DAY])
    assert refused.value.retry_after > 3600  # the day is used up: five of five, and one that was refused


def test_one_account_does_not_use_anothers() -> None:
    one, other = new_id(), new_id()
    for _ in range(3):
        spend(by=one, of=[HOUR])
    spend(by=other, of=[HOUR])
    assert (used(one, [HOUR]), used(other, [HOUR])) == ({"hour": 3}, {"hour": 1})


def test_going_over_is_one_fact_for_each_window() -> None:
    who = new_id()
    for _ in range(9):
        try:
            spend(by=who, of=[HOUR])
        except TooManyError:
            continue
    entry = AuditEntry.objects.get(act="accounts.over_quota")
    assert (entry.by, entry.detail) == (who, {"kind": "hour", "most": 3})


def test_a_day_begins_at_midnight_in_viet_nam() -> None:
    assert DAY.window(datetime(2022, 5, 14, 2, tzinfo=UTC)) == datetime(2022, 5, 13, 17, tzinfo=UTC)
    assert HOUR.window(datetime(2022, 5, 14, 2, 59, 59, tzinfo=UTC)) == datetime(2022, 5, 14, 2, tzinfo=UTC)


def test_old_counters_are_deleted_and_those_of_this_month_are_not(settings: Any) -> None:
    spend(by=new_id(), of=[DAY])
    assert forget_old_counters(by=None) == 0
    settings.CLOCK_OFFSET += quotas.KEPT + timedelta(days=1)
    assert forget_old_counters(by=None) == 1
    assert not Spent.objects.exists()


def test_looking_people_up_by_number_has_a_quota_whether_somebody_is_found_or_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    station = open_station()
    person = station.person(identity_numbers=(("cccd", "001167000999"),))
    monkeypatch.setattr(quotas, "look_up", lambda: (Quota("look_up_hour", timedelta(hours=1), 2),))
    assert lookup.by_scan("001167000999", by=station.nurse.id).person == person
    with pytest.raises(NotFoundError):
        lookup.by_scan("001167000998", by=station.nurse.id)
    with pytest.raises(TooManyError):
        lookup.by_scan("001167000999", by=station.nurse.id)
    assert lookup.by_scan("001167000999", by=station.head.id).person == person


def test_the_quotas_of_look_ups_stand_in_reference_data_and_leave_room_for_a_full_day() -> None:
    hour, day = quotas.look_up()
    assert (hour.length, day.length) == (timedelta(hours=1), timedelta(days=1))
    assert hour.most >= 180
    assert day.most >= 1500
