"""Who has come? Scan or type, see whether it is the right person, check in; or enter somebody new."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from tiemchung.accounts.models import Account
from tiemchung.accounts.scope import own_facility
from tiemchung.campaigns import actions as campaigns
from tiemchung.campaigns import lookup as campaign_lookup
from tiemchung.campaigns.models import Registration
from tiemchung.campaigns.screening_questions import REGISTRATION, questions
from tiemchung.cleaning.reach import is_here
from tiemchung.clinic import standing
from tiemchung.clinic.codes import from_code
from tiemchung.clinic.forms import OTHERS, CheckInForm, PersonForm, ScanForm
from tiemchung.clinic.pages import account, not_from_our_page, person_unknown, show, show_form
from tiemchung.clinic.words import due_name, product_name
from tiemchung.doses import arrivals
from tiemchung.doses.arrivals import Arrival
from tiemchung.ground import clock
from tiemchung.ground.errors import NotFoundError, RefusedError, http_status
from tiemchung.ground.ids import new_id
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import said
from tiemchung.people import actions as people
from tiemchung.people.models import Person
from tiemchung.people.policy import Source
from tiemchung.people.statement import Statement
from tiemchung.places.models import Facility
from tiemchung.visits import actions as visits
from tiemchung.visits import day
from tiemchung.visits.models import Visit


@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest) -> HttpResponse:
    """Scan a code or type a number; a person who is found is shown, one who is not may be entered."""
    form = ScanForm(request.POST if request.method == "POST" else None)
    unknown = ""
    if form.is_valid():
        try:
            found = arrivals.scan(form.cleaned_data["text"], by=account(request))
        except NotFoundError as error:
            unknown = form.cleaned_data["text"]
            form.add_error("text", said(error))
        except RefusedError as error:
            form.add_error("text", said(error))
        else:
            return redirect("clinic:person", found.way, found.person.id)
    facility_id = own_facility(account(request))
    return show_form(request, "scan", form, {"unknown": unknown, **_floor_now(facility_id)})


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, way: str, person_id: UUID) -> HttpResponse:
    """Step 1: is it the right person, and what is due today? On POST the visit begins.

    Raises NotFoundError, alike for nobody and for who is not expected here now.
    """
    if not is_here(account(request), person_id):
        raise person_unknown()
    if request.method == "POST":
        return _check_in(request, way, person_id)
    return _confirm(request, arrivals.meet(person_id, by=account(request), way=way))


@require_http_methods(["GET", "POST"])
def walk_in(request: HttpRequest) -> HttpResponse:
    """Enter and register somebody who came without registering; a scanned card fills in the form."""
    if "scanned" in request.POST:
        return show(request, "walk_in", {"form": PersonForm(initial=from_code(request.POST["scanned"]))})
    form = PersonForm(request.POST or None, initial={"person_id": new_id()})
    if form.is_valid():
        try:
            entered = _enter(form.cleaned_data, account(request))
        except RefusedError as error:
            show_at_field(form, error)
        else:
            return redirect("clinic:person", Visit.Way.TYPED, entered.id)
    return show_form(request, "walk_in", form)


def _floor_now(facility_id: UUID) -> dict[str, Any]:
    sessions = day.sessions_today(facility_id)
    return {
        "last": day.last_done(facility_id),
        "waiting": sum(session.waiting for session in sessions),
        "injected": sum(session.injected for session in sessions),
        "observed": sum(session.observed for session in sessions),
    }


def _confirm(request: HttpRequest, arrival: Arrival, refused: RefusedError | None = None) -> HttpResponse:
    given = len(arrival.course.doses)
    context = {
        "arrival": arrival,
        "person": arrival.person,
        "identity": standing.shown(arrival.person.id),
        "due_name": due_name(arrival.course.answer.due, given),
        "product_name": product_name(arrival.session.product) if arrival.session else "",
        "verdict": said(arrival.verdict.reason) if arrival.verdict else "",
        "last": arrival.last_dose,
        "last_product": product_name(arrival.last_dose.product) if arrival.last_dose else "",
        "dots": (min(given, 2), 2, max(given - 2, 0)),
        "told": _told(arrivals.registration_of(arrival.person)),
        "visit_id": new_id(),
        "refused": said(refused) if refused else "",
    }
    return show(request, "person", context, status=http_status(refused) if refused else 200)


def _told(registration: Registration | None) -> list[str]:
    """What the person said yes to when he registered: whoever screens should look at it."""
    if registration is None:
        return []
    asked = questions(REGISTRATION, clock.today())
    return [said(question) for question in asked if registration.history.get(question.code) == "yes"]


def _check_in(request: HttpRequest, way: str, person_id: UUID) -> HttpResponse:
    form = CheckInForm(request.POST.dict() | {"way": way})
    try:
        if not form.is_valid():
            raise not_from_our_page()
        visit = visits.check_in(person_id=person_id, by=account(request), **form.cleaned_data)
    except RefusedError as error:
        return _confirm(request, arrivals.meet(person_id, by=account(request), way=way), refused=error)
    return redirect("clinic:visit", visit.id)


@transaction.atomic
def _enter(said_: dict[str, Any], by: Account) -> Person:
    """Somebody who is new lives, as far as the table knows, where the site is: by this he is invited to his next dose.

    Whoever is known already keeps the commune that he has.
    """
    number = said_["identity_number"].strip()
    statement = Statement(
        full_name=said_["full_name"],
        birth_date=said_["birth_date"],
        sex=said_["sex"],
        identity_numbers=((None, number),) if number else (),
        phone=said_["phone"],
        residence_code=str(Facility.objects.get(id=own_facility(by)).area_id),
        address=said_["address"],
    )
    entered = people.declare(statement=statement, source=Source.SITE, by=by.id, person_id=said_["person_id"])
    _register(entered, int(said_["priority_group"] or OTHERS), by)
    return entered


def _register(entered: Person, group: int, by: Account) -> None:
    campaign = campaign_lookup.open_now()
    if campaign is None or entered.id in campaign_lookup.live_registrations([entered.id]):
        return
    campaigns.register(
        campaign_id=campaign.id,
        person_id=entered.id,
        priority_group=group,
        history={},
        source=Registration.Source.SITE,
        consent=False,  # consent is taken on paper at the table
        by=by.id,
    )
