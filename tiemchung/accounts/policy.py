"""Who may administer whom, and what may an account be called?

Nobody administers his own account, so that nobody widens his own reach or lifts his own suspension. Who audits is
named by the administrator alone, not by those who are audited.
"""

import re
from uuid import UUID

from django.db.models import Q, QuerySet

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.accounts.models_access import ApiClient
from tiemchung.accounts.roles import AT_FACILITY, IN_AREA, IN_COMMUNE, STAFF, Role
from tiemchung.ground.errors import InvalidInputError, NotAllowedError, NotFoundError

ADMINISTERS: dict[Role, frozenset[Role]] = {
    Role.FACILITY_HEAD: frozenset({Role.VACCINATOR, Role.DOCTOR, Role.DATA_CLERK}),
    Role.COMMUNE_HEALTH_STATION: frozenset({Role.HAMLET_TEAM}),
    Role.DISTRICT: frozenset({*AT_FACILITY, Role.COMMUNE_HEALTH_STATION, Role.HAMLET_TEAM}),
    Role.PROVINCE_HEALTH_DEPARTMENT: frozenset(
        {*AT_FACILITY, *IN_COMMUNE, Role.DISTRICT, Role.PROVINCE_CDC, Role.CHECKPOINT_OFFICER}
    ),
    Role.MINISTRY: frozenset({*AT_FACILITY, *IN_AREA, Role.NATIONAL_SIGNER, Role.KEY_OFFICER, Role.DESK_OPERATOR}),
    Role.ADMINISTRATOR: frozenset(STAFF),
}
USERNAME = re.compile(r"(?=.*[a-z])[a-z0-9][a-z0-9._-]{2,59}")


def roles_administered(by: Account) -> frozenset[Role]:
    """The roles that the account may open and change, within its reach."""
    return ADMINISTERS.get(Role(by.role), frozenset())


def can_administer(by: Account, role: Role, facility_id: UUID | None, area_code: str | None) -> bool:
    """Say whether the account may have to do with one of that role and bounds."""
    return (
        role in roles_administered(by)
        and (facility_id is None or scope.can_see_facility(by, facility_id))
        and (area_code is None or scope.can_see_area(by, area_code))
    )


def check_administers(by: Account | None, role: Role, facility_id: UUID | None, area_code: str | None) -> None:
    """Refuse who may not have to do with such an account; None is the installation's operator. NotAllowedError."""
    if by and not can_administer(by, role, facility_id, area_code):
        raise NotAllowedError(
            "may_not_administer",
            field="role",
            vi="Tài khoản của bạn không quản lý vai trò này ở nơi này. Chọn vai trò hoặc nơi khác, hoặc báo cấp trên.",
            en="Your account does not administer this role there. Choose another role or place, or ask above.",
        )


def administered(by: Account) -> QuerySet[Account]:
    """The accounts that the account administers, itself never among them."""
    found = Account.objects.filter(role__in=roles_administered(by), api_client=None).exclude(id=by.id)
    if scope.reaches_nation(by):
        return found
    return found.filter(Q(facility__in=scope.facilities(by)) | Q(area__in=scope.areas(by)))


def clients_administered(by: Account | None) -> QuerySet[ApiClient]:
    """The clients of the API whose accounts lie in what the account administers.

    Each stands at a facility: no endpoint opens for a role that does not (`clients.check_may_have`).
    """
    found = ApiClient.objects.select_related("account__facility", "account__area")
    if by is None:
        return found
    found = found.filter(account__role__in=roles_administered(by))
    if scope.reaches_nation(by):
        return found
    return found.filter(account__facility__in=scope.facilities(by))


def administered_account(by: Account | None, account_id: UUID) -> Account:
    """An account that `by` administers, locked for the change. Raises NotFoundError for any other: they read alike."""
    among = administered(by) if by else Account.objects.filter(api_client=None).exclude(role=Role.CITIZEN)
    found = Account.objects.select_for_update().filter(id__in=among.filter(id=account_id).values("id")).first()
    if found is None:
        raise NotFoundError(
            "account_unknown",
            field="account",
            vi="Không có tài khoản này trong phạm vi của bạn. Chọn lại trong danh sách.",
            en="There is no such account in your scope. Choose one from the list.",
        )
    return found


def check_username(username: str) -> None:
    """Refuse a name of staff that is not small letters, digits, dot, dash; a letter must be in it. InvalidInputError.

    A name of digits alone is a citizen's: his phone number.
    """
    if not USERNAME.fullmatch(username):
        raise InvalidInputError(
            "username_form",
            field="username",
            vi="Tên đăng nhập cần 3 đến 60 ký tự: chữ thường không dấu, số, dấu chấm, gạch; có ít nhất một chữ.",
            en="A username has 3 to 60 characters: small letters a-z, digits, dot, dash; at least one letter.",
        )


def check_display_name(name: str) -> None:
    """Refuse a name that is empty, too long, or would be a formula in a spreadsheet. InvalidInputError on name."""
    if not 0 < len(name) <= 120 or name[0] in "=+-@" or any(ord(symbol) < 32 for symbol in name):
        raise InvalidInputError(
            "name_form",
            field="name",
            vi="Họ tên cần 1 đến 120 ký tự và không bắt đầu bằng = + - @. Ghi lại họ tên.",
            en="A name has 1 to 120 characters and does not begin with = + - @. Write it again.",
        )


def bound_to_another() -> NotAllowedError:
    """What is said when a provider names an account for another person than before."""
    return NotAllowedError(
        "sign_on_bound",
        vi="Tài khoản này đã gắn với người khác trong hệ thống của bộ. Nhờ người quản lý tài khoản cấp mã mới.",
        en="This account is bound to another person of the ministry's. Ask who manages accounts for a new code.",
    )
