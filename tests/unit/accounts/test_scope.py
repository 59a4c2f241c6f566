"""What lies within an account's reach."""

import pytest

from tests.station import open_station, staff
from tiemchung.accounts import scope
from tiemchung.accounts.models import Role
from tiemchung.ground.errors import NotAllowedError

pytestmark = pytest.mark.django_db


def test_staff_act_at_their_own_facility_and_at_no_other() -> None:
    here, there = open_station(), open_station()
    for account in (here.nurse, here.head):
        assert scope.can_act_at(account, here.facility.id)
        assert not scope.can_act_at(account, there.facility.id)


@pytest.mark.parametrize("role", [Role.NATIONAL_SIGNER, Role.MINISTRY])
def test_the_nations_accounts_reach_every_facility(role: Role) -> None:
    assert scope.can_act_at(staff(role, None, "trung-uong", "Trung ương"), open_station().facility.id)


def test_a_citizen_reaches_no_facility() -> None:
    citizen = staff(Role.CITIZEN, None, "0912345678", "Hạnh")
    assert not scope.can_act_at(citizen, open_station().facility.id)


def test_out_of_scope_is_refused_with_the_cure() -> None:
    here, there = open_station(), open_station()
    with pytest.raises(NotAllowedError) as refused:
        scope.check_acts_at(here.nurse, there.facility.id)
    assert (refused.value.code, refused.value.field) == ("out_of_scope", "facility_id")
    assert "đăng nhập" in refused.value.vi


def test_own_facility_is_that_of_the_account() -> None:
    station = open_station()
    assert scope.own_facility(station.head) == station.facility.id


def test_an_account_without_a_facility_has_none() -> None:
    with pytest.raises(NotAllowedError) as refused:
        scope.own_facility(staff(Role.MINISTRY, None, "bo-y-te", "Bộ Y tế"))
    assert refused.value.field == "account"
