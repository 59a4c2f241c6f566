"""The key officers' page: which keys sign, what was proposed, and the second pair of eyes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tiemchung.accounts.models import Account
from tiemchung.ground.errors import RefusedError
from tiemchung.look.words import said
from tiemchung.office.pages import account
from tiemchung.passports import actions_keys, ceremonies, keys
from tiemchung.passports.ceremonies import CeremonyState, KeyState
from tiemchung.passports.models import KeyCeremony, SignerCertificate

SHOWN = 50  # keys on one page, and decisions below them; a facility's keys are many
KEY_WORDS: dict[KeyState, tuple[str, Promise]] = {
    KeyState.ANNOUNCED: ("wait", gettext_lazy("Đã công bố, chưa ký")),
    KeyState.SIGNING: ("ok", gettext_lazy("Đang ký")),
    KeyState.RESTING: ("unknown", gettext_lazy("Đã nghỉ, còn để kiểm tra")),
    KeyState.EXPIRED: ("unknown", gettext_lazy("Hết hạn")),
    KeyState.WITHDRAWN: ("stop", gettext_lazy("Đã thu hồi")),
}
CEREMONY_WORDS: dict[CeremonyState, tuple[str, Promise]] = {
    CeremonyState.PROPOSED: ("wait", gettext_lazy("Chờ người thứ hai")),
    CeremonyState.APPROVED: ("ok", gettext_lazy("Đã duyệt")),
    CeremonyState.REFUSED: ("stop", gettext_lazy("Không duyệt")),
    CeremonyState.LAPSED: ("unknown", gettext_lazy("Quá 7 ngày")),
}
USE_WORDS = {
    keys.PASSPORT: gettext_lazy("Hộ chiếu vắc xin"),
    keys.ATTESTATION: gettext_lazy("Dữ liệu tiêm của cơ sở"),
    keys.SEAL: gettext_lazy("Niêm phong nhật ký"),
}
PROPOSALS: dict[str, Callable[..., KeyCeremony]] = {
    KeyCeremony.Act.WITHDRAW: actions_keys.propose_withdrawal,
    KeyCeremony.Act.DESTROY: actions_keys.propose_destruction,
}


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What waits for a second officer, the nation's keys with their dates, and what was decided lately."""
    rows = KeyCeremony.objects.select_related("facility").order_by("-proposed_at")[:SHOWN]
    shown = [_ceremony(row, request) for row in rows]
    context = {
        "waiting": [one for one in shown if one["state"] is CeremonyState.PROPOSED],
        "keys": _keys(),
        "decided": [one for one in shown if one["state"] is not CeremonyState.PROPOSED],
    }
    return render(request, "office/keys.html", context)


def _keys() -> list[dict[str, Any]]:
    """The nation's keys, the ones that sign first; those of facilities are named where something is done to them."""
    signing = keys.all_signing()
    rows = SignerCertificate.objects.filter(facility=None).order_by("use", "-signs_from")[:SHOWN]
    return [_key(row, ceremonies.key_state(row, signing)) for row in rows]


def _key(row: SignerCertificate, state: KeyState) -> dict[str, Any]:
    kind, word = KEY_WORDS[state]
    acts = []
    if row.withdrawn_at is None:
        acts.append((KeyCeremony.Act.WITHDRAW, _("Đề nghị thu hồi")))
    if row.destroyed_at is None and state not in {KeyState.SIGNING, KeyState.ANNOUNCED}:
        acts.append((KeyCeremony.Act.DESTROY, _("Đề nghị hủy")))
    return {"row": row, "use": USE_WORDS[row.use], "kind": kind, "word": word, "acts": acts}


def _ceremony(row: KeyCeremony, request: HttpRequest) -> dict[str, Any]:
    state = ceremonies.state_of(row)
    kind, word = CEREMONY_WORDS[state]
    names = dict(Account.objects.filter(pk__in=[row.proposed_by, row.decided_by]).values_list("pk", "display_name"))
    return {
        "row": row,
        "state": state,
        "use": USE_WORDS[row.use],
        "kind": kind,
        "word": word,
        "proposer": names.get(row.proposed_by, ""),
        "decider": names.get(row.decided_by, "") if row.decided_by else "",
        "mine": row.proposed_by == account(request).id,
    }


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Propose to withdraw or destroy a key; keys are enrolled by command, where their file or module is."""
    act = PROPOSALS.get(request.POST.get("act", ""))
    if act is None:
        messages.error(request, _("Chưa chọn việc cần làm. Bấm một trong các nút dưới khóa."))
        return redirect("office:keys")
    asked = {"key_id": request.POST.get("key_id", "")[:16], "reason": request.POST.get("reason", "")[:1000]}
    return _said(request, lambda: act(**asked, by=account(request).id), _("Đã đề nghị. Chờ người giữ khóa thứ hai."))


@require_POST
def decide(request: HttpRequest, ceremony_id: UUID) -> HttpResponse:
    """Approve or refuse what another officer proposed."""
    by = account(request).id
    if request.POST.get("decision") == "approve":
        return _said(request, lambda: actions_keys.approve(ceremony_id=ceremony_id, by=by), _("Đã duyệt và thực hiện."))
    reason = request.POST.get("reason", "")[:1000]
    return _said(
        request,
        lambda: actions_keys.refuse(ceremony_id=ceremony_id, by=by, reason=reason),
        _("Đã từ chối. Không có gì thay đổi."),
    )


def _said(request: HttpRequest, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except RefusedError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, done)
    return redirect("office:keys")
