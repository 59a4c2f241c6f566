"""Who may administer whom."""

import pytest

from tests.station import account_of, open_station
from tests.unit.accounts.test_scope import elsewhere
from tiemchung.accounts import policy
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.policy import ADMINISTERS, administered, can_administer
from tiemchung.accounts.roles import AT_FACILITY, OF_NATION, STAFF
from tiemchung.ground.errors import InvalidInputError, NotAllowedError, NotFoundError

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", list(Role))
def test_an_account_administers_the_roles_of_its_row_and_finds_those_accounts(role: Role) -> None:
    by = account_of(role)
    others = [account_of(other) for other in STAFF if other not in AT_FACILITY]
    allowed = ADMINISTERS.get(role, frozenset())
    for other in others:
        assert can_administer(by, Role(other.role), None, other.area_id) == (other.role in allowed)
    found = set(administered(by).values_list("id", flat=True))
    assert {other.id for other in others if other.role in allowed} == found & {other.id for other in others}


def test_a_head_administers_his_own_facility_alone_and_no_other_head() -> None:
    here, there = open_station(), open_station()
    assert list(administered(here.head)) == [here.nurse]
    assert not can_administer(here.head, Role.FACILITY_HEAD, here.facility.id, None)
    assert not can_administer(here.head, Role.VACCINATOR, there.facility.id, None)


def test_a_province_administers_what_lies_in_it() -> None:
    here, province = open_station(), account_of(Role.PROVINCE_HEALTH_DEPARTMENT)
    there = elsewhere()
    assert {here.nurse, here.head} <= set(administered(province))
    assert not can_administer(province, Role.VACCINATOR, there.id, None)
    assert not can_administer(province, Role.DISTRICT, None, "760")


def test_nobody_administers_himself() -> None:
    administrator = account_of(Role.ADMINISTRATOR)
    assert administrator not in administered(administrator)
    assert account_of(Role.ADMINISTRATOR) in administered(administrator)


def test_who_audits_is_named_by_the_administrator_alone() -> None:
    assert [role for role, roles in ADMINISTERS.items() if Role.AUDITOR in roles] == [Role.ADMINISTRATOR]
    assert [role for role, roles in ADMINISTERS.items() if Role.ADMINISTRATOR in roles] == [Role.ADMINISTRATOR]


def test_nobody_opens_a_role_above_its_own() -> None:
    for role, roles in ADMINISTERS.items():
        if role != Role.ADMINISTRATOR:
            assert role not in roles, role
        if role not in OF_NATION:
            assert not roles & set(OF_NATION), role


def test_an_account_out_of_scope_reads_like_none() -> None:
    here, there = open_station(), open_station()
    for account_id in (there.nurse.id, here.head.id, Account().id):
        with pytest.raises(NotFoundError):
            policy.administered_account(here.head, account_id)


def test_out_of_reach_is_refused_at_the_role() -> None:
    with pytest.raises(NotAllowedError) as refused:
        policy.check_administers(open_station().nurse, Role.VACCINATOR, None, None)
    assert refused.value.field == "role"


@pytest.mark.parametrize("username", ["", "ab", "0912345678", "Mai", "lo mai", "lộ", "a" * 61, ".mai", "mai\n"])
def test_a_username_that_is_none_is_refused(username: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        policy.check_username(username)
    assert refused.value.field == "username"


@pytest.mark.parametrize("username", ["mai", "lo.thi.mai", "tram-01_b", "1a2"])
def test_a_username_of_small_letters_is_taken(username: str) -> None:
    policy.check_username(username)


@pytest.mark.parametrize("name", ["", "=HYPERLINK(1)", "+84", "@x", "-1", "a\tb", "x" * 121])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        policy.check_display_name(name)
    assert refused.value.field == "name"
