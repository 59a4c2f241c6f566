"""One-time codes: what they look like, how long they hold, and what is said when one is not taken."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.utils.crypto import salted_hmac

from tiemchung.ground.errors import ConflictError, InvalidInputError

DIGITS = 6
HOLDS = timedelta(minutes=5)
ATTEMPTS = 5
FRESH = timedelta(seconds=40)  # so long no second message goes out
AT_MOST, WITHIN = 3, timedelta(minutes=15)


def new_code() -> str:
    """Six digits that nobody can foresee."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def hash_of(code_id: UUID, code: str) -> str:
    """What is stored. Six digits are soon tried out, so the installation's secret is mixed in, and the row's id."""
    return salted_hmac("accounts.one-time-code", f"{code_id}:{code}", algorithm="sha256").hexdigest()


def too_many() -> ConflictError:
    """Refuse to send one more."""
    return ConflictError(
        "codes_too_many",
        field="phone",
        vi=f"Số này đã nhận {AT_MOST} mã trong 15 phút. Xin thử lại sau 15 phút, hoặc gọi 1900 9095.",
        en=f"This number got {AT_MOST} codes within 15 minutes. Please try again in 15 minutes, or call 1900 9095.",
    )


def wrong() -> InvalidInputError:
    """Refuse a code that is not the one that was sent last."""
    return InvalidInputError(
        "code_wrong",
        field="code",
        vi=f"Mã chưa đúng. Xem tin nhắn mới nhất và ghi đủ {DIGITS} số.",
        en=f"This is not the code. See the latest message and write all {DIGITS} digits.",
    )


def over() -> ConflictError:
    """Refuse when there is no code to be tried: used, too old, or tried too often."""
    return ConflictError(
        "code_over",
        field="code",
        vi="Mã đã hết hạn. Bấm Gửi lại mã để nhận mã mới.",
        en="The code is no longer good. Press Send the code again to get a new one.",
    )
