"""Accounts of staff: found, opened, changed, shut and opened again, by those who administer them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tiemchung.accounts import actions_staff, actions_standing, policy
from tiemchung.accounts.actions_second_factor import reset_second_factor
from tiemchung.accounts.actions_staff import Opened
from tiemchung.accounts.activation import HOLDS
from tiemchung.accounts.models import Account, HandOver
from tiemchung.accounts.states import Standing, condition
from tiemchung.ground import clock
from tiemchung.ground.errors import RefusedError
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import said
from tiemchung.office.open_work import WORDS, open_work
from tiemchung.office.pages import account as reader
from tiemchung.office.pages import show
from tiemchung.office.staff_forms import CloseForm, LeaveForm, OpenForm, SearchForm, StaffForm
from tiemchung.vietnam.names import fold

SHOWN = 50


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The accounts that the reader administers, fifty at a time, by name; asked by POST."""
    by = reader(request)
    form = SearchForm(request.POST or None, by=by)
    asked = form.cleaned_data if form.is_valid() else {}
    found = _wanted(policy.administered(by).select_related("facility", "area"), asked)
    page = list(found.order_by("folded", "id")[: SHOWN + 1])
    more = page[SHOWN - 1].id if len(page) > SHOWN else None
    return show(request, "staff", {"form": form, "accounts": page[:SHOWN], "more": more, "asked": asked}, form)


@never_cache
@require_http_methods(["GET", "POST"])
def open_one(request: HttpRequest) -> HttpResponse:
    """Open one account; its slip is shown once."""
    by = reader(request)
    form = OpenForm(request.POST or None, by=by)
    if form.is_valid():
        try:
            opened = actions_staff.open_staff(username=form.cleaned_data["username"], by=by, **form.said())
        except RefusedError as error:
            _refuse(form, error)
        else:
            return _slip(request, opened)
    return show(request, "staff_open", {"form": form}, form)


@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One account: how it stands and what may be done; on POST its name, role, place or last day change."""
    found = _administered(request, account_id)
    if request.method != "POST":
        return _page(request, found)
    form = StaffForm(request.POST, by=reader(request))
    if form.is_valid():
        try:
            actions_staff.change_staff(account_id=found.id, by=reader(request), **form.said())
        except RefusedError as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect("office:staff-member", found.id)
    return _page(request, found, change=form)


@never_cache
@require_POST
def new_code(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Take the password away and show a new slip, once."""
    _administered(request, account_id)
    try:
        return _slip(request, actions_staff.reset_password(account_id=account_id, by=reader(request)))
    except RefusedError as error:
        messages.error(request, said(error))
        return redirect("office:staff-member", account_id)


