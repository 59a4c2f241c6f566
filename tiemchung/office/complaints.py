"""Complaints of citizens: the queue by age, one with its photos beside the record, and the answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tiemchung.complaints import actions, policy, states
from tiemchung.complaints import queue as complaints
from tiemchung.complaints.models import Complaint, ComplaintPhoto
from tiemchung.complaints.photos import opened
from tiemchung.doses import histories
from tiemchung.doses.models import Dose
from tiemchung.ground import audit
from tiemchung.ground.errors import RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.identity import states as identity
from tiemchung.look import complaint_words as words
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import said
from tiemchung.office.complaint_forms import LateEntryForm, PersonForm, RefusalForm
from tiemchung.office.forms import CorrectionForm, VoidForm
from tiemchung.office.pages import account, show
from tiemchung.people import merges
from tiemchung.people.restating import as_it_stands, restated

SHOWN = 100
Forms = dict[str, forms.Form]


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits within reach, the oldest first; and for those above, where it is overdue."""
    reader = account(request)
    rows = complaints.waiting(reader, SHOWN)
    for person_id in {row["person_id"] for row in rows}:
        audit.read(person_id=person_id, by=reader.id, reason="complaint", facility_id=reader.facility_id)
    context = {
        "rows": [{**row, "what": words.what(row["kind"])} for row in rows],
        **complaints.count(reader),
        "below": [] if reader.facility_id else complaints.overdue_below(reader, SHOWN),
    }
    return show(request, "complaints", context)


@require_GET
def one(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """A complaint with its photos, beside the record that it is about."""
    return _page(request, _ours(request, complaint_id), {})


@never_cache
@require_GET
def photo(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    """A photo, for those who may answer its complaint. It is kept nowhere on the way."""
    found = get_object_or_404(ComplaintPhoto.objects.select_related("complaint"), id=photo_id)
    reader = account(request)
    if not policy.may_answer(reader, found.complaint):
        raise Http404
    audit.read(person_id=found.complaint.person_id, by=reader.id, reason="complaint", facility_id=reader.facility_id)
    response = HttpResponse(opened(bytes(found.content)), content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    return response


@require_POST
def take(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Say that one sees to it."""
    complaint = _ours(request, complaint_id)
    try:
        actions.take(complaint_id=complaint.id, by=account(request))
    except RefusedError as error:
        messages.warning(request, said(error))
    return redirect("office:complaint", complaint.id)


@require_POST
def refuse(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Refuse on one of the thirteen grounds."""
    return _by_reason(request, complaint_id, "refusal", RefusalForm(request.POST), actions.refuse)


@require_POST
def late_entry(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Accept: record the missing dose."""
    complaint, form = _ours(request, complaint_id), LateEntryForm(request.POST)
    by = account(request)

    def accept() -> Any:
        return actions.accept_with_late_entry(
            complaint_id=complaint.id,
            product=form.cleaned_data["product"],
            lot_number=form.cleaned_data["lot_number"],
            injected_at=form.injected_at(),
            by=by,
        )

    return _answer(request, complaint, "late_entry", form, accept)


@require_POST
def correct_dose(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Accept: correct the dose."""
    complaint = _ours(request, complaint_id)
    form = CorrectionForm(request.POST, dose=_dose(complaint))
    by = account(request)
    return _answer(
        request,
        complaint,
        "correction",
        form,
        lambda: actions.accept_with_correction(complaint_id=complaint.id, changes=form.changes(), by=by),
    )


@require_POST
def void(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Accept: the dose never was."""
    return _by_reason(request, complaint_id, "voiding", VoidForm(request.POST), actions.accept_with_void)


@require_POST
def correct_person(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Accept: correct the person; the population side is asked again by itself."""
    complaint, form = _ours(request, complaint_id), PersonForm(request.POST)
    by = account(request)
    return _answer(
        request,
        complaint,
        "person_form",
        form,
        lambda: actions.accept_with_person(
            complaint_id=complaint.id,
            statement=restated(merges.speaking(complaint.person_id), **form.cleaned_data),
            by=by,
        ),
    )


def _by_reason(
    request: HttpRequest, complaint_id: UUID, name: str, form: forms.Form, act: Callable[..., Any]
) -> HttpResponse:
    """Answer by an act that needs a reason and nothing else."""
    complaint, by = _ours(request, complaint_id), account(request)
    return _answer(
        request,
        complaint,
        name,
        form,
        lambda: act(complaint_id=complaint.id, reason=form.cleaned_data["reason"], by=by),
    )


def _answer(
    request: HttpRequest, complaint: Complaint, name: str, form: forms.Form, act: Callable[[], Any]
) -> HttpResponse:
    if form.is_valid():
        try:
            act()
        except RefusedError as error:
            show_at_field(form, error, injected_at="injected_on")
        else:
            messages.success(request, _("Đã trả lời. Người gửi được báo qua tin nhắn."))
            return redirect("office:complaints")
    return _page(request, complaint, {name: form})


def _ours(request: HttpRequest, complaint_id: UUID) -> Complaint:
    """Raises Http404 for one out of reach and for none alike."""
    found = Complaint.objects.select_related("person", "facility", "area", "dose").filter(id=complaint_id).first()
    if found is None or not policy.may_answer(account(request), found):
        raise Http404
    return found


def _dose(complaint: Complaint) -> Dose:
    """The entry that stands in place of the one complained of. Raises Http404 without one."""
    dose = complaint.dose
    while dose is not None and hasattr(dose, "superseded_by"):
        dose = dose.superseded_by
    if dose is None:
        raise Http404
    return dose


def _page(request: HttpRequest, complaint: Complaint, filled: Forms) -> HttpResponse:
    reader = account(request)
    audit.read(person_id=complaint.person_id, by=reader.id, reason="complaint", facility_id=reader.facility_id)
    standing = states.of(complaint)
    asked = {**_forms(complaint), **filled}
    context = {
        "complaint": complaint,
        "standing": standing,
        "words": words.of(complaint, standing),
        "photos": complaint.photos.order_by("position"),
        "doses": histories.of_many([complaint.person_id])[complaint.person_id],
        "identity": identity.of(complaint.person_id),
        "mine": standing.last is not None and standing.last.by == reader.id,
        **asked,
    }
    return show(request, "complaint", context, *asked.values())


def _forms(complaint: Complaint) -> Forms:
    """The forms that fit what is complained of."""
    found: Forms = {"refusal": RefusalForm()}
    if complaint.kind == Complaint.Kind.PERSON_WRONG:
        found["person_form"] = PersonForm(initial=as_it_stands(merges.speaking(complaint.person_id)))
    elif complaint.kind == Complaint.Kind.DOSE_MISSING and complaint.facility_id:
        found["late_entry"] = LateEntryForm()
    elif complaint.dose_id:
        found["correction"] = CorrectionForm(dose=_dose(complaint), initial={"new_dose_id": new_id()})
        found["voiding"] = VoidForm(initial={"void_id": new_id()})
    return found
