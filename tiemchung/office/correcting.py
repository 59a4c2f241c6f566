"""A dose that was recorded wrongly: find it, see what was found about it, correct it or say that it never was."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tiemchung.accounts.scope import own_facility
from tiemchung.doses import actions
from tiemchung.doses.models import Dose
from tiemchung.ground import audit
from tiemchung.ground.errors import NotFoundError, RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import said
from tiemchung.office.forms import CorrectionForm, FindDoseForm, VoidForm
from tiemchung.office.pages import account, show
from tiemchung.passports.models import AttestedDose
from tiemchung.people import lookup, merges
from tiemchung.people.models import Person
from tiemchung.visits import presence


@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The doses that our facility gave to somebody. Asked by POST: a number never stands in an address."""
    form = FindDoseForm(request.POST or None)
    person, found = None, []
    if form.is_valid():
        try:
            person = lookup.by_scan(form.cleaned_data["text"], by=account(request).id).person
            found = _ours_of(person, own_facility(account(request)))
        except RefusedError as error:
            show_at_field(form, error, scan="text")
        else:
            _note_read(request, person)
    return show(request, "doses", {"form": form, "person": person if found else None, "doses": found}, form)


@require_http_methods(["GET", "POST"])
def dose(request: HttpRequest, dose_id: UUID) -> HttpResponse:
    """A dose of our facility with its findings; on POST a new entry takes its place."""
    entry = _ours(request, dose_id)
    form = CorrectionForm(request.POST or None, dose=entry, initial={"new_dose_id": new_id()})
    if not form.is_valid():
        return _page(request, entry, correction=form)
    made_id = form.cleaned_data["new_dose_id"]
    try:
        if not _made_before(entry, made_id):
            actions.supersede(dose_id=entry.id, by=account(request), new_dose_id=made_id, **form.changes())
    except RefusedError as error:
        show_at_field(form, error, injected_at="injected_on")
        return _page(request, entry, correction=form)
    messages.success(request, _("Đã sửa. Mũi mới chờ ký."))
    return redirect("office:attest")


@require_POST
def void(request: HttpRequest, dose_id: UUID) -> HttpResponse:
    """Say that a dose of our facility never was; the entry stays in the ledger, with the reason."""
    entry = _ours(request, dose_id)
    form = VoidForm(request.POST)
    if not form.is_valid():
        return _page(request, entry, voiding=form)
    made_id, reason = form.cleaned_data["void_id"], form.cleaned_data["reason"]
    try:
        if not _made_before(entry, made_id):
            actions.void(dose_id=entry.id, reason=reason, by=account(request), void_id=made_id)
    except RefusedError as error:
        show_at_field(form, error)
        return _page(request, entry, voiding=form)
    messages.success(request, _("Đã hủy mũi này. Sổ giữ lại lý do."))
    return redirect("office:attest")


def _ours(request: HttpRequest, dose_id: UUID) -> Dose:
    ours = Dose.objects.filter(facility=own_facility(account(request))).select_related("person", "superseded_by")
    return get_object_or_404(ours, pk=dose_id)


def _ours_of(person: Person, facility_id: UUID) -> list[Dose]:
    """The standing doses of a person at a facility. Raises NotFoundError when there are none."""
    records = merges.records_of(person.id)
    standing = Dose.objects.filter(person__in=records, facility=facility_id, superseded_by=None, void_reason="")
    found = list(standing.select_related("attesteddose").order_by("injected_at"))
    if not found:
        raise NotFoundError(
            "no_dose_here",
            field="text",
            vi="Người này không có mũi nào của cơ sở. Xem lại số, hoặc hỏi cơ sở đã tiêm.",
            en="This person has no dose of this facility. Check the number, or ask the site that gave it.",
        )
    return found


def _made_before(entry: Dose, made_id: UUID) -> bool:
    """Whether this very form was sent before: a second press changes nothing."""
    return Dose.objects.filter(pk=made_id, supersedes=entry).exists()


def _page(
    request: HttpRequest, entry: Dose, *, correction: CorrectionForm | None = None, voiding: VoidForm | None = None
) -> HttpResponse:
    unread = entry.findings.filter(code=presence.UNPROVEN, resolved_at=None).exists()
    if not unread:
        _note_read(request, entry.person)
    correction = correction or CorrectionForm(dose=entry, initial={"new_dose_id": new_id()})
    voiding = voiding or VoidForm(initial={"void_id": new_id()})
    context: dict[str, Any] = {
        "dose": entry,
        "unread": unread,
        "findings": [said(finding) for finding in entry.findings.filter(resolved_at=None).order_by("code")],
        "signed": AttestedDose.objects.filter(dose=entry).exists(),
        "stands": not entry.void_reason and not hasattr(entry, "superseded_by"),
        "correction": correction,
        "voiding": voiding,
    }
    asked: list[forms.Form] = [correction, voiding]
    return show(request, "dose", context, *asked)


def _note_read(request: HttpRequest, person: Person) -> None:
    """A name is shown: the person may see who looked."""
    head = account(request)
    audit.read(person_id=person.id, by=head.id, reason="correct_dose", facility_id=own_facility(head))
