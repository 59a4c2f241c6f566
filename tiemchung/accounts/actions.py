"""All writes to accounts; one-time codes are in `actions_code`."""

from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from tiemchung.accounts.actions_code import redeem_code, send_code
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.roles import AT_FACILITY, CODE_LENGTH, LEVEL_OF
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.ground.ids import new_id
from tiemchung.places.models import Area
from tiemchung.vietnam.names import fold

__all__ = ["check_bounds", "open_account", "redeem_code", "send_code"]


AREA_WORDS: dict[Area.Level | None, tuple[str, str]] = {
    Area.Level.COMMUNE: (
        "Vai trò này gắn với một xã. Ghi mã xã, 5 số.",
        "This role has a commune. Write its 5 digits.",
    ),
    Area.Level.DISTRICT: (
        "Vai trò này gắn với một huyện. Ghi mã huyện, 3 số.",
        "It has a district. Write its 3 digits.",
    ),
    Area.Level.PROVINCE: ("Vai trò này gắn với một tỉnh. Ghi mã tỉnh, 2 số.", "It has a province. Write its 2 digits."),
    None: ("Vai trò này không gắn với địa bàn nào. Bỏ trống địa bàn.", "This role has no area. Leave it empty."),
}


@transaction.atomic
def open_account(
    *,
    username: str,
    display_name: str,
    role: Role,
    password: str | None,
    by: UUID | None,
    facility_id: UUID | None = None,
    area_code: str | None = None,
    password_is_hashed: bool = False,
    expires_on: date | None = None,
) -> Account:
    """Open an account. Raises ConflictError when the name is taken, InvalidInputError on facility_id or area_code.

    A role has the facility or the area that bounds it, and no other. A password that had to wait (for a one-time
    code) comes hashed; with none the account waits for its activation.
    """
    check_bounds(role, facility_id, area_code)
    account = Account(
        id=new_id(),
        username=username,
        display_name=display_name,
        folded=fold(display_name)[:120],
        role=role,
        password=password if password and password_is_hashed else make_password(password),
        facility_id=facility_id,
        area_id=area_code,
        created_at=clock.now(),
        expires_on=expires_on,
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


def check_bounds(role: Role, facility_id: UUID | None, area_code: str | None) -> None:
    """Refuse a role without the facility or area that bounds it, or with another. Raises InvalidInputError."""
    if (role in AT_FACILITY) != (facility_id is not None):
        raise InvalidInputError(
            "facility_of_role",
            field="facility_id",
            vi="Nhân viên và trưởng cơ sở phải có cơ sở; vai trò khác thì không. Chọn lại.",
            en="Staff and heads of a facility need one; other roles have none. Choose again.",
        )
    level = LEVEL_OF.get(role)
    if (CODE_LENGTH[level] if level else 0) != len(area_code or ""):
        raise _area_refused(level)


def _area_refused(level: Area.Level | None) -> InvalidInputError:
    vi, en = AREA_WORDS[level]
    return InvalidInputError("area_of_role", field="area_code", vi=vi, en=en)
