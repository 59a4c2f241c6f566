"""All writes to accounts; one-time codes are in `actions_code`."""

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from tiemchung.accounts.actions_code import redeem_code, send_code
from tiemchung.accounts.models import AT_FACILITY, Account, Role
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.ground.ids import new_id

__all__ = ["open_account", "redeem_code", "send_code"]


@transaction.atomic
def open_account(
    *,
    username: str,
    display_name: str,
    role: Role,
    password: str,
    by: UUID | None,
    facility_id: UUID | None = None,
    area_code: str | None = None,
    password_is_hashed: bool = False,
) -> Account:
    """Open an account. Raises ConflictError when the name is taken, InvalidInputError on facility_id.

    Staff of a facility have one, nobody else has. A password that had to wait (for a one-time code) comes hashed.
    """
    _check_facility(role, facility_id)
    account = Account(
        id=new_id(),
        username=username,
        display_name=display_name,
        role=role,
        password=password if password_is_hashed else make_password(password),
        facility_id=facility_id,
        area_id=area_code,
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise ConflictError(
            "account_exists",
            field="username",
            vi="Đã có tài khoản với tên này. Xin đăng nhập.",
            en="An account of this name exists. Please sign in.",
        ) from error
    audit.record("accounts.open", by=by, subject=account.id, facility_id=facility_id, role=role)
    return account


def _check_facility(role: Role, facility_id: UUID | None) -> None:
    if (role in AT_FACILITY) != (facility_id is not None):
        raise InvalidInputError(
            "facility_of_role",
            field="facility_id",
            vi="Nhân viên và trưởng cơ sở phải có cơ sở; vai trò khác thì không. Chọn lại.",
            en="Staff and heads of a facility need one; other roles have none. Choose again.",
        )
