"""What lies within an account's reach? The one place that knows; every read and write of staff goes through it."""

from uuid import UUID

from tiemchung.accounts.models import Account, Role
from tiemchung.ground.errors import NotAllowedError

NATION = frozenset({Role.NATIONAL_SIGNER, Role.MINISTRY})


def can_act_at(account: Account, facility_id: UUID) -> bool:
    """Say whether the account may see and act at that facility."""
    return account.role in NATION or account.facility_id == facility_id


def check_acts_at(account: Account, facility_id: UUID) -> None:
    """Refuse an account whose scope does not hold that facility. Raises NotAllowedError."""
    if not can_act_at(account, facility_id):
        raise NotAllowedError(
            "out_of_scope",
            field="facility_id",
            vi="Việc này thuộc cơ sở khác. Xin đăng nhập bằng tài khoản của cơ sở đó.",
            en="This belongs to another facility. Sign in with an account of that facility.",
        )


def own_facility(account: Account) -> UUID:
    """The facility that an account of a site is bound to. Raises NotAllowedError for any other account."""
    if account.facility_id is None:
        raise NotAllowedError(
            "no_facility",
            field="account",
            vi="Tài khoản này không thuộc điểm tiêm nào.",
            en="This account belongs to no facility.",
        )
    return account.facility_id
