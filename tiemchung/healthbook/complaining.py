"""Saying what is wrong or missing, with a photo, and seeing what became of it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiemchung.complaints import actions, states
from tiemchung.complaints.models import Complaint
from tiemchung.complaints.policy import MOST_PHOTOS
from tiemchung.complaints.reasons import reasons
from tiemchung.doses import course, histories
from tiemchung.ground.errors import RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.healthbook.asking import account_of, held_by
from tiemchung.look import complaint_words as words
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import day, said
from tiemchung.people import merges
from tiemchung.places.models import Facility

Kind = Complaint.Kind
KINDS = [
    (Kind.DOSE_MISSING.value, gettext_lazy("Thiếu một mũi đã tiêm")),
    (Kind.DOSE_WRONG.value, gettext_lazy("Có mũi ghi sai ngày, vắc xin hoặc lô")),
    (Kind.NOT_INJECTED.value, gettext_lazy("Có mũi chưa tiêm mà ghi đã tiêm")),
    (Kind.PERSON_WRONG.value, gettext_lazy("Sai họ tên, ngày sinh, giới tính hoặc số")),
]
SITES = 200  # in the list of sites of the district


class ComplaintForm(forms.Form):
    """What is wrong, which dose, which site, and the photo; the id makes sending twice harmless."""

    complaint_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Sai ở đâu?"),
        choices=[("", gettext_lazy("Chọn điều sai")), *KINDS],
        error_messages={"required": gettext_lazy("Chưa chọn sai ở đâu. Chọn một dòng.")},
    )
    dose_id = forms.ChoiceField(
        label=gettext_lazy("Mũi nào?"), required=False, help_text=gettext_lazy("Thiếu mũi thì để trống.")
    )
    facility_id = forms.ChoiceField(
        label=gettext_lazy("Tiêm ở đâu?"),
        required=False,
        help_text=gettext_lazy("Không có trong danh sách thì để trống, trạm y tế nơi ở sẽ xem."),
    )
    text = forms.CharField(
        label=gettext_lazy("Ghi rõ"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Ví dụ: mũi 2 tiêm ngày 10/12/2021 ở trạm y tế, vắc xin AstraZeneca."),
        error_messages={"required": gettext_lazy("Chưa ghi rõ. Ghi một câu là đủ.")},
    )
    photo = forms.FileField(
        label=gettext_lazy("Ảnh giấy tiêm"),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("Giấy xác nhận, phiếu sàng lọc, giấy hẹn hoặc tin nhắn mời. Chụp cả tờ, đủ sáng."),
        error_messages={"required": gettext_lazy("Chưa có ảnh giấy tiêm. Chụp cả tờ rồi gửi.")},
    )

    def __init__(self, *args: Any, doses: list[tuple[str, str]], sites: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("dose_id", doses), ("facility_id", sites)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", gettext("Để trống")), *choices]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("kind") in (Kind.DOSE_WRONG, Kind.NOT_INJECTED) and not data.get("dose_id"):
            self.add_error("dose_id", gettext("Chưa chọn mũi. Chọn mũi bị ghi sai."))
        return data


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Send a complaint about a person of the book; below it, what was sent before and how it stands."""
    holder = held_by(request, person_id)
    form = ComplaintForm(
        request.POST or None,
        request.FILES or None,
        initial={"complaint_id": new_id()},
        doses=_doses_of(person_id),
        sites=_sites_near(holder.person.residence_id),
    )
    if form.is_valid() and (sent := _sent(request, holder.person.id, form)):
        messages.success(request, gettext("Đã gửi. Sẽ trả lời trong 48 giờ, qua tin nhắn và ở đây."))
        return redirect("healthbook:complaint", sent.id)
    earlier = Complaint.objects.filter(person_id__in=merges.records_of(person_id), account=account_of(request))
    context = {
        "person": holder.person,
        "form": form,
        "earlier": [(each, words.of(each, states.of(each))) for each in earlier.order_by("-sent_at")[:20]],
    }
    return render(request, "healthbook/complaints.html", context, status=422 if form.errors else 200)


@require_GET
def one(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """What was sent, until when it is answered, and what the answer is."""
    complaint = _own(request, complaint_id)
    standing = states.of(complaint)
    reason = reasons().get(standing.last.reason) if standing.last else None
    context = {
        "complaint": complaint,
        "standing": standing,
        "words": words.of(complaint, standing),
        "reason": said(reason) if reason else "",
    }
    return render(request, "healthbook/complaint.html", context)


@require_POST
def withdraw(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Take a complaint back."""
    complaint = _own(request, complaint_id)
    try:
        actions.withdraw(complaint_id=complaint.id, by=account_of(request))
    except RefusedError as error:
        messages.warning(request, said(error))
    return redirect("healthbook:complaint", complaint.id)


def _sent(request: HttpRequest, person_id: UUID, form: ComplaintForm) -> Complaint | None:
    data = form.cleaned_data
    try:
        return actions.send(
            person_id=person_id,
            kind=Kind(data["kind"]),
            text=data["text"],
            files=request.FILES.getlist("photo")[:MOST_PHOTOS],
            by=account_of(request),
            dose_id=UUID(data["dose_id"]) if data["dose_id"] else None,
            facility_id=UUID(data["facility_id"]) if data["facility_id"] else None,
            complaint_id=data["complaint_id"],
        )
    except RefusedError as error:
        show_at_field(form, error)
        return None


def _own(request: HttpRequest, complaint_id: UUID) -> Complaint:
    """Raises Http404 for another account's and for none alike."""
    found = Complaint.objects.select_related("person", "facility", "area").filter(id=complaint_id).first()
    if found is None or found.account_id != account_of(request).id:
        raise Http404
    return found


def _doses_of(person_id: UUID) -> list[tuple[str, str]]:
    entries = histories.of_many([person_id])[person_id]
    return [(str(entry.id), f"{day(entry.day)}, {course.name_of(entry.product)}") for entry in entries]


def _sites_near(commune_code: str | None) -> list[tuple[str, str]]:
    """The sites of the district in which the person lives; elsewhere his own station sees to it."""
    if commune_code is None:
        near = Facility.objects.order_by("name")
    else:
        near = Facility.objects.filter(area__parent__children__code=commune_code).order_by("name")
    return [(str(site.id), site.name) for site in near[:SITES]]
