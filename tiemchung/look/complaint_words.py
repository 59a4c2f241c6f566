"""How a complaint is called and how it stands, as the doors show it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tiemchung.complaints.models import Complaint
from tiemchung.complaints.states import Standing


@dataclass(frozen=True)
class Words:
    """What is complained of, and the state that goes with it: one of the look's five, and its word."""

    what: str
    kind: str
    word: str


def of(complaint: Complaint, standing: Standing) -> Words:
    """The words for one complaint."""
    kind, word = _state(standing)
    return Words(what(complaint.kind), kind, word)


def what(kind: str) -> str:
    """What is complained of."""
    return {
        "dose_missing": _("Thiếu mũi đã tiêm"),
        "dose_wrong": _("Mũi ghi sai"),
        "not_injected": _("Chưa tiêm mà ghi đã tiêm"),
        "person_wrong": _("Sai thông tin cá nhân"),
    }[kind]


def _state(standing: Standing) -> tuple[str, str]:
    if standing.is_overdue:
        return "caution", _("Quá 48 giờ")
    return {
        "sent": ("wait", _("Đã gửi, chờ xem")),
        "taken": ("wait", _("Đang xem")),
        "accepted": ("ok", _("Đã sửa")),
        "refused": ("stop", _("Không được chấp nhận")),
        "withdrawn": ("unknown", _("Đã rút")),
    }[standing.state]
