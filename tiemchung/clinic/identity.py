"""Is the person the one that the nation knows? Asked while he stands there; what differs is shown with its cure."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tiemchung.accounts.models import Account
from tiemchung.accounts.scope import own_facility
from tiemchung.cleaning import actions
from tiemchung.cleaning.reach import has_met
from tiemchung.clinic.codes import from_code
from tiemchung.clinic.forms import IdentityForm
from tiemchung.clinic.pages import account, person_unknown, show, show_form
from tiemchung.clinic.standing import shown
from tiemchung.ground import audit
from tiemchung.ground.errors import RefusedError
from tiemchung.look.fields import show_at_field
from tiemchung.people import actions as people
from tiemchung.people import merges
from tiemchung.people.models import Person
from tiemchung.people.policy import Source
from tiemchung.people.restating import as_it_stands, restated
from tiemchung.visits.models import Visit


@require_POST
def check(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Ask the population side now, two seconds at most; the part of the page that says how the person stands."""
    nurse = account(request)
    _person(person_id, nurse)
    actions.recheck(person_id=person_id, by=nurse.id)
    audit.read(person_id=person_id, by=nurse.id, reason="population_check", facility_id=own_facility(nurse))
    if "HX-Request" not in request.headers:
        return redirect("clinic:person", Visit.Way.TYPED, person_id)
    return show(request, "parts/identity", {"identity": shown(person_id, asked=True)})


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Put name, birth date, sex and number right from the card in hand; a scanned card fills in the form."""
    nurse = account(request)
    person = _person(person_id, nurse)
    audit.read(person_id=person.id, by=nurse.id, reason="correct_person", facility_id=own_facility(nurse))
    standing = shown(person.id)
    if "scanned" in request.POST:
        form = IdentityForm(initial=as_it_stands(person) | from_code(request.POST["scanned"]))
        return show(request, "correct", {"form": form, "person": person, "identity": standing})
    form = IdentityForm(request.POST or None, initial=as_it_stands(person))
    if form.is_valid():
        try:
            statement = restated(person, **form.cleaned_data)
            people.correct(person_id=person.id, statement=statement, source=Source.SITE, by=nurse.id)
        except RefusedError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Đã sửa theo thẻ. Đang đối chiếu lại."))
            return redirect("clinic:person", Visit.Way.TYPED, person.id)
    return show_form(request, "correct", form, {"person": person, "identity": standing})


def _person(person_id: UUID, nurse: Account) -> Person:
    """Who came to the site, by the record that speaks for him. Raises NotFoundError.

    It reads alike for nobody and for who was never here.
    """
    if not Person.objects.filter(id=person_id).exists() or not has_met(nurse, person_id):
        raise person_unknown()
    return merges.speaking(person_id)
