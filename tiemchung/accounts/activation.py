"""Activation codes: what a new member of staff is given instead of a first password.

Ten symbols of Crockford's base 32 are 50 bits. Such a code cannot be tried out over the wire within its two weeks, so
wrong attempts are not counted: a counter would let a stranger spoil somebody's code. And it is hashed with one HMAC, so
that twelve thousand are made in a second, where twelve thousand Argon2 hashes take minutes.
"""

import secrets
from datetime import timedelta

from django.utils.crypto import salted_hmac

from tiemchung.ground.errors import InvalidInputError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # https://www.crockford.com/base32.html: no I, L, O, U
LENGTH = 10
HOLDS = timedelta(days=14)
_AS_MEANT = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


def new_code() -> str:
    """A code as it is printed: «7KQ2M-9XWPR»."""
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{symbols[:5]}-{symbols[5:]}"


def hash_of(code: str) -> str:
    """What is stored, of a code as printed or as somebody typed it: small letters, without the dash, O for 0."""
    meant = code.upper().translate(_AS_MEANT)
    return salted_hmac("accounts.activation", meant, algorithm="sha256").hexdigest()


def wrong() -> InvalidInputError:
    """Refuse name and code without saying which of the two is wrong, or whether the code was good once."""
    return InvalidInputError(
        "activation_wrong",
        field="code",
        vi="Tên tài khoản và mã kích hoạt chưa khớp, hoặc mã đã dùng hay hết hạn. Xem lại phiếu, hoặc xin mã mới.",
        en="Name and activation code do not fit, or the code is used or too old. See your slip, or ask for a new code.",
    )
