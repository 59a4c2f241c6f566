"""Who did what, and who looked at whom? The auditor's pages: they change nothing but what an alarm turned out to be."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tiemchung.accounts.models import Account
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import NotFoundError, RefusedError
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import vietnamese
from tiemchung.office.pages import account, show, whole_day
from tiemchung.oversight import actions_alarm, actions_look, alarms, trail
from tiemchung.oversight.models import Alarm, AlarmFinding, Seal
from tiemchung.people import lookup
from tiemchung.people.models import Person

ON_A_PAGE = 30  # alarms
_MISSING = gettext_lazy("Chưa có gì để tìm. Gõ QID, số định danh, mã hồ sơ, hoặc tên đăng nhập.")


class FindForm(forms.Form):
    """Whom or which account the auditor asks about; asked by POST, so that no number stands in an address."""

    text = forms.CharField(
        label=gettext_lazy("QID, số định danh, mã hồ sơ hoặc tên đăng nhập"),
        max_length=600,
        error_messages={"required": _MISSING},
    )


class TimeForm(forms.Form):
    """An hour of a day."""

    day = forms.CharField(
        label=gettext_lazy("Ngày"),
        max_length=20,
        help_text=gettext_lazy("Ví dụ 14/05/2022."),
        error_messages={"required": gettext_lazy("Chưa có ngày. Gõ như mẫu 14/05/2022.")},
    )
    hour = forms.IntegerField(
        label=gettext_lazy("Từ giờ"),
        min_value=0,
        max_value=23,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={
            name: gettext_lazy("Giờ từ 0 đến 23. Gõ lại.") for name in ("required", "invalid", "min_value", "max_value")
        },
    )

    def clean_day(self) -> Any:
        return whole_day(self.cleaned_data["day"], gettext_lazy("Ngày chưa đủ. Gõ cả ngày, tháng và năm."))

    @property
    def since(self) -> datetime:
        """The beginning of that hour in Viet Nam."""
        at = time(self.cleaned_data["hour"])
        return datetime.combine(self.cleaned_data["day"], at, tzinfo=clock.VIETNAM)


class FindingForm(forms.Form):
    """What an alarm turned out to be."""

    finding = forms.ChoiceField(
        label=gettext_lazy("Kết luận"),
        choices=AlarmFinding.Finding.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Chưa chọn kết luận. Chọn một.")),
    )
    note = forms.CharField(
        label=gettext_lazy("Ghi chú"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Không ghi tên hay số của người dân."),
    )


@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Open alarms, the last seal, and the way to a person, an account or an hour."""
    by_hour = "day" in request.POST
    finding = FindForm(request.POST if request.method == "POST" and not by_hour else None)
    hour = TimeForm(request.POST if by_hour else None)
    if hour.is_bound and hour.is_valid():
        return redirect("office:audit-time", int(hour.since.timestamp()))
    if finding.is_bound and finding.is_valid():
        try:
            return _found(finding.cleaned_data["text"].strip(), account(request))
        except RefusedError as error:
            show_at_field(finding, error, scan="text")
    context = {
        "find": finding,
        "hour": hour,
        "open": alarms.open_count(),
        "alarms": _alarms(Alarm.objects.filter(findings=None))[:5],
        "seal": Seal.objects.order_by("-number").first(),
    }
    return show(request, "audit", context, finding, hour)


@require_GET
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What was done with a record, and who looked at it. This look is written down too."""
    found = get_object_or_404(Person, pk=person_id)
    audit.read(person_id=found.id, by=account(request).id, reason="audit")
    title = _("Hồ sơ có QID %(qid)s") % {"qid": found.qid}
    return _trail(request, title, lambda after: trail.of_person(found.id, after), without="person")


@require_GET
def of_account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """What an account did and looked at."""
    found = get_object_or_404(Account.objects.select_related("facility", "area"), pk=account_id)
    actions_look.note_look(what="account", subject=found.id, by=account(request))
    title = _("Tài khoản %(name)s") % {"name": found.username}
    place = found.facility or found.area
    note = f"{found.get_role_display()}, {place}" if place else str(found.get_role_display())
    return _trail(request, title, lambda after: trail.of_account(found.id, after), note, without="account")


@require_GET
def of_time(request: HttpRequest, since: int) -> HttpResponse:
    """All that happened in an hour that begins `since` seconds after 1970."""
    start = _moment(since)
    actions_look.note_look(what="time", by=account(request))
    title = _("Từ %(since)s") % {"since": f"{clock.local(start):%H:%M %d/%m/%Y}"}
    end = start + timedelta(hours=1)
    return _trail(request, title, lambda after: trail.of_time(start, end, after), _("Trong một giờ"))


@require_GET
def alarm_list(request: HttpRequest) -> HttpResponse:
    """All alarms, the latest first."""
    rows = _alarms(Alarm.objects.all(), request.GET.get("after", ""))
    more = rows[-1].id if len(rows) == ON_A_PAGE else None
    return show(request, "audit_alarms", {"alarms": rows, "more": more})


@require_http_methods(["GET", "POST"])
def alarm(request: HttpRequest, alarm_id: UUID) -> HttpResponse:
    """One alarm: what was counted, why that is too much, and what it turned out to be."""
    found = get_object_or_404(Alarm, pk=alarm_id)
    form = FindingForm(request.POST or None)
    if form.is_valid():
        try:
            actions_alarm.look_at(alarm_id=found.id, by=account(request), **form.cleaned_data)
        except RefusedError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Đã ghi kết luận."))
            return redirect("office:audit-alarm", found.id)
    by = Account.objects.filter(pk__in=[found.account_id] if found.account_id else [])
    who = by.select_related("facility", "area").first()
    context = {"alarm": _worded(found), "form": form, "who": who, "findings": found.findings.order_by("at")}
    return show(request, "audit_alarm", context, form)


def _found(text: str, by: Account) -> HttpResponse:
    """The page of what was asked for: a record's id, a user name, a QID, a scan or a number. Raises RefusedError."""
    by_id = _uuid(text)
    known = Person.objects.filter(pk=by_id).first() if by_id else lookup.by_qid(text)
    if known:
        return redirect("office:audit-person", known.id)
    who = Account.objects.filter(username=text).first()
    if who:
        return redirect("office:audit-account", who.id)
    if by_id:
        raise NotFoundError(
            "record_unknown", field="text", vi="Không có hồ sơ này. Xem lại mã.", en="There is no such record."
        )
    return redirect("office:audit-person", lookup.by_scan(text, by=by.id).person.id)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _trail(request: HttpRequest, title: str, page: Any, note: str = "", without: str = "") -> HttpResponse:
    """A page of the logs, without the column that would say the same in each row."""
    try:
        shown = page(request.GET.get("after", ""))
    except RefusedError as error:
        raise Http404 from error
    return show(
        request,
        "audit_trail",
        {"title": title, "note": note, "rows": shown.rows, "after": shown.after, "without": without},
    )


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise Http404 from None


def _alarms(found: Any, after: str = "") -> list[Alarm]:
    """Alarms with the words of their rules; ids sort by time of making, so they mark the page."""
    last = _uuid(after)
    rows = found.filter(id__lt=last) if last else found
    return [_worded(row) for row in rows.prefetch_related("findings").order_by("-id")[:ON_A_PAGE]]


def _worded(row: Alarm) -> Alarm:
    rule = alarms.rules().get(row.rule)
    row.word = (rule.vi if vietnamese() else rule.en) if rule else row.rule  # type: ignore[attr-defined]
    row.why = (rule.why_vi if vietnamese() else rule.why_en) if rule else ""  # type: ignore[attr-defined]
    return row
