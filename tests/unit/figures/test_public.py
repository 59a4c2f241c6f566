"""Public figures: four that never mix; small ones are hidden, incomplete provinces marked."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.ledger import attested, enrol_keys, given_dose, judged, signed_day
from tests.station import Station, open_station
from tiemchung.doses import actions as doses
from tiemchung.doses.models import DoseFinding
from tiemchung.figures import actions, public
from tiemchung.figures.models import DayCount, ProvinceCount, Snapshot
from tiemchung.figures.public import Counts, Province
from tiemchung.figures.tasks import take_figures
from tiemchung.ground import clock
from tiemchung.ground.models import AuditEntry
from tiemchung.places.models import Area, ProvinceFigure

pytestmark = pytest.mark.django_db
in_practice = pytest.mark.usefixtures("practice")


def hanoi() -> Province:
    actions.take(by=None)
    return next(one for one in public.by_province() if one.code == "01")


def tally(station: Station, count: int) -> None:
    doses.type_tally(session_id=station.session.id, product="AZ", doses=count, by=station.head)


def test_before_the_first_snapshot_all_is_zero() -> None:
    open_station()
    figures = public.latest()
    assert (figures.taken_at, figures.national, figures.days) == (None, Counts(), ())
    assert [one.code for one in figures.provinces] == ["01"]


@in_practice
def test_given_are_tallies_and_recorded_are_entries_of_the_ledger() -> None:
    station = open_station()
    tally(station, 40)
    for _ in range(3):
        given_dose(station, station.person(), clock.today(), session_id=station.session.id)
    assert hanoi().counts == Counts(given=40, recorded=3)


@in_practice
def test_a_dose_entered_from_paper_without_a_session_here_was_given_too() -> None:
    station = open_station()
    tally(station, 40)
    given_dose(station, station.person(), date(2022, 5, 10))
    assert hanoi().counts == Counts(given=41, recorded=1)


@in_practice
def test_verified_and_signed_are_parts_of_recorded() -> None:
    station = open_station()
    enrol_keys(station.facility.id)
    persons = [station.person() for _ in range(4)]
    for person in persons:
        given_dose(station, person, date(2022, 5, 10))
    for person in persons[:3]:
        judged(person)
    judged(persons[3], "wrong", {"sex": "other"})
    attested(station, persons[0], persons[3])
    assert hanoi().counts == Counts(given=4, recorded=4, verified=3, signed=1)


@in_practice
def test_a_corrected_tally_counts_once() -> None:
    station = open_station()
    tally(station, 40)
    tally(station, 44)
    assert hanoi().counts.given == 44


@in_practice
def test_a_corrected_dose_counts_once_and_a_voided_one_not() -> None:
    station = open_station()
    one = given_dose(station, station.person(), date(2022, 5, 10))
    other = given_dose(station, station.person(), date(2022, 5, 10))
    doses.supersede(dose_id=one.id, by=station.head, arm="left")
    doses.void(dose_id=other.id, reason="Nhập nhầm người", by=station.head)
    assert hanoi().counts.recorded == 1
    assert sum(count for _, count in public.latest().days) == 1


@in_practice
def test_an_unresolved_possible_double_counts_once_in_all_figures() -> None:
    station = open_station()
    person = station.person()
    for day in (date(2022, 5, 10), date(2022, 5, 11)):
        moment = clock.now().replace(year=day.year, month=day.month, day=day.day)
        doses.report(
            person_id=person.id, product="AZ", lot_number=station.lot.number, injected_at=moment, by=station.head
        )
    assert DoseFinding.objects.filter(code="possible_double", resolved_at=None).count() == 1
    assert hanoi().counts.recorded == 1
    assert sum(count for _, count in public.latest().days) == 1


@in_practice
def test_a_province_is_incomplete_while_a_session_owes_its_tally_or_entries() -> None:
    station = open_station()
    assert hanoi().incomplete
    tally(station, 1)
    assert hanoi().incomplete
    given_dose(station, station.person(), clock.today(), session_id=station.session.id)
    assert not hanoi().incomplete


def test_a_session_that_lies_ahead_owes_nothing() -> None:
    open_station(on=clock.today() + timedelta(days=1))
    assert not hanoi().incomplete


@in_practice
def test_the_days_have_no_gaps_and_end_today() -> None:
    station = open_station()
    given_dose(station, station.person(), date(2022, 5, 10))
    actions.take(by=None)
    days = public.latest().days
    assert days[0] == (date(2022, 5, 10), 1)
    assert days[-1] == (date(2022, 5, 14), 0)
    assert [day for day, _ in days] == [date(2022, 5, 10) + timedelta(days=at) for at in range(5)]


def province(code: str, **counts: int) -> Province:
    return Province(code, code, Counts(**counts), 0, None, None, False)


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (9, None), (10, 10)])
def test_a_count_from_one_to_nine_is_hidden(count: int, shown: int | None) -> None:
    assert province("01", given=count).shown("given") == shown


def test_the_only_hidden_count_of_a_column_takes_the_next_smallest_with_it() -> None:
    rows = [province("01", given=5), province("02", given=400), province("04", given=30), province("06")]
    found = public.hide_beside(rows)
    assert [one.shown("given") for one in found] == [None, 400, None, 0]
    assert [one.shown("recorded") for one in found] == [0, 0, 0, 0]


@pytest.mark.parametrize("counts", [(5, 6, 30), (20, 30, 40), (0, 0, 0), (5, 0, 0)])
def test_two_hidden_counts_or_none_need_no_third(counts: tuple[int, ...]) -> None:
    rows = [province(f"{at:02}", given=count) for at, count in enumerate(counts)]
    assert public.hide_beside(rows) == [replace(one, beside=frozenset()) for one in rows]


def test_published_figures_come_with_their_date_and_say_when_they_are_incomplete() -> None:
    open_station()
    ProvinceFigure.objects.create(
        province=Area.objects.get(code="01"), as_of=date(2021, 8, 5), population=100, population_18_plus=50, sites=2,
        doses=12, people_once=10, people_twice=2, allocated=20, planned=30, source="s",
    )  # fmt: skip
    [one] = public.by_province()
    assert (one.published_on, one.published_once, one.published_incomplete) == (date(2021, 8, 5), 0.2, True)
    assert public.national() == Counts()


def test_a_day_keeps_its_last_snapshot_and_an_hour_all(settings: Any) -> None:
    start = clock.local(clock.now()).replace(hour=2, minute=0)
    taken = []
    for minutes in (0, 30, 100, 130, 24 * 60, 24 * 60 + 90):
        settings.CLOCK_OFFSET += start + timedelta(minutes=minutes) - clock.now()
        taken.append(actions.take(by=None).id)
    kept = set(Snapshot.objects.values_list("id", flat=True))
    assert kept == {taken[3], taken[4], taken[5]}


@in_practice
def test_what_goes_takes_its_counts_along(settings: Any) -> None:
    signed_day(people=1)
    for _ in range(4):
        actions.take(by=None)
        settings.CLOCK_OFFSET += timedelta(hours=1)
    snapshots = set(Snapshot.objects.values_list("id", flat=True))
    assert len(snapshots) == 2
    assert set(ProvinceCount.objects.values_list("snapshot_id", flat=True)) == snapshots
    assert set(DayCount.objects.values_list("snapshot_id", flat=True)) <= snapshots


def test_the_worker_takes_one_and_the_audit_says_so() -> None:
    take_figures(0)
    assert AuditEntry.objects.get(act="figures.take").subject == Snapshot.objects.get().id == public.newest()
