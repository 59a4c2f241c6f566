"""The day at a site: its sessions, what was given and what is recorded, its vaccine."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tiemchung.accounts.scope import own_facility
from tiemchung.campaigns.models import Session
from tiemchung.clinic.forms import LateDoseForm, ReceiptForm, TallyForm
from tiemchung.clinic.pages import account, show, show_form
from tiemchung.clinic.words import PARTS, product_name
from tiemchung.doses import actions as doses
from tiemchung.doses import arrivals, backlog
from tiemchung.doses.models import Dose
from tiemchung.ground import clock
from tiemchung.ground.errors import RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import said
from tiemchung.stock import actions as stock
from tiemchung.stock import balance
from tiemchung.visits import day, quarantine


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Today's sessions with their counts, and whose visit waits."""
    facility_id = own_facility(account(request))
    sessions = [(each, PARTS[each.part], product_name(each.product)) for each in day.sessions_today(facility_id)]
    missing = sum(line.missing for line in backlog.of(facility_id) if line.missing > 0)
    context = {
        "sessions": sessions,
        "in_hand": day.in_hand(facility_id),
        "missing": missing,
        "quarantined": quarantine.count(facility_id),
    }
    return show(request, "today", context)


@require_http_methods(["GET", "POST"])
def tally(request: HttpRequest) -> HttpResponse:
    """What was given, typed from paper, beside what is recorded; the difference is the backlog."""
    facility_id = own_facility(account(request))
    form = TallyForm(request.POST) if request.method == "POST" else TallyForm()
    if form.is_valid():
        try:
            doses.type_tally(**form.cleaned_data, by=account(request))
        except RefusedError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Đã ghi số mũi đã tiêm."))
            return redirect("clinic:tally")
    lines = [_line(each) for each in backlog.of(facility_id)]
    return show_form(request, "tally", form, {"lines": lines, "wrong_in": form.data.get("session_id", "")})


@require_http_methods(["GET", "POST"])
def late_entry(request: HttpRequest) -> HttpResponse:
    """A dose from paper. It was given: it is recorded in any case, with findings where something speaks against it."""
    form = LateDoseForm(request.POST or None, initial={"dose_id": new_id()})
    if form.is_valid():
        try:
            dose = _enter_late(request, form)
        except RefusedError as error:
            show_at_field(form, error)
        else:
            return redirect("clinic:late-done", dose.id)
    return show_form(request, "late_entry", form)


@require_GET
def late_done(request: HttpRequest, dose_id: UUID) -> HttpResponse:
    """What was recorded, and what somebody has to look at."""
    dose = get_object_or_404(Dose, id=dose_id, facility_id=own_facility(account(request)))
    arrival = arrivals.meet(dose.person_id, by=account(request), reason="late_entry")
    findings = [said(finding) for finding in dose.findings.filter(resolved_at__isnull=True)]
    context = {"dose": dose, "product_name": product_name(dose.product), "arrival": arrival, "findings": findings}
    return show(request, "late_done", context)


@require_http_methods(["GET", "POST"])
def vaccine(request: HttpRequest) -> HttpResponse:
    """What the site has of each lot, and what has come."""
    facility_id = own_facility(account(request))
    form = ReceiptForm(request.POST or None, initial={"movement_id": new_id()})
    if form.is_valid():
        try:
            stock.receive(facility_id=facility_id, **form.cleaned_data, by=account(request))
        except RefusedError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Đã nhập kho."))
            return redirect("clinic:vaccine")
    lots = [(lot, product_name(lot.product), lot.is_usable(clock.today())) for lot in balance.of(facility_id)]
    return show_form(request, "vaccine", form, {"lots": lots, "today": clock.today()})


def _line(line: backlog.Line) -> dict[str, Any]:
    return {
        "line": line,
        "part": PARTS[line.part],
        "product_name": product_name(line.product),
        "tally_id": new_id(),
    }


def _enter_late(request: HttpRequest, form: LateDoseForm) -> Dose:
    nurse, said_ = account(request), form.cleaned_data
    found = arrivals.scan(said_["text"], by=nurse, reason="late_entry")
    session = Session.objects.filter(
        facility_id=own_facility(nurse), on=said_["injected_on"], product=said_["product"]
    ).first()
    return doses.report(
        person_id=found.person.id,
        product=said_["product"],
        lot_number=said_["lot_number"],
        injected_at=form.injected_at(),
        stated_number=said_["stated_number"],
        session_id=session.id if session else None,
        by=nurse,
        dose_id=said_["dose_id"],
    )
