"""What is a second factor? A code by an app on one's own phone (`ground/totp.py`), or a recovery code from paper."""

from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from tiemchung.accounts.models import Account, Role
from tiemchung.ground import recovery_codes
from tiemchung.ground.errors import InvalidInputError
from tiemchung.ground.totp import STEP, address, code_at, kept, new_secret, read, step_of, typed, wrong

__all__ = [
    "STEP",
    "address",
    "code_at",
    "hash_of",
    "kept",
    "must_have",
    "new_secret",
    "read",
    "step_of",
    "typed",
    "wrong",
    "wrong_recovery_code",
]


def must_have(account: Account) -> bool:
    """Say whether the account may not go on without one. A citizen may have one; an installation may exempt staff."""
    return bool(settings.SECOND_FACTOR) and account.role != Role.CITIZEN


def hash_of(account_id: UUID, recovery_code: str) -> str:
    """What is kept of a recovery code; spaces, hyphens and capitals do not matter. Our secret is in it."""
    plain = recovery_codes.plain(recovery_code)
    return salted_hmac("accounts.recovery-code", f"{account_id}:{plain}", algorithm="sha256").hexdigest()


def wrong_recovery_code() -> InvalidInputError:
    """Refuse a recovery code."""
    return InvalidInputError(
        "recovery_code_wrong",
        field="code",
        vi="Mã dự phòng chưa đúng hoặc đã dùng. Gõ một mã khác trên tờ giấy; hết mã thì nhờ người quản lý tài khoản.",
        en="This is no recovery code, or it was used. Type another; with none left ask who manages accounts.",
    )
