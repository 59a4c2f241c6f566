"""Which sessions will our facility hold, and who is asked to come?"""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tiemchung.accounts.scope import own_facility
from tiemchung.campaigns import actions
from tiemchung.campaigns.models import Campaign, Invitation, Session
from tiemchung.doses import due
from tiemchung.ground import clock, sql
from tiemchung.ground.errors import RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import number, said
from tiemchung.office.forms import PARTS, SessionForm
from tiemchung.office.pages import account, show

SHOWN = 60  # sessions on one page: a month of two half days
queries = sql.load(__package__)


@require_http_methods(["GET", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """The coming sessions with who is invited; on POST one more is planned."""
    head = account(request)
    facility = own_facility(head)
    campaigns = _running()
    form = SessionForm(request.POST or None, campaigns=campaigns, initial={"session_id": new_id()})
    if form.is_valid():
        try:
            held = actions.hold_session(facility_id=facility, by=head, **form.cleaned_data)
        except RefusedError as error:
            show_at_field(form, error)
        else:
            messages.success(
                request, _("Đã lên lịch buổi tiêm nhận %(count)s người.") % {"count": number(held.capacity)}
            )
            return redirect("office:sessions")
    asked = {"facility": facility, "today": clock.today(), "limit": SHOWN}
    words = dict(PARTS)
    coming = [row | {"part": words[row["part"]]} for row in sql.fetch_all(queries["coming_sessions"], asked)]
    return show(request, "sessions", {"form": form, "sessions": coming, "campaigns": campaigns}, form)


@require_POST
def invite(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Ask those who come next to a session, as many as there is room for. Pressing twice asks nobody twice."""
    head = account(request)
    session = get_object_or_404(Session, pk=session_id, facility=own_facility(head))
    try:
        asked = len(actions.invite(session_id=session.id, due=due.due_for, by=head))
    except RefusedError as error:
        messages.error(request, said(error))
    else:
        tell = messages.success if asked else messages.warning
        tell(request, _answer(asked, Invitation.objects.filter(session=session).count(), session.capacity))
    return redirect("office:sessions")


def _running() -> list[Campaign]:
    """The campaigns that today lies in, the newest first."""
    today = clock.today()
    running = Campaign.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)
    return list(running.order_by("-starts_on", "code"))


def _answer(asked: int, invited: int, capacity: int) -> str:
    figures = {"asked": number(asked), "invited": number(invited), "capacity": number(capacity)}
    if asked:
        told = ngettext("Đã mời %(asked)s người.", "Đã mời %(asked)s người.", asked) % figures
        return f"{told} " + _("Buổi này đã mời %(invited)s trên %(capacity)s chỗ.") % figures
    if invited >= capacity:
        return _("Buổi này đã đủ %(capacity)s người. Lên lịch thêm buổi để mời tiếp.") % figures
    return _("Chưa có ai để mời: không còn người đăng ký nào trong huyện đến hạn tiêm vắc xin này. Mời lại sau.")
