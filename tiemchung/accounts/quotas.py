"""How often may an account do what could be misused? Counted in fixed windows, enforced before it is done."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import yaml

from tiemchung.ground import clock
from tiemchung.ground.errors import TooManyError

FILE = Path(__file__).resolve().parents[2] / "reference_data" / "quotas.yaml"
LENGTHS = {"1m": timedelta(minutes=1), "1h": timedelta(hours=1), "1d": timedelta(days=1)}
KEPT = timedelta(days=35)  # counters: as long as somebody may ask how a month went


@dataclass(frozen=True)
class Quota:
    """So many uses in each window of that length."""

    kind: str
    length: timedelta
    most: int

    def window(self, at: datetime) -> datetime:
        """When the window began in which that moment lies. A day is Viet Nam's day."""
        local = at.astimezone(clock.VIETNAM)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight + (local - midnight) // self.length * self.length).astimezone(UTC)


@cache
def look_up() -> tuple[Quota, ...]:
    """What bounds look-ups of persons by number, from reference data."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf8"))
    return tuple(Quota(row["kind"], LENGTHS[row["every"]], row["most"]) for row in rows)


def of_client(per_minute: int, per_day: int) -> tuple[Quota, Quota]:
    """What bounds the requests of a program."""
    return Quota("api_minute", LENGTHS["1m"], per_minute), Quota("api_day", LENGTHS["1d"], per_day)


def over(quota: Quota, now: datetime) -> TooManyError:
    """Refuse one more, and say when it goes on."""
    wait = quota.window(now) + quota.length - now
    until = clock.local(now + wait)
    return TooManyError(
        "quota_over",
        field="account",
        vi=f"Tài khoản đã dùng hết {quota.most} lượt. Thử lại sau {until:%H:%M}, hoặc gọi 1900 9095.",
        en=f"The account has used all its {quota.most} turns. Try again after {until:%H:%M}, or call 1900 9095.",
        wait=wait,
    )
