"""How are the words of the rules shown to a nurse?"""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tiemchung.campaigns.models import Session
from tiemchung.doses import course
from tiemchung.dosing import Due

PARTS: dict[str, Promise] = {"morning": gettext_lazy("Buổi sáng"), "afternoon": gettext_lazy("Buổi chiều")}
# value, state, word, what follows
OUTCOMES = [
    ("eligible", "ok", gettext_lazy("Đủ điều kiện"), gettext_lazy("Tiêm")),
    ("caution", "caution", gettext_lazy("Thận trọng"), gettext_lazy("Tiêm, theo dõi kỹ")),
    ("postponed", "wait", gettext_lazy("Trì hoãn"), gettext_lazy("Hẹn ngày khác")),
    ("contraindicated", "stop", gettext_lazy("Chống chỉ định"), gettext_lazy("Không tiêm vắc xin này")),
]
_KINDS = {
    "additional": gettext_lazy("Mũi bổ sung"),
    "booster1": gettext_lazy("Mũi nhắc lại lần 1"),
    "booster2": gettext_lazy("Mũi nhắc lại lần 2"),
}


_EVENTS = {
    "person_declared": gettext_lazy("Nhập người mới"),
    "checked_in": gettext_lazy("Tiếp đón"),
    "screened": gettext_lazy("Khám sàng lọc"),
    "injected": gettext_lazy("Mũi tiêm"),
    "observation_ended": gettext_lazy("Hết theo dõi"),
    "tally_typed": gettext_lazy("Số mũi trong buổi"),
}


def event_name(kind: str) -> str:
    """What kind of thing a device has sent."""
    return str(_EVENTS.get(kind, gettext_lazy("Chưa rõ việc gì")))


def product_name(code: str) -> str:
    """The name that people use for a product."""
    product = course.rules().products.get(code)
    return product.names.vi if product else code


def products() -> list[tuple[str, str]]:
    """The products that sites of this country give, by code and name."""
    known = course.rules().products.values()
    return [(product.code, product.names.vi) for product in known if product.status == "approved"]


def due_name(due: Due | None, given: int) -> str:
    """«Mũi 2», or the kind of a later dose; the next number where nothing is due."""
    if due is not None and due.kind in _KINDS:
        return str(_KINDS[due.kind])
    return _("Mũi %(number)s") % {"number": due.number if due else given + 1}


def session_name(session: Session) -> str:
    """«Buổi sáng, AstraZeneca»."""
    return f"{PARTS[session.part]}, {product_name(session.product)}"
