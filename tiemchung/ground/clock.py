"""What time is it? A practice day may lie in the past: the whole platform then lives by a shifted clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The platform's time, in UTC: the machine's clock plus the offset of a practice day."""
    return datetime.now(UTC) + settings.CLOCK_OFFSET


def today() -> date:
    """The date in Viet Nam."""
    return now().astimezone(VIETNAM).date()


def local(moment: datetime) -> datetime:
    """The same moment on Viet Nam's clock."""
    return moment.astimezone(VIETNAM)
