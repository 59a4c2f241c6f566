"""The thirty minutes after the injection: a board of clocks, and how each observation ends."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiemchung.accounts.scope import own_facility
from tiemchung.campaigns.screening_questions import SCREENING_ADULT, questions
from tiemchung.clinic.forms import EndForm, LetGoForm
from tiemchung.clinic.pages import account, not_from_our_page, show, show_form
from tiemchung.doses import arrivals
from tiemchung.ground import clock
from tiemchung.ground.errors import RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import said
from tiemchung.visits import actions as visits
from tiemchung.visits import day, presence, states
from tiemchung.visits.day import Seat
from tiemchung.visits.models import Observation


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Who sits in observation: those who may leave first, then by the time left."""
    return show(request, "board", _board(request))


@require_GET
def tiles(request: HttpRequest) -> HttpResponse:
    """The board's tiles alone: an open page asks for them again every half minute."""
    return show(request, "parts/tiles", _board(request))


@require_POST
def let_go(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Well after thirty minutes: the person may go. The id that the page made makes sending twice harmless."""
    form = LetGoForm(request.POST)
    try:
        if not form.is_valid():
            raise not_from_our_page()
        visits.end_observation(
            visit_id=visit_id, outcome=Observation.Outcome.WELL, by=account(request), **form.cleaned_data
        )
    except RefusedError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, _("Đã cho về."))
    return redirect("clinic:board")


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """A reaction, or somebody who leaves early: what it was is written down."""
    form = EndForm(request.POST or None, initial={"observation_id": new_id()})
    if form.is_valid():
        try:
            visits.end_observation(
                visit_id=visit_id,
                outcome=Observation.Outcome(form.cleaned_data["outcome"]),
                by=account(request),
                note=form.cleaned_data["note"],
                observation_id=form.cleaned_data["observation_id"],
            )
        except RefusedError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect("clinic:board")
    facts = states.facts_of_id(visit_id, own_facility(account(request)))
    presence.check_known(facts.facility_id, facts.person_id)
    arrival = arrivals.meet(facts.person_id, by=account(request), reason="observation")
    return show_form(request, "end", form, {"arrival": arrival, "visit_id": visit_id, "facts": facts})


def _board(request: HttpRequest) -> dict[str, Any]:
    seats = day.board(own_facility(account(request)))
    return {
        "now": clock.now(),
        "may_leave": [_tile(seat) for seat in seats if seat.may_leave],
        "observed": [_tile(seat) for seat in seats if not seat.may_leave],
    }


def _tile(seat: Seat) -> dict[str, Any]:
    asked = {question.code: said(question) for question in questions(SCREENING_ADULT, clock.today())}
    flags = [asked[code] for code in seat.cautions if code in asked]
    return {
        "seat": seat,
        "flag": flags[0] if flags else _("Thận trọng") if seat.outcome == "caution" else "",
        "ends_at": (seat.injected_at + states.OBSERVED_FOR).isoformat(),
        "observation_id": new_id(),
    }
