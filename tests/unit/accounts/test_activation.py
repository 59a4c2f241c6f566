"""A new member of staff chooses a password with a code; whoever forgot his gets a new one."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.station import PASSWORD, account_of, open_station
from tiemchung.accounts import activation
from tiemchung.accounts.actions_staff import Opened, activate, open_staff, reset_password
from tiemchung.accounts.actions_standing import suspend
from tiemchung.accounts.models import Account, Activation, Role
from tiemchung.accounts.states import Standing
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.ground.models import AuditEntry

pytestmark = pytest.mark.django_db
NEW = "mot mat khau moi"


def opened(username: str = "lo.thi.mai") -> Opened:
    station = open_station()
    return open_staff(
        username=username,
        display_name="Lò Thị Mai",
        role=Role.VACCINATOR,
        facility_id=station.facility.id,
        by=station.head,
    )


def test_a_new_account_waits_and_its_code_is_kept_as_a_hash_only() -> None:
    new = opened()
    assert new.account.standing == Standing.WAITING
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", new.code)
    assert Activation.objects.get().hashed == activation.hash_of(new.code)
    assert new.code.replace("-", "") not in str(Activation.objects.values().get())


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: code.replace("-", " ")])
def test_a_code_is_taken_as_people_type_it(typed: Any) -> None:
    new = opened()
    account = activate(username=" Lo.Thi.Mai ", code=typed(new.code), password=NEW)
    assert account.check_password(NEW)
    assert account.standing == Standing.ACTIVE


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert activation.hash_of("oILO0-11111") == activation.hash_of("01100 11111")


def test_a_code_works_once() -> None:
    new = opened()
    activate(username="lo.thi.mai", code=new.code, password=NEW)
    with pytest.raises(InvalidInputError) as refused:
        activate(username="lo.thi.mai", code=new.code, password="mot mat khau khac")
    assert refused.value.code == "activation_wrong"
    assert Account.objects.get(id=new.account.id).check_password(NEW)


def test_a_wrong_name_a_wrong_code_and_another_ones_code_read_alike() -> None:
    mine, other = opened(), opened("vi.thi.hoa")
    said = set()
    for username, code in [("khong.co", mine.code), ("lo.thi.mai", "00000-00000"), ("lo.thi.mai", other.code)]:
        with pytest.raises(InvalidInputError) as refused:
            activate(username=username, code=code, password=NEW)
        said.add(str(refused.value))
    assert len(said) == 1


def test_a_code_is_over_after_two_weeks(settings: Any) -> None:
    new = opened()
    settings.CLOCK_OFFSET += activation.HOLDS + timedelta(seconds=1)
    with pytest.raises(InvalidInputError):
        activate(username="lo.thi.mai", code=new.code, password=NEW)


def test_wrong_attempts_do_not_spoil_the_code() -> None:
    new = opened()
    for _ in range(30):
        with pytest.raises(InvalidInputError):
            activate(username="lo.thi.mai", code=activation.new_code(), password=NEW)
    assert activate(username="lo.thi.mai", code=new.code, password=NEW) == new.account


def test_a_weak_password_is_refused_and_leaves_the_code_good() -> None:
    new = opened()
    with pytest.raises(InvalidInputError) as refused:
        activate(username="lo.thi.mai", code=new.code, password="ngan")
    assert refused.value.field == "password"
    activate(username="lo.thi.mai", code=new.code, password=NEW)


def test_a_reset_takes_the_password_away_and_only_the_new_code_counts() -> None:
    station = open_station()
    first = reset_password(account_id=station.nurse.id, by=station.head)
    assert not Account.objects.get(id=station.nurse.id).check_password(PASSWORD)
    second = reset_password(account_id=station.nurse.id, by=station.head)
    with pytest.raises(InvalidInputError):
        activate(username=station.nurse.username, code=first.code, password=NEW)
    activate(username=station.nurse.username, code=second.code, password=NEW)
    acts = list(AuditEntry.objects.filter(subject=station.nurse.id).order_by("id").values_list("act", flat=True))
    assert acts == ["accounts.open", "accounts.reset_password", "accounts.reset_password", "accounts.activate"]


def test_a_suspended_account_gets_no_code_and_its_code_does_not_work() -> None:
    station = open_station()
    new = reset_password(account_id=station.nurse.id, by=station.head)
    suspend(account_id=station.nurse.id, by=station.head)
    with pytest.raises(InvalidInputError):
        activate(username=station.nurse.username, code=new.code, password=NEW)
    with pytest.raises(ConflictError):
        reset_password(account_id=station.nurse.id, by=station.head)


def test_nobody_opens_or_resets_out_of_his_scope() -> None:
    here, there = open_station(), open_station()
    with pytest.raises(NotFoundError):
        reset_password(account_id=there.nurse.id, by=here.head)
    asked = {"username": "x.y.z", "display_name": "X", "facility_id": there.facility.id, "by": here.head}
    with pytest.raises(NotAllowedError):
        open_staff(role=Role.VACCINATOR, **asked)
    with pytest.raises(NotAllowedError):
        open_staff(role=Role.FACILITY_HEAD, **asked | {"facility_id": here.facility.id})
    with pytest.raises(NotAllowedError):
        open_staff(username="x.y.z", display_name="X", role=Role.AUDITOR, by=account_of(Role.MINISTRY))
