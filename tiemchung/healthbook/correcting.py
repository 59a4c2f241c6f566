"""Putting right how a person stands, so that he matches the population side."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from tiemchung.cleaning.actions import recheck
from tiemchung.doses.models import Dose
from tiemchung.ground.errors import RefusedError
from tiemchung.healthbook import joining
from tiemchung.healthbook.asking import account_of, filled_in, held_by
from tiemchung.healthbook.forms import IdentityForm, statement_of
from tiemchung.identity import states as identity
from tiemchung.identity.states import IdentityState
from tiemchung.look.fields import show_at_field
from tiemchung.people import merges
from tiemchung.people.actions import correct
from tiemchung.people.models import Person
from tiemchung.people.restating import as_it_stands


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Correct name, birth date, sex and number as on the ID card. What matches already is not changed here."""
    holder = held_by(request, person_id)
    standing = identity.of(person_id)
    if standing.state is IdentityState.RIGHT:
        messages.info(request, gettext("Thông tin đã khớp với dữ liệu dân cư, không cần sửa."))
        return redirect("healthbook:card", person_id)
    initial = as_it_stands(holder.person) | {"nationality": holder.person.nationality}
    form = IdentityForm(filled_in(request), initial=initial)
    if form.is_valid():
        try:
            correct(
                person_id=person_id,
                statement=statement_of({**_unchanged(holder.person), **form.cleaned_data}),
                source=joining.source_of(holder.relation),
                by=account_of(request).id,
                first_dose_recorded_at=_first_dose_recorded_at(person_id),
            )
        except RefusedError as error:
            show_at_field(form, error)
        else:
            messages.success(request, gettext("Đã lưu. Đang đối chiếu với dữ liệu dân cư."))
            return redirect("healthbook:card", person_id)
    context = {"form": form, "person": holder.person, "wrong": standing.wrong_fields}
    return render(request, "healthbook/correct.html", context, status=422 if form.errors else 200)


@require_POST
def check(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Ask the population side now, two seconds at most; the part of the page that says how the person stands."""
    held_by(request, person_id)
    recheck(person_id=person_id, by=account_of(request).id)
    if "HX-Request" not in request.headers:
        return redirect("healthbook:card", person_id)
    context = {"person_id": person_id, "identity": identity.of(person_id), "asked": True}
    return render(request, "healthbook/parts/identity.html", context)


def _first_dose_recorded_at(person_id: UUID) -> datetime | None:
    theirs = Dose.objects.filter(person_id__in=merges.records_of(person_id))
    first: datetime | None = theirs.aggregate(at=Min("recorded_at"))["at"]
    return first


def _unchanged(person: Person) -> dict[str, str]:
    return {
        "residence_code": person.residence_id or "",
        "address": person.address,
        "insurance_number": person.insurance_number,
    }
