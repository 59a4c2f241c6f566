"""Words of the office's pages."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tiemchung.accounts.models import Account
from tiemchung.accounts.states import Standing
from tiemchung.doses.course import rules
from tiemchung.ground import clock
from tiemchung.look import markup
from tiemchung.office import menu
from tiemchung.oversight import acts
from tiemchung.oversight.readers import reason_word

register = template.Library()


@register.simple_tag
def identity_chip(state: str) -> SafeString:
    """How a person's identity stands, as shape and word."""
    kinds = {"right": "ok", "wrong": "caution", "unknown": "stop", "unchecked": "wait"}
    words = {
        "right": gettext("Đúng"),
        "wrong": gettext("Sai, sửa được"),
        "unknown": gettext("Không có số này"),
        "unchecked": gettext("Đang đối chiếu"),
    }
    return markup.state(kinds.get(state, "unknown"), words.get(state, gettext("Chưa có số")), chip=True, small=True)


@register.filter
def product(code: str) -> str:
    """The name that people use for a vaccine; its code when the rules do not know it."""
    found = rules().products.get(code)
    return found.names.vi if found else code


BESIDE = 5  # so many entries stand beside each other on a wide screen; the others unfold


@register.inclusion_tag("office/menu.html", takes_context=True)
def office_menu(context: template.Context) -> dict[str, Any]:
    """The pages that the reader's role opens: all unfold on a phone, and those beyond the first few on a desktop."""
    request = context["request"]
    shown = menu.entries(request.user.role)
    beside = shown if len(shown) <= BESIDE + 1 else shown[:BESIDE]
    here = menu.current(request, shown)
    return {"shown": shown, "beside": beside, "folded": len(shown) > len(beside), "here": here}


@register.filter
def exactly(moment: datetime) -> str:
    """Day and time to the second, on Viet Nam's clock."""
    return f"{clock.local(moment):%d/%m/%Y %H:%M:%S}"


@register.filter
def tail(value: object) -> str:
    """The last six characters of an id: enough to see that two rows are of one."""
    return str(value)[-6:]


@register.simple_tag
def trail_word(row: dict[str, Any]) -> str:
    """What a row of the logs says: an act in words, a look by its reason, a look-up by what it found."""
    if row["kind"] == "read":
        return reason_word(row["what"])
    if row["kind"] == "lookup":
        return (
            gettext("Tra số định danh: có người")
            if row["what"] == "found"
            else gettext("Tra số định danh: không có ai")
        )
    return acts.word(str(row["what"]))


@register.filter
def noted(detail: str) -> str:
    """What was noted with an act, side by side."""
    return acts.noted(detail)


KINDS = {
    Standing.ACTIVE: "ok",
    Standing.WAITING: "wait",
    Standing.AWAY: "caution",
    Standing.SUSPENDED: "stop",
    Standing.EXPIRED: "unknown",
    Standing.CLOSED: "unknown",
}


@register.simple_tag
def standing_kind(account: Account) -> str:
    """The state that goes with how an account stands."""
    return KINDS[account.standing]
