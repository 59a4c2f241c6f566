"""What has an account begun that somebody must end? Named before it is closed or sent on leave."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from tiemchung.accounts.models import Account
from tiemchung.ground import clock, sql

WORDS = {
    "visits": _("người đã tiếp đón hôm nay, chưa xong lượt tiêm"),
    "quarantine": _("bản ghi từ thiết bị đang chờ xử lý"),
}
A_DAY = timedelta(days=1)  # a visit of yesterday is over, whatever was written of it
queries = sql.load(__package__)


def open_work(account: Account) -> list[dict[str, Any]]:
    """Kind and count of what is open; empty when there is nothing."""
    if account.facility_id is None:
        return []
    asked = {"facility": account.facility_id, "account": account.id, "since": clock.now() - A_DAY}
    return [row for row in sql.fetch_all(queries["open_work"], asked) if row["count"]]
