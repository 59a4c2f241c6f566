"""The app's codes (RFC 6238) and recovery codes: each is taken once, none can be read out of the database."""

import time
from typing import Any

import pytest
from django.db import connection

from tests.station import staff
from tiemchung.accounts import second_factor
from tiemchung.accounts.actions_second_factor import (
    renew_recovery_codes,
    reset_second_factor,
    set_up,
    take_code,
    take_recovery_code,
)
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.models_sign_in import RecoveryCode, SecondFactor
from tiemchung.ground.errors import InvalidInputError
from tiemchung.ground.models import AuditEntry

SECRET = b"12345678901234567890"  # of the test vectors of RFC 6238, appendix B
STEP = second_factor.STEP


@pytest.fixture
def signer(db: None) -> Account:
    return staff(Role.NATIONAL_SIGNER, None, "nguoi-ky", "Người ký")


def code_now(secret: bytes = SECRET, steps: int = 0) -> str:
    return second_factor.code_at(secret, time.time() + steps * STEP)


def enrolled(account: Account) -> list[str]:
    return set_up(account=account, secret=SECRET, code=code_now(steps=-1), by=account.id)


@pytest.mark.parametrize(
    ("moment", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(moment: int, code: str) -> None:
    assert second_factor.code_at(SECRET, moment) == code
    assert second_factor.step_of(SECRET, code, after=0, moment=moment) == moment // STEP


@pytest.mark.parametrize(("off", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phone_may_be_off_by_one_step(off: int, taken: bool) -> None:
    code = second_factor.code_at(SECRET, 1_000_000 * STEP + off * STEP)
    assert (second_factor.step_of(SECRET, code, after=0, moment=1_000_000 * STEP) is not None) == taken


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "१२३४५६", "\x00\x00\x00\x00\x00\x00"])
def test_what_is_no_code_is_not_taken(code: str) -> None:
    assert second_factor.step_of(SECRET, code, after=0, moment=59) is None


def test_the_app_reads_name_and_secret_from_the_address() -> None:
    address = second_factor.address(SECRET, "trưởng trạm")
    assert address.startswith("otpauth://totp/Tiem%20chung:tr%C6%B0%E1%BB%9Fng%20tr%E1%BA%A1m?")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in address
    assert second_factor.typed(SECRET).replace(" ", "") == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_a_wrong_first_code_sets_nothing_up(signer: Account) -> None:
    with pytest.raises(InvalidInputError):
        set_up(account=signer, secret=SECRET, code="000000", by=signer.id)
    assert not SecondFactor.objects.exists()


def test_a_code_is_taken_once_with_spaces_or_without(signer: Account) -> None:
    enrolled(signer)
    code = code_now()
    take_code(account=signer, code=f"{code[:3]} {code[3:]}", by=signer.id)
    with pytest.raises(InvalidInputError):
        take_code(account=signer, code=code, by=signer.id)


def test_the_code_that_set_it_up_is_used_up_too(signer: Account) -> None:
    enrolled(signer)
    with pytest.raises(InvalidInputError):
        take_code(account=signer, code=code_now(steps=-1), by=signer.id)


def test_the_secret_lies_encrypted(signer: Account) -> None:
    enrolled(signer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_secondfactor")
        (column,) = cursor.fetchone()
    assert SECRET not in bytes(column)
    assert second_factor.kept(SECRET).encode() not in bytes(column)
    assert second_factor.read(SecondFactor.objects.get().secret) == SECRET


def test_ten_recovery_codes_each_once_kept_as_digests(signer: Account) -> None:
    codes = enrolled(signer)
    assert len(set(codes)) == 10
    assert not RecoveryCode.objects.filter(hashed__in=codes).exists()
    assert take_recovery_code(account=signer, code=codes[0].upper().replace("-", " "), by=signer.id) == 9
    with pytest.raises(InvalidInputError):
        take_recovery_code(account=signer, code=codes[0], by=signer.id)


def test_a_recovery_code_is_nobody_elses(signer: Account) -> None:
    codes = enrolled(signer)
    other = staff(Role.MINISTRY, None, "bo", "Bộ")
    with pytest.raises(InvalidInputError):
        take_recovery_code(account=other, code=codes[0], by=other.id)


def test_new_recovery_codes_end_the_old_ones(signer: Account) -> None:
    old = enrolled(signer)
    renew_recovery_codes(account=signer, by=signer.id)
    with pytest.raises(InvalidInputError):
        take_recovery_code(account=signer, code=old[0], by=signer.id)


def test_an_administrators_reset_is_written_down_and_harmless_twice(signer: Account) -> None:
    enrolled(signer)
    administrator = staff(Role.ADMINISTRATOR, None, "quan-tri", "Quản trị")
    reset_second_factor(account=signer, by=administrator)
    reset_second_factor(account=signer, by=administrator)
    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert AuditEntry.objects.filter(
        act="accounts.reset_second_factor", by=administrator.id, subject=signer.id
    ).exists()


@pytest.mark.parametrize("asked_for", [True, False])
@pytest.mark.parametrize("role", list(Role))
def test_every_role_but_the_citizen_must_have_one_unless_the_installation_exempts_it(
    role: Role, asked_for: bool, settings: Any
) -> None:
    settings.SECOND_FACTOR = asked_for
    assert second_factor.must_have(Account(role=role)) == (asked_for and role != Role.CITIZEN)
