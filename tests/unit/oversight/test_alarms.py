"""A clinic's day raises no alarm, however full; a walk through records or numbers does."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.station import Station, open_station, staff
from tiemchung.accounts.models import Account, Role
from tiemchung.ground import audit, clock, origin
from tiemchung.ground.errors import InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry, ReadEntry
from tiemchung.oversight import actions_alarm, alarms
from tiemchung.oversight.models import Alarm, AlarmFinding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def auditor() -> Account:
    return staff(Role.AUDITOR, None, "kiem-toan", "Kiểm toán viên Mai")


def raised() -> list[tuple[str, str, int]]:
    actions_alarm.raise_due()
    return sorted(Alarm.objects.values_list("rule", "who", "counted"))


def looks(by: Account, people: Iterable[UUID], *, over: timedelta, network: str = "203.0.113.0/24") -> None:
    """Somebody opens records at an even pace, the last just now."""
    ids = list(people)
    ReadEntry.objects.bulk_create(
        ReadEntry(at=at, by=by.id, person_id=person, reason="scan", network=network)
        for at, person in zip(moments(len(ids), over), ids, strict=True)
    )


def acts(by: Account, people: Iterable[UUID], *, over: timedelta) -> None:
    ids = list(people)
    AuditEntry.objects.bulk_create(
        AuditEntry(at=at, act="visits.check_in", by=by.id, person_id=person)
        for at, person in zip(moments(len(ids), over), ids, strict=True)
    )


def moments(count: int, over: timedelta) -> list[datetime]:
    now = clock.now()
    return [now - over * (count - 1 - place) / count for place in range(count)]


def people(count: int) -> list[UUID]:
    return [new_id() for _ in range(count)]


def test_a_nurse_with_three_hundred_people_in_a_day_raises_none(station: Station) -> None:
    came = people(300)
    looks(station.nurse, came, over=timedelta(hours=8))
    acts(station.nurse, came[:285], over=timedelta(hours=8))  # the rest was sent home
    for number in range(300):
        audit.looked_up(f"00116{number * 7919 % 10**7:07}", by=station.nurse.id, found=number % 6 != 0)
    assert raised() == []


def test_a_full_site_of_three_tables_raises_none(station: Station) -> None:
    came = people(600)
    looks(station.nurse, came, over=timedelta(hours=8))
    acts(station.nurse, came, over=timedelta(hours=8))
    looks(station.head, came, over=timedelta(minutes=1))  # the day's doses, before they are signed
    acts(station.head, came[:1], over=timedelta(minutes=1))
    assert raised() == []


def test_who_looks_at_many_and_does_nothing_for_them_is_noticed(station: Station) -> None:
    looks(station.nurse, people(70), over=timedelta(minutes=50))
    assert raised() == [("looked_and_did_nothing", str(station.nurse.id), 70)]


def test_the_same_person_again_and_again_is_one_person(station: Station) -> None:
    looks(station.nurse, [new_id()] * 500, over=timedelta(minutes=50))
    assert raised() == []


def test_a_walk_through_records_is_noticed_though_something_is_done(station: Station) -> None:
    seen = people(200)
    looks(station.nurse, seen, over=timedelta(minutes=50))
    acts(station.nurse, seen, over=timedelta(minutes=50))
    assert raised() == [("people_in_an_hour", str(station.nurse.id), 200)]


def test_a_role_that_serves_nobody_has_a_smaller_number(auditor: Account) -> None:
    looks(auditor, people(45), over=timedelta(minutes=50))
    assert raised() == [("people_in_an_hour", str(auditor.id), 45)]


def test_numbers_in_a_row_are_noticed_and_a_family_s_are_not(station: Station) -> None:
    for last in range(6):
        audit.looked_up(f"0110904{last:02}", by=station.nurse.id, found=True)
    assert raised() == []
    audit.looked_up("011090406", by=station.nurse.id, found=False)
    assert raised() == [("numbers_in_a_row", str(station.nurse.id), 7)]


def test_many_numbers_of_nobody_are_noticed(station: Station) -> None:
    for number in range(61):
        audit.looked_up(f"00116{number * 7919 % 10**7:07}", by=station.nurse.id, found=False)
    assert raised() == [("numbers_of_nobody", str(station.nurse.id), 61)]


def test_records_opened_at_night_are_noticed(station: Station, settings: Any) -> None:
    settings.CLOCK_OFFSET += timedelta(hours=13, minutes=30)  # half past eleven in the evening
    looks(station.nurse, people(16), over=timedelta(minutes=50))
    assert raised() == [("people_at_night", str(station.nurse.id), 16)]


def test_who_is_refused_again_and_again_is_noticed(station: Station) -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(at=clock.now(), act="access.refused", by=station.nurse.id) for _ in range(21)
    )
    assert raised() == [("refused_often", str(station.nurse.id), 21)]


def test_a_network_whose_accounts_share_a_walk_is_noticed(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [staff(Role.VACCINATOR, station.facility, f"nv-{number}", "Nhân viên") for number in range(3)]
    rule = alarms.rules()["people_from_one_network"]
    monkeypatch.setitem(rule.more_than, "default", 100)
    for account in many:
        looks(account, people(40), over=timedelta(minutes=50), network="198.51.100.0/24")
    assert raised() == [("people_from_one_network", "198.51.100.0/24", 120)]


def test_an_alarm_is_raised_once_a_day(station: Station, settings: Any) -> None:
    looks(station.nurse, people(70), over=timedelta(minutes=50))
    assert actions_alarm.raise_due() == 1
    assert actions_alarm.raise_due() == 0
    settings.CLOCK_OFFSET += timedelta(days=1)
    looks(station.nurse, people(70), over=timedelta(minutes=50))
    assert actions_alarm.raise_due() >= 1


def look(auditor: Account, finding: str = "work") -> None:
    """The auditor looks at the alarm that waits."""
    actions_alarm.look_at(alarm_id=Alarm.objects.get(findings=None).id, finding=finding, note="", by=auditor)


@pytest.mark.parametrize("finding", AlarmFinding.Finding.values)
def test_a_walk_that_goes_on_after_somebody_looked_is_a_new_alarm(
    station: Station, auditor: Account, settings: Any, finding: str
) -> None:
    looks(station.nurse, people(70), over=timedelta(minutes=50))
    assert actions_alarm.raise_due() == 1
    settings.CLOCK_OFFSET += timedelta(minutes=5)
    look(auditor, finding)
    assert actions_alarm.raise_due() == 0
    settings.CLOCK_OFFSET += timedelta(minutes=20)
    looks(station.nurse, people(60), over=timedelta(minutes=15))
    assert actions_alarm.raise_due() == 0
    looks(station.nurse, people(1), over=timedelta(minutes=1))
    assert actions_alarm.raise_due() == 1
    again = Alarm.objects.get(findings=None)
    assert (again.rule, again.who, again.counted) == ("looked_and_did_nothing", str(station.nurse.id), 61)
    assert again.since == AlarmFinding.objects.get().at
    assert actions_alarm.raise_due() == 0
    assert alarms.open_count() == 1


def test_who_was_looked_at_yesterday_is_not_raised_again_for_the_same(
    station: Station, auditor: Account, settings: Any
) -> None:
    settings.CLOCK_OFFSET += timedelta(hours=13, minutes=45)  # the last quarter before midnight
    rule = "people_in_a_day"
    looks(station.nurse, people(901), over=timedelta(hours=20))
    settings.CLOCK_OFFSET -= timedelta(minutes=clock.now().minute % 15)
    actions_alarm.raise_due()
    for alarm in Alarm.objects.all():
        actions_alarm.look_at(alarm_id=alarm.id, finding="work", note="", by=auditor)
    settings.CLOCK_OFFSET += timedelta(minutes=15)
    before = Alarm.objects.filter(rule=rule).count()
    actions_alarm.raise_due()
    assert (before, Alarm.objects.filter(rule=rule).count()) == (1, 1)


def test_an_old_walk_raises_nothing_any_more(station: Station, settings: Any) -> None:
    looks(station.nurse, people(70), over=timedelta(minutes=50))
    settings.CLOCK_OFFSET += timedelta(days=2)
    assert raised() == []


def test_what_an_alarm_turned_out_to_be_is_a_fact_beside_it(station: Station, auditor: Account) -> None:
    looks(station.nurse, people(70), over=timedelta(minutes=50))
    actions_alarm.raise_due()
    alarm = Alarm.objects.get()
    assert alarms.open_count() == 1
    actions_alarm.look_at(alarm_id=alarm.id, finding="work", note=" đợt tiêm lưu động ", by=auditor)
    assert alarms.open_count() == 0
    assert AlarmFinding.objects.get().note == "đợt tiêm lưu động"
    assert AuditEntry.objects.get(act="oversight.look_at_alarm").detail == {"finding": "work"}


def test_a_finding_that_cannot_be_is_refused_with_the_cure(station: Station, auditor: Account) -> None:
    looks(station.nurse, people(70), over=timedelta(minutes=50))
    actions_alarm.raise_due()
    alarm = Alarm.objects.get().id
    with pytest.raises(NotAllowedError, match="auditors_only"):
        actions_alarm.look_at(alarm_id=alarm, finding="work", note="", by=station.head)
    with pytest.raises(NotFoundError, match="alarm_unknown"):
        actions_alarm.look_at(alarm_id=new_id(), finding="work", note="", by=auditor)
    with pytest.raises(InvalidInputError, match="finding_missing"):
        actions_alarm.look_at(alarm_id=alarm, finding="nothing", note="", by=auditor)
    with pytest.raises(InvalidInputError, match="note_long"):
        actions_alarm.look_at(alarm_id=alarm, finding="work", note="x" * 501, by=auditor)


def test_every_rule_gives_its_reason_and_counts_something(station: Station) -> None:
    assert len(alarms.rules()) == 8
    for rule in alarms.rules().values():
        assert all([rule.vi, rule.en, rule.why_vi, rule.why_en])
        assert rule.over(clock.now()) == []


def test_a_page_that_is_refused_is_an_entry_with_its_origin(station: Station, client: Any) -> None:
    from tests.station import PASSWORD

    client.login(username=station.nurse.username, password=PASSWORD)
    assert client.get("/van-phong/ho-chieu/", REMOTE_ADDR="203.0.113.77").status_code == 403
    entry = AuditEntry.objects.get(act="access.refused")
    assert (entry.by, entry.page, entry.network) == (station.nurse.id, "office:passports", "203.0.113.0/24")
    assert entry.client.startswith("s:")
    assert origin.current() == origin.Origin()
    client.logout()
    client.get("/van-phong/ho-chieu/")
    assert AuditEntry.objects.filter(act="access.refused").count() == 1
