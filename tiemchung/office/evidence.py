"""What speaks for and against two records being one human's, in words for staff."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

AGREES = 1.0  # bits from which a field speaks for one human, and below minus which against


@dataclass(frozen=True)
class Line:
    """One compared field: its word, how it stands, and the state that goes with it."""

    field: str
    kind: str
    word: str


def lines(evidence: dict[str, Any]) -> list[Line]:
    """The compared fields in their order, each with its state: agrees, differs a little, differs."""
    return [
        Line(_field(each["field"]), _state(each["bits"], each["level"]), _level(each["level"]))
        for each in evidence["fields"]
    ]


def words(evidence: dict[str, Any]) -> list[str]:
    """What agrees and what warns, the strongest first: the few words of a list's row."""
    same = [_field(each["field"]) for each in evidence["fields"] if each["bits"] > AGREES]
    said = [_("Khớp: %(fields)s") % {"fields": ", ".join(same).lower()}] if same else []
    if "records" in evidence:
        said.append(_("%(count)s hồ sơ liên quan nhau") % {"count": evidence["records"]})
    return [*said, *_shared(evidence), *_warnings(evidence)]


def _shared(evidence: dict[str, Any]) -> list[str]:
    known = {
        "handle": _("Dữ liệu dân cư biết là một người"),
        "phone": _("Chung số điện thoại"),
        "commune": _("Cùng xã"),
        "same_lot": _("Cùng ngày tiêm, cùng lô"),
        "numbers": _("Mỗi hồ sơ có một số định danh riêng"),
    }
    return [known[name] for name in evidence["extra"] if name in known]


def _warnings(evidence: dict[str, Any]) -> list[str]:
    known = {
        "twins": _("Giống anh chị em sinh đôi"),
        "parent_and_child": _("Giống cha mẹ và con"),
        "number_contradicts": _("Số không hợp với giới tính và năm sinh"),
    }
    return [known[name] for name in evidence["vetoes"] if name in known]


def _state(bits: float, level: str) -> str:
    if level == "same":
        return "ok"
    return "caution" if bits > 0 else "stop"


def _field(name: str) -> str:
    return {
        "full_name": _("Họ tên"),
        "birth_date": _("Ngày sinh"),
        "sex": _("Giới tính"),
        "number": _("Số định danh"),
    }[name]


def _level(level: str) -> str:
    return {
        "same": _("Khớp"),
        "spelling": _("Khác cách viết"),
        "accents": _("Khác dấu"),
        "order": _("Khác thứ tự"),
        "part": _("Thiếu hoặc thừa một chữ"),
        "slip": _("Lệch một ký tự"),
        "close": _("Khác một phần"),
        "swap": _("Đảo ngày và tháng"),
        "vague": _("Một bên chỉ có năm"),
        "two_parts": _("Khác một phần"),
        "one_part": _("Chỉ khớp năm"),
    }.get(level, _("Khác"))
