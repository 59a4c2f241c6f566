"""Opening and changing accounts of staff, by those who administer them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tiemchung.accounts import activation, policy
from tiemchung.accounts.actions import check_bounds, open_account
from tiemchung.accounts.actions_four_eyes import await_another
from tiemchung.accounts.actions_sign_on import unlink
from tiemchung.accounts.models import Account, Activation
from tiemchung.accounts.roles import Role
from tiemchung.accounts.states import SIGNS_IN
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.ground.ids import new_id
from tiemchung.vietnam.names import fold


@dataclass(frozen=True)
class Opened:
    """An account, and the activation code that is told once."""

    account: Account
    code: str


@transaction.atomic
def open_staff(
    *,
    username: str,
    display_name: str,
    role: Role,
    by: Account | None,
    facility_id: UUID | None = None,
    area_code: str | None = None,
    expires_on: date | None = None,
) -> Opened:
    """Open an account of staff with a code by which its holder chooses a password.

    One of a role that takes two is shut until another resumes it (`actions_four_eyes`).

    Raises NotAllowedError for who does not administer such accounts, InvalidInputError, ConflictError on a taken name.
    """
    policy.check_username(username)
    policy.check_display_name(display_name)
    check_bounds(role, facility_id, area_code)
    policy.check_administers(by, role, facility_id, area_code)
    account = open_account(
        username=username,
        display_name=display_name,
        role=role,
        password=None,
        by=by.id if by else None,
        facility_id=facility_id,
        area_code=area_code,
        expires_on=expires_on,
    )
    await_another(account=account, by=by)
    return Opened(account, _new_activation(account.id))


@transaction.atomic
def reset_password(*, account_id: UUID, by: Account | None) -> Opened:
    """Take the password away, which ends every session of the account, and give a new activation code.

    It is also bound to nobody of a ministry's sign-on any more.

    One of a role that takes two is shut until another resumes it (`actions_four_eyes`).

    Raises NotFoundError for an account out of scope, ConflictError for one that does not open now.
    """
    account = policy.administered_account(by, account_id)
    if not account.is_active:
        raise ConflictError(
            "account_shut",
            field="account",
            vi="Tài khoản đang khóa, nghỉ, hết hạn hoặc đã đóng. Mở lại trước, rồi cấp mã.",
            en="The account is suspended, away, expired or closed. Open it again first, then give a code.",
        )
    account.password = make_password(None)
    account.save(update_fields=["password"])
    audit.record("accounts.reset_password", by=by.id if by else None, subject=account.id)
    unlink(account=account, by=by.id if by else None)
    await_another(account=account, by=by)
    return Opened(account, _new_activation(account.id))


@transaction.atomic
def activate(*, username: str, code: str, password: str) -> Account:
    """Let an account's holder choose a password with the code that was given last; the code is then used up.

    Raises InvalidInputError on code, without telling which of name and code is wrong, or on password.
    """
    now = clock.now()
    people = Account.objects.filter(api_client=None)  # a program has keys and never a password
    account = people.select_for_update(of=("self",)).filter(username=username.strip().lower()).first()
    last = Activation.objects.filter(account=account).order_by("-made_at", "-id").first() if account else None
    given = activation.hash_of(code)
    if not account or not last or last.redeemed_at or last.expires_at <= now or last.hashed != given:
        raise activation.wrong()
    if account.standing not in SIGNS_IN:
        raise activation.wrong()
    _check_password(password, account)
    account.password = make_password(password)
    account.save(update_fields=["password"])
    last.redeemed_at = now
    last.save(update_fields=["redeemed_at"])
    audit.record("accounts.activate", by=account.id, subject=account.id)
    return account


@transaction.atomic
def change_staff(
    *,
    account_id: UUID,
    by: Account | None,
    display_name: str,
    role: Role,
    facility_id: UUID | None,
    area_code: str | None,
    expires_on: date | None,
) -> Account:
    """Change an account's name, role, place or last day. Both its old and its new place lie in the scope of `by`.

    Raises NotFoundError, NotAllowedError, InvalidInputError. What it did before stays with the place where it did it.
    """
    account = policy.administered_account(by, account_id)
    policy.check_display_name(display_name)
    check_bounds(role, facility_id, area_code)
    policy.check_administers(by, role, facility_id, area_code)
    wanted = {
        "display_name": display_name,
        "folded": fold(display_name)[:120],
        "role": role,
        "facility_id": facility_id,
        "area_id": area_code,
        "expires_on": expires_on,
    }
    changed = [name for name, value in wanted.items() if getattr(account, name) != value]
    if changed:
        for name in changed:
            setattr(account, name, wanted[name])
        account.save(update_fields=[name.removesuffix("_id") for name in changed])
        audit.record(
            "accounts.change",
            by=by.id if by else None,
            subject=account.id,
            facility_id=facility_id,
            role=role,
            area=area_code,
            changed=changed,
        )
    if "role" in changed:
        await_another(account=account, by=by)
    return account


def _new_activation(account_id: UUID) -> str:
    """Write a code for the account; an earlier one no longer counts."""
    code, now = activation.new_code(), clock.now()
    Activation.objects.create(
        id=new_id(),
        account_id=account_id,
        hashed=activation.hash_of(code),
        made_at=now,
        expires_at=now + activation.HOLDS,
    )
    return code


def _check_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise InvalidInputError(
            "password_weak",
            field="password",
            vi="Mật khẩu ngắn hoặc dễ đoán. Chọn mật khẩu từ 8 ký tự, không trùng tên tài khoản.",
            en="The password is too short or easy to guess. Choose 8 characters or more, unlike the account's name.",
        ) from error