@require_POST
def reset_factor(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Take the second factor from who lost his phone; he sets one up at the next sign-in."""
    found = _administered(request, account_id)
    reset_second_factor(account=found, by=reader(request))
    messages.success(request, _("Đã đặt lại mã hai lớp. Người này cài lại khi đăng nhập lần tới."))
    return redirect("office:staff-member", account_id)


@require_POST
def suspend(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Shut an account until it is resumed."""
    _administered(request, account_id)
    actions_standing.suspend(account_id=account_id, by=reader(request))
    messages.success(request, _("Đã khóa. Phiên đang mở dừng ngay."))
    return redirect("office:staff-member", account_id)


@require_POST
def resume(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Open again what was suspended, or who is back from a leave."""
    found = _administered(request, account_id)
    try:
        act = actions_standing.resume if found.suspended_at else actions_standing.come_back
        act(account_id=account_id, by=reader(request))
    except RefusedError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, _("Đã mở lại."))
    return redirect("office:staff-member", account_id)


@require_POST
def leave(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Send on a leave, with somebody who takes the open work."""
    found = _administered(request, account_id)
    form = LeaveForm(request.POST, successors=actions_standing.successors(found), auto_id="nghi_%s")
    if form.is_valid():
        heir = form.cleaned_data.pop("successor")
        try:
            actions_standing.send_on_leave(
                account_id=found.id,
                by=reader(request),
                successor_id=heir.id if heir else None,
                open_work=open_work,
                **form.cleaned_data,
            )
        except RefusedError as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Đã ghi kỳ nghỉ."))
            return redirect("office:staff-member", found.id)
    return _page(request, found, leave=form)


@require_POST
def close(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Close for good, with somebody who takes the open work."""
    found = _administered(request, account_id)
    form = CloseForm(request.POST, successors=actions_standing.successors(found), auto_id="dong_%s")
    if form.is_valid():
        heir = form.cleaned_data["successor"]
        try:
            actions_standing.close(
                account_id=found.id,
                on=form.cleaned_data["on"],
                by=reader(request),
                successor_id=heir.id if heir else None,
                open_work=open_work,
            )
        except RefusedError as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Đã ghi ngày đóng."))
            return redirect("office:staff-member", found.id)
    return _page(request, found, close=form)


def _wanted(among: QuerySet[Account], asked: dict[str, Any]) -> QuerySet[Account]:
    """Narrow by each word of the text, by role and standing, and go on after the last one shown."""
    for word in fold(asked.get("text") or "").split():
        among = among.filter(Q(folded__contains=word) | Q(username__contains=word.lower()))
    if asked.get("role"):
        among = among.filter(role=asked["role"])
    if asked.get("standing"):
        among = among.filter(condition(Standing(asked["standing"]), clock.today()))
    last = among.model.objects.filter(id=asked["after"]).first() if asked.get("after") else None
    return among.filter(Q(folded__gt=last.folded) | Q(folded=last.folded, id__gt=last.id)) if last else among


def _administered(request: HttpRequest, account_id: UUID) -> Account:
    """The account, when the reader administers it. Raises Http404 for any other: the two read alike."""
    among = policy.administered(reader(request)).select_related("facility", "area")
    found = among.filter(id=account_id).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, found: Account, **forms_sent: forms.Form) -> HttpResponse:
    by, heirs = reader(request), actions_standing.successors(found)
    change = forms_sent.get("change") or StaffForm(by=by, initial=_as_written(found))
    leaving = forms_sent.get("leave") or LeaveForm(
        successors=heirs, initial={"begins_on": _day(clock.today())}, auto_id="nghi_%s"
    )
    closing = forms_sent.get("close") or CloseForm(
        successors=heirs, initial={"on": _day(clock.today())}, auto_id="dong_%s"
    )
    context = {
        "member": found,
        "work": [{"word": WORDS[row["kind"]], "count": row["count"]} for row in open_work(found)],
        "hand_overs": HandOver.objects.filter(account=found).select_related("successor").order_by("-made_at")[:10],
        "taken_over": HandOver.objects.filter(successor=found).select_related("account").order_by("-made_at")[:10],
        "change": change,
        "leave": leaving,
        "close": closing,
        "closed": found.standing == Standing.CLOSED,
    }
    return show(request, "staff_member", context, *forms_sent.values())


def _slip(request: HttpRequest, opened: Opened) -> HttpResponse:
    shown = Account.objects.select_related("facility", "area").get(id=opened.account.id)
    place = str(shown.facility or shown.area or "")
    slip = {"username": shown.username, "name": shown.display_name, "place": place, "code": opened.code}
    return render(request, "office/staff_slip.html", {"slip": slip, "member": shown, "until": clock.now() + HOLDS})


def _as_written(found: Account) -> dict[str, Any]:
    return {
        "display_name": found.display_name,
        "role": found.role,
        "facility": found.facility.code if found.facility else "",
        "area": found.area_id or "",
        "expires_on": _day(found.expires_on) if found.expires_on else "",
    }


def _day(day: Any) -> str:
    return f"{day:%d/%m/%Y}"


def _refuse(form: forms.Form, error: RefusedError) -> None:
    show_at_field(form, error, name="display_name", facility_id="facility", area_code="area")
