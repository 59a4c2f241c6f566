"""Which pages does the office's menu name? Those of this table that the table of rights opens for the reader's role."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tiemchung.accounts import rights


@dataclass(frozen=True)
class Entry:
    """A page that a menu may name; `icon` is a name of the sprite."""

    page: str
    word: Promise
    icon: str

    @property
    def url(self) -> str:
        return reverse(self.page)


MENU = (
    Entry("office:home", _("Việc hôm nay"), "house"),
    Entry("office:attest", _("Ký dữ liệu"), "signature"),
    Entry("office:attest-sites", _("Ký dữ liệu"), "signature"),
    Entry("office:sessions", _("Buổi tiêm"), "calendar-days"),
    Entry("office:complaints", _("Phản ánh"), "message-square-text"),
    Entry("office:duplicates", _("Hồ sơ nghi trùng"), "user-round-check"),
    Entry("office:passports", _("Ký hộ chiếu"), "signature"),
    Entry("office:hindrances", _("Vướng hộ chiếu"), "circle-alert"),
    Entry("office:staff", _("Tài khoản"), "user-cog"),
    Entry("office:cleaning", _("Làm sạch"), "list-checks"),
    Entry("office:funnel", _("Xác thực"), "filter"),
    Entry("office:keys", _("Khóa ký"), "key-round"),
    Entry("office:audit", _("Kiểm toán"), "shield-check"),
    Entry("office:clients", _("Chương trình API"), "server"),
    Entry("clinic:sessions", _("Điểm tiêm"), "syringe"),
    Entry("portal:figures", _("Số liệu"), "chart-column-increasing"),
)


def entries(role: str) -> list[Entry]:
    """What the menu of a role names, in the table's order."""
    table = rights.table()
    return [entry for entry in MENU if table[entry.page].opens_for(role)]


def current(request: HttpRequest, shown: list[Entry]) -> Entry | None:
    """The entry under which the page lies that is shown: the one with the longest address that its own begins with."""
    inside = [entry for entry in shown if request.path.startswith(entry.url)]
    return max(inside, key=lambda entry: len(entry.url), default=None)
