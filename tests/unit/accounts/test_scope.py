"""What lies within an account's reach: one facility, an area with all that lies in it, or the nation."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.station import account_of, commune, open_station, staff
from tiemchung.accounts import scope
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.roles import AT_FACILITY, IN_AREA, OF_NATION, STAFF, WRITES_AT_FACILITY
from tiemchung.ground.errors import NotAllowedError
from tiemchung.places.actions import open_facility
from tiemchung.places.models import Area, Facility

pytestmark = pytest.mark.django_db


def elsewhere() -> Facility:
    """A facility of another province, with its commune and district."""
    for code, level, parent in [("79", 1, None), ("760", 2, "79"), ("26734", 3, "760")]:
        values = {"level": level, "name": code, "parent_id": parent, "folded": code, "sort_key": code}
        Area.objects.get_or_create(code=code, defaults=values)
    return open_facility(
        code="79001", name="Trạm khác", kind=Facility.Kind.COMMUNE_STATION, area_code="26734",
        address="x", tables=1, daily_capacity=100, by=None,
    )  # fmt: skip


def test_staff_see_and_act_at_their_own_facility_and_at_no_other() -> None:
    here, there = open_station(), open_station()
    for account in (here.nurse, here.head):
        assert scope.can_act_at(account, here.facility.id)
        assert not scope.can_act_at(account, there.facility.id)
        assert not scope.can_see_facility(account, there.facility.id)


@pytest.mark.parametrize("role", IN_AREA)
def test_an_area_holds_its_own_facilities_and_areas_and_no_others(role: Role) -> None:
    here, there, account = open_station().facility, elsewhere(), account_of(role)
    assert scope.can_see_facility(account, here.id)
    assert not scope.can_see_facility(account, there.id)
    assert scope.can_see_area(account, commune().code)
    assert not scope.can_see_area(account, there.area_id)


def test_an_area_does_not_hold_the_one_that_it_lies_in() -> None:
    station = account_of(Role.COMMUNE_HEALTH_STATION)
    assert [scope.can_see_area(station, code) for code in ("00001", "001", "01")] == [True, False, False]
    assert scope.can_see_area(account_of(Role.DISTRICT), "00001")
    assert not scope.can_see_area(account_of(Role.DISTRICT), "01")


@pytest.mark.parametrize("role", OF_NATION)
def test_the_nations_accounts_see_every_facility_and_area(role: Role) -> None:
    there, account = elsewhere(), account_of(role)
    assert scope.can_see_facility(account, there.id)
    assert scope.can_see_area(account, "79")


def test_a_citizen_reaches_nothing_of_staff() -> None:
    citizen, facility = account_of(Role.CITIZEN), open_station().facility
    assert not scope.can_see_facility(citizen, facility.id)
    assert not scope.can_see_area(citizen, facility.area_id)
    assert scope.parameters(citizen) == {"scope_facilities": [], "scope_areas": []}


@pytest.mark.parametrize("role", sorted(set(STAFF) - set(AT_FACILITY) - WRITES_AT_FACILITY))
def test_who_only_looks_writes_at_no_facility(role: Role) -> None:
    facility, account = open_station().facility, account_of(role)
    assert scope.can_see_facility(account, facility.id)
    assert not scope.can_act_at(account, facility.id)


@pytest.mark.parametrize("role", list(Role))
def test_the_three_ways_to_ask_answer_alike(role: Role) -> None:
    """One thing, a query set and a statement's parameters: for every facility and area there is."""
    open_station()
    elsewhere()
    account = account_of(role)
    asked = scope.parameters(account)
    for facility in Facility.objects.all():
        answers = {
            scope.can_see_facility(account, facility.id),
            scope.facilities(account).filter(id=facility.id).exists(),
            by_statement("uuid", asked["scope_facilities"], facility.id),
        }
        assert len(answers) == 1, facility
    for area in Area.objects.all():
        answers = {scope.can_see_area(account, area.code), by_statement("text", asked["scope_areas"], area.code)}
        assert len(answers) == 1, area


def by_statement(kind: str, reach: list[Any] | None, thing: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[] IS NULL OR %s = ANY(%s::{kind}[])", [reach, thing, reach])
        return bool(cursor.fetchone()[0])


def test_out_of_scope_is_refused_with_the_cure() -> None:
    here, there = open_station(), open_station()
    for check in (scope.check_acts_at, scope.check_sees_facility):
        with pytest.raises(NotAllowedError) as refused:
            check(here.nurse, there.facility.id)
        assert (refused.value.code, refused.value.field) == ("out_of_scope", "facility_id")
        assert "đăng nhập" in refused.value.vi
    with pytest.raises(NotAllowedError) as refused:
        scope.check_sees_area(here.nurse, "01")
    assert refused.value.field == "area"


def test_own_facility_is_that_of_the_account() -> None:
    station = open_station()
    assert scope.own_facility(station.head) == station.facility.id


def test_an_account_without_a_facility_has_none() -> None:
    with pytest.raises(NotAllowedError) as refused:
        scope.own_facility(staff(Role.MINISTRY, None, "bo-y-te", "Bộ Y tế"))
    assert refused.value.field == "account"


def test_every_role_is_bound_in_one_way() -> None:
    assert sorted([*AT_FACILITY, *IN_AREA, *OF_NATION, Role.CITIZEN]) == sorted(Role)


@pytest.mark.parametrize("role", STAFF)
def test_the_database_refuses_a_role_that_is_bound_by_nothing_or_by_another_level(role: Role) -> None:
    account, facility = account_of(role), open_station().facility
    elsewhere()
    wrong: list[dict[str, Any]] = [
        {"facility_id": facility.id if account.facility_id is None else None},
        {"area_id": {2: "001", 3: "00001", 5: "01"}[len(account.area_id)] if account.area_id else "01"},
    ]
    for change in wrong:
        with pytest.raises(IntegrityError, match="role_has_its_facility_or_area"), transaction.atomic():
            Account.objects.filter(id=account.id).update(**change)
