"""What this site's devices sent and could not be taken: seen, and tried again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tiemchung.accounts.scope import own_facility
from tiemchung.clinic.pages import account, show
from tiemchung.clinic.words import event_name
from tiemchung.doses.stages import stages
from tiemchung.look.words import said, vietnamese
from tiemchung.visits import actions_events, quarantine
from tiemchung.visits.events import Answer, Outcome
from tiemchung.visits.quarantine import Waiting


@require_GET
def quarantined(request: HttpRequest) -> HttpResponse:
    """What waits, of which kind, since when and why."""
    facility_id = own_facility(account(request))
    waiting = [_line(each) for each in quarantine.of(facility_id)]
    return show(request, "quarantine", {"waiting": waiting, "count": quarantine.count(facility_id)})


@require_POST
def retry(request: HttpRequest, quarantined_id: UUID) -> HttpResponse:
    """Take one event in again under its own id; pressing twice is harmless."""
    answer = actions_events.retry(quarantined_id=quarantined_id, by=account(request), stages=stages)
    if answer.answer in (Outcome.QUARANTINED, Outcome.CONFLICT):
        messages.error(request, _why(answer))
    elif answer.findings:
        messages.warning(request, _("Đã ghi, còn điều cần xem: %(why)s") % {"why": _why(answer)})
    else:
        messages.success(request, _("Đã ghi."))
    return redirect("clinic:quarantine")


def _line(waiting: Waiting) -> dict[str, Any]:
    return {"event": waiting, "kind": event_name(waiting.kind), "why": said(waiting)}


def _why(answer: Answer) -> str:
    return " ".join(finding["vi" if vietnamese() else "en"] for finding in answer.findings)
