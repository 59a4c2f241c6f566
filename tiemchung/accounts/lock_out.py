"""How often may somebody try? What is counted, how long the wait grows, and what is said meanwhile (docs/adr/0017).

A stranger must not guess for long, and must not shut anybody out by guessing wrong. So tries are counted by who tries:
a device that signed in to the account before has a count of its own, which nobody else can use up. All others share
the counts of name and address together, of the name, and of the address.
Names and addresses enter as keyed digests; whether a name is an account's plays no part, so nothing tells it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from tiemchung.ground import clock
from tiemchung.ground.addresses import is_here
from tiemchung.ground.errors import TooManyError

WINDOW = timedelta(hours=24)
FIRST_WAIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Bucket:
    """One thing that is counted: after `free` tries within the window each further one waits, twice as long."""

    kind: str
    free: int
    longest: timedelta

    def wait(self, count: int) -> timedelta | None:
        """How long the next try must wait after that many; None: not at all."""
        if count < self.free:
            return None
        doubled: timedelta = FIRST_WAIT * 2 ** min(count - self.free, 20)
        return min(self.longest, doubled)


DEVICE = Bucket("device", 10, timedelta(hours=1))
PAIR = Bucket("pair", 5, timedelta(hours=1))
NAME = Bucket("name", 50, timedelta(minutes=15))
# One address of a mobile network or a hospital stands for thousands of people, so it is far from enough by itself.
ADDRESS = Bucket("address", 1000, timedelta(minutes=15))
CODE_BY_ADDRESS = Bucket("code-address", 1000, timedelta(minutes=15))
CODE_IN_ALL = Bucket("code-all", 2_000_000, timedelta(minutes=1))  # messages cost money: the purse has a bottom


@dataclass(frozen=True)
class Counted:
    """A bucket for one name, address or device."""

    bucket: Bucket
    key: str


def counted(bucket: Bucket, *what: str) -> Counted:
    """The count of a bucket for what is named; the table learns a digest only."""
    return Counted(
        bucket, salted_hmac(f"accounts.tries.{bucket.kind}", "\0".join(what), algorithm="sha256").hexdigest()
    )


def of_sign_in(name: str, address: str, device: str | None) -> list[Counted]:
    """What one try to sign in counts for. `device` is a device that signed in to that name before, if it is one."""
    if device:
        return [counted(DEVICE, device, name)]
    return [counted(PAIR, name, address), counted(NAME, name), counted(ADDRESS, address)]


def of_code(address: str) -> list[Counted]:
    """What sending one one-time code counts for, beside the phone's own count (accounts.codes)."""
    in_all = counted(CODE_IN_ALL)
    return [in_all] if is_here(address) else [counted(CODE_BY_ADDRESS, address), in_all]


def own(counts: Iterable[Counted]) -> list[Counted]:
    """Those that a success clears: no stranger's tries are in them. The others only get the one try back."""
    return [one for one in counts if one.bucket in (DEVICE, PAIR)]


def locked(until: datetime) -> TooManyError:
    """Refuse until a time, with what helps sooner; the same words whether or not there is such an account."""
    hour = f"{clock.local(until):%H:%M}"
    return TooManyError(
        "sign_in_locked",
        field="password",
        wait=until - clock.now(),
        vi=f"Đã thử sai nhiều lần. Xin thử lại sau {hour}; máy bạn vẫn dùng để đăng nhập thì không phải chờ. "
        "Quên mật khẩu: hỏi người quản lý tài khoản ở cơ sở, người dân đăng nhập bằng mã tin nhắn.",
        en=f"There were too many wrong tries. Please try again after {hour}; a device on which you signed in before "
        "need not wait. Forgotten password: ask who manages accounts at your facility; citizens use a code by text.",
    )


def codes_locked(until: datetime) -> TooManyError:
    """Refuse to send more one-time codes for an address, or at all, until a time."""
    hour = f"{clock.local(until):%H:%M}"
    return TooManyError(
        "codes_locked",
        field="phone",
        wait=until - clock.now(),
        vi=f"Mạng này vừa xin quá nhiều mã. Xin thử lại sau {hour}, dùng mạng khác, hoặc gọi 1900 9095.",
        en=f"This network asked for too many codes. Try again after {hour}, use another network, or call 1900 9095.",
    )
