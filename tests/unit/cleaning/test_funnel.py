"""The table and the leagues: what was counted for all together says what a count of now says, for each account."""

from datetime import timedelta
from typing import Any

import pytest

from tests.ledger import judged
from tests.station import Station, open_station
from tests.unit.cleaning.tasks import worker
from tests.unit.people.made import declared
from tiemchung.accounts.models import Account, Role
from tiemchung.cleaning import actions, actions_funnel, funnel, lists
from tiemchung.cleaning.models import FunnelCount, TaskCount
from tiemchung.cleaning.reach import parameters
from tiemchung.cleaning.tasks import count_all
from tiemchung.people.models import IdentityNumber, Person
from tiemchung.people.policy import Source

pytestmark = pytest.mark.django_db
NATION = {"communes": None, "facilities": None}


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def registry(station: Station, settings: Any) -> list[Person]:
    """One of each standing, one abroad, one of no known residence, one of another province; a task that was cured."""
    elsewhere = station.person(residence_code="", identity_numbers=())
    people = [station.person() for _ in range(6)]
    people += [station.person(nationality="LA"), station.person(identity_numbers=()), elsewhere]
    judged(people[0])
    judged(people[1], "wrong", {"sex": "other", "birth_date": "day_month_swap"})
    judged(people[2], "unknown")
    malformed(people[3])
    judged(people[4], "wrong", {"sex": "other"})
    actions.settle(person_ids=[one.id for one in people])
    settings.CLOCK_OFFSET += timedelta(minutes=1)
    judged(people[4])
    actions.settle(person_ids=[people[4].id])
    return people


def malformed(person: Person) -> None:
    """Let the person's number be one that can be none, as an older registry may have it, and nobody's."""
    number = IdentityNumber.objects.get(person=person)
    number.value = "123456789012345"
    number.save()
    judged(person, "unknown")


def accounts(station: Station) -> list[Account]:
    roles = (Role.MINISTRY, Role.PROVINCE_HEALTH_DEPARTMENT, Role.DISTRICT, Role.COMMUNE_HEALTH_STATION)
    return [worker(role, station) for role in roles]


def rows(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted(tuple(sorted((name, str(value)) for name, value in row.items())) for row in found)


def test_what_was_counted_says_what_a_count_of_now_says(registry: list[Person], station: Station) -> None:
    known, leagues = accounts(station), (lists.league, lists.league_of_sites)
    now = [
        (funnel.live(reach), rows(funnel.live_kinds(reach)), *(rows(each(one)) for each in leagues))
        for one in known
        for reach in [parameters(one)]
    ]
    assert actions_funnel.count_all() == 8
    counted = [
        (funnel.by_province(reach), rows(funnel.kinds(reach)), *(rows(each(one)) for each in leagues))
        for one in known
        for reach in [parameters(one)]
    ]
    for before, after in zip(now, counted, strict=True):
        assert sorted(map(str, before[0])) == sorted(map(str, after[0]))
        assert before[1:] == after[1:]
    assert sum(one.sent for one in now[0][0]) == 8
    assert sum(one.sent for one in now[-1][0]) == 7


def test_each_standing_has_a_row_and_none_is_counted_twice(registry: list[Person]) -> None:
    whole = funnel.total(funnel.live(NATION))
    assert (whole.sent, whole.with_number, whole.without_number, whole.malformed) == (8, 5, 2, 1)
    assert (whole.right, whole.wrong, whole.unchecked) == (2, 2, 1)
    assert whole.right + whole.wrong + whole.unchecked == whole.with_number


def test_causes_are_told_by_province(registry: list[Person]) -> None:
    by_province = {(row["province"], row["field"], row["kind"]): row["tasks"] for row in funnel.live_kinds(NATION)}
    assert by_province["01", "sex", "other"] == 1
    assert {row["field"] for row in funnel.over_provinces(funnel.live_kinds(NATION))} == {"sex", "birth_date", "number"}


def test_behind_each_cause_of_a_province_stand_the_tasks_of_those_who_live_there(
    registry: list[Person], station: Station
) -> None:
    """Not of those who were vaccinated there and live nobody knows where."""
    ministry = worker(Role.MINISTRY, station)
    told = funnel.live_kinds(NATION)
    assert {row["province"] for row in told if row["kind"] == "missing"} == {"01", None}
    for row in told:
        place = row["province"] or funnel.NOWHERE
        assert len(lists.page(ministry, field=row["field"], kind=row["kind"], place=place)) == row["tasks"]
    everywhere = lists.page(ministry, field="number", kind="missing")
    assert len(everywhere) == sum(row["tasks"] for row in told if row["kind"] == "missing")


def test_a_page_says_of_when_its_counts_are_and_a_facility_is_counted_at_the_look(
    registry: list[Person], station: Station, settings: Any
) -> None:
    assert funnel.as_of(NATION) is None
    count_all(0)
    before = funnel.as_of(NATION)
    assert before is not None
    assert funnel.as_of(parameters(station.head)) is None
    settings.CLOCK_OFFSET += timedelta(minutes=15)
    declared(Source.SITE, identity_numbers=(), full_name="Lê Thị Sáu")
    assert funnel.total(funnel.by_province(NATION)).sent == 8
    count_all(0)
    assert funnel.total(funnel.by_province(NATION)).sent == 9
    assert funnel.as_of(NATION) > before


def test_counting_again_takes_the_place_of_the_counts_before(registry: list[Person]) -> None:
    actions_funnel.count_all()
    sizes = FunnelCount.objects.count(), TaskCount.objects.count()
    actions_funnel.count_all()
    assert (FunnelCount.objects.count(), TaskCount.objects.count()) == sizes
