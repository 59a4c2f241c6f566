"""Nobody lets himself into an account that holds a nation's key: who opens or resets it is not who lets it in."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.station import account_of, staff
from tiemchung.accounts import actions_standing, staff_list
from tiemchung.accounts.actions_four_eyes import GUARDED
from tiemchung.accounts.actions_import import import_staff
from tiemchung.accounts.actions_second_factor import reset_second_factor
from tiemchung.accounts.actions_staff import change_staff, open_staff, reset_password
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.states import Standing
from tiemchung.ground.errors import NotAllowedError
from tiemchung.ground.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def one() -> Account:
    return staff(Role.ADMINISTRATOR, None, "quan-tri-1", "Quản trị Tú")


@pytest.fixture
def other() -> Account:
    return staff(Role.ADMINISTRATOR, None, "quan-tri-2", "Quản trị Lan")


def opened(by: Account | None, role: Role = Role.KEY_OFFICER) -> Account:
    return open_staff(username="giu.khoa", display_name="Giữ khóa Vân", role=role, by=by).account


def officer() -> Account:
    """A key officer who has worked for long."""
    return staff(Role.KEY_OFFICER, None, "giu.khoa", "Giữ khóa Vân")


def raised(by: Account) -> Account:
    """Somebody of the desk is made a key officer."""
    found = staff(Role.DESK_OPERATOR, None, "truc.ban", "Trực ban")
    said = {"display_name": "Trực ban", "facility_id": None, "area_code": None, "expires_on": None}
    return change_staff(account_id=found.id, by=by, role=Role.KEY_OFFICER, **said)


def factor_reset(by: Account) -> Account:
    found = officer()
    reset_second_factor(account=found, by=by)
    return found


WAYS: list[Callable[[Account], Account]] = [
    opened,
    raised,
    factor_reset,
    lambda by: reset_password(account_id=officer().id, by=by).account,
]


def is_shut(account: Account) -> bool:
    return Account.objects.get(id=account.id).standing == Standing.SUSPENDED


@pytest.mark.parametrize("way", WAYS, ids=["opened", "raised", "factor reset", "password reset"])
def test_an_officer_whom_one_let_in_waits_for_another(
    one: Account, other: Account, way: Callable[[Account], Account]
) -> None:
    account = way(one)
    assert is_shut(account)
    with pytest.raises(NotAllowedError, match="second_administrator"):
        actions_standing.resume(account_id=account.id, by=one)
    assert is_shut(account)
    actions_standing.resume(account_id=account.id, by=other)
    assert not is_shut(account)
    acts = AuditEntry.objects.filter(subject=account.id, act__in=["accounts.await_another", "accounts.resume"])
    assert [(act.act, act.by) for act in acts.order_by("id")] == [
        ("accounts.await_another", one.id),
        ("accounts.resume", other.id),
    ]


def test_a_plain_suspension_is_lifted_by_who_suspended(one: Account) -> None:
    account = officer()
    actions_standing.suspend(account_id=account.id, by=one)
    actions_standing.resume(account_id=account.id, by=one)
    assert not is_shut(account)


def test_whoever_could_open_an_officer_is_let_in_by_two_as_well(one: Account) -> None:
    assert {Role.KEY_OFFICER, Role.NATIONAL_SIGNER, Role.MINISTRY, Role.ADMINISTRATOR} == GUARDED
    for number, role in enumerate(sorted(GUARDED)):
        found = open_staff(username=f"nguoi.{number}", display_name="X", role=role, by=one).account
        assert is_shut(found)


def test_other_roles_open_at_once(one: Account) -> None:
    assert not is_shut(opened(one, Role.AUDITOR))


def test_the_operator_opens_the_first_ones_alone() -> None:
    assert not is_shut(opened(None))


def test_a_list_opens_none_of_them(one: Account) -> None:
    reading = staff_list.read(b"username,name,role,facility,area\ngiu.khoa,X,key_officer,,\n")
    done = import_staff(reading=reading, by=one)
    assert [(fault.column, fault.en.split(".")[0]) for fault in done.faults] == [
        ("role", "This role takes two who administer it")
    ]
    assert not Account.objects.filter(username="giu.khoa").exists()


def test_the_pages_say_that_another_must_resume_and_offer_it_to_him_alone(
    client: Client, one: Account, other: Account
) -> None:
    client.force_login(one)
    said = {"display_name": "Giữ khóa Vân", "username": "giu.khoa", "role": "key_officer"}
    assert "một người quản lý khác" in client.post("/van-phong/tai-khoan/mo", said).content.decode()
    page = f"/van-phong/tai-khoan/{Account.objects.get(username='giu.khoa').id}/"
    assert "Mở khóa" not in client.get(page).content.decode()
    client.force_login(other)
    assert "Mở khóa" in client.get(page).content.decode()


def test_who_sends_the_form_all_the_same_is_refused_on_the_page(client: Client, one: Account) -> None:
    account = opened(one)
    client.force_login(one)
    response = client.post(f"/van-phong/tai-khoan/{account.id}/mo-lai", follow=True)
    assert "một người quản lý khác phải mở khóa" in response.content.decode()
    assert is_shut(account)


def test_a_facilitys_staff_needs_one_only() -> None:
    head = account_of(Role.FACILITY_HEAD)
    found = open_staff(
        username="dieu.duong", display_name="X", role=Role.VACCINATOR, facility_id=head.facility_id, by=head
    ).account
    assert not is_shut(reset_password(account_id=found.id, by=head).account)
