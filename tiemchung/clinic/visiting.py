"""One visit, step by step: screening, then the injection. Each step goes on to the next."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiemchung.accounts.models import Account
from tiemchung.accounts.scope import own_facility
from tiemchung.clinic import standing
from tiemchung.clinic.forms import YES_NO, InjectionForm, ScreeningForm
from tiemchung.clinic.pages import account, show, show_form
from tiemchung.clinic.words import OUTCOMES, due_name, product_name
from tiemchung.doses import actions as doses
from tiemchung.doses import arrivals, course, injections
from tiemchung.doses.arrivals import Arrival
from tiemchung.ground import clock
from tiemchung.ground.errors import InvalidInputError, RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import said
from tiemchung.stock import balance
from tiemchung.stock.balance import Balance
from tiemchung.visits import actions as visits
from tiemchung.visits import presence, states
from tiemchung.visits import screening as rules
from tiemchung.visits.facts import VisitFacts
from tiemchung.visits.models import Screening
from tiemchung.visits.states import VisitState
from tiemchung.visits.vitals import Vitals

# What stands against each of the six rights: the fields that an objection names.
_RIGHTS = {"person": {"person_id", "visit_id"}, "product": {"product"}, "time": {"injected_at"}, "lot": {"lot_number"}}


@require_GET
def visit(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Go on with a visit where it stands."""
    state = states.compute(_facts(request, visit_id), clock.now())
    if state == VisitState.CHECKED_IN:
        return redirect("clinic:screening", visit_id)
    if state == VisitState.CLEARED:
        return redirect("clinic:injection", visit_id)
    if state == VisitState.NOT_TODAY:
        return redirect("clinic:not-today", visit_id)
    return redirect("clinic:board")


@require_http_methods(["GET", "POST"])
def screening(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Step 2: what is measured and answered, what it leads to, and the outcome that the screener confirms."""
    facts = _facts(request, visit_id)
    if facts.screening_id is not None and request.method == "GET":
        return redirect("clinic:visit", visit_id)
    arrival = _arrival(request, facts)
    asked = rules.questions(sex=arrival.person.sex, on=clock.today())
    form = ScreeningForm(request.POST or None, asked=asked, initial={"screening_id": new_id()})
    if form.is_bound:
        vitals = _vitals(form)
        if form.is_valid() and vitals and _screened(form, vitals, visit_id, account(request)):
            return redirect("clinic:visit", visit_id)
    context = {"arrival": arrival, "visit_id": visit_id, **_asked(form), **_proposed(form)}
    return show_form(request, "screening", form, context)


@require_POST
def proposal(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """What the answers so far lead to: the page asks again after each answer."""
    arrival = _arrival(request, _facts(request, visit_id))
    asked = rules.questions(sex=arrival.person.sex, on=clock.today())
    return show(request, "parts/proposal", _proposed(ScreeningForm(request.POST, asked=asked)))


@require_GET
def not_today(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The screening said no: what to tell the person, and when to come again."""
    facts = _facts(request, visit_id)
    found = Screening.objects.get(visit_id=facts.id)
    asked = rules.questions(sex=_arrival(request, facts).person.sex, on=clock.local(found.screened_at).date())
    grounds = [said(question) for question in asked if found.answers.get(question.code) == "yes"]
    context = {"arrival": _arrival(request, facts), "outcome": found, "grounds": grounds}
    return show(request, "not_today", context)


@require_http_methods(["GET", "POST"])
def injection(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Step 3: the right person, vaccine, dose, route, time and lot; then one button."""
    facts = _facts(request, visit_id)
    form = InjectionForm(request.POST or None, initial={"dose_id": new_id()})
    if form.is_valid() and _injected(form, visit_id, account(request)):
        messages.success(request, _("Đã ghi mũi tiêm. Bắt đầu theo dõi 30 phút."))
        return redirect("clinic:board")
    if facts.dose_id is not None and not form.is_bound:
        return redirect("clinic:board")
    arrival = _arrival(request, facts)
    product = arrival.session.product if arrival.session else ""
    lots = [lot for lot in balance.of(facts.facility_id) if lot.product == product and lot.is_usable(clock.today())]
    number = request.POST.get("lot_number") or request.GET.get("lot") or (lots[0].number if lots else "")
    against = _against(facts, number, account(request))
    context = {
        "arrival": arrival,
        "identity": standing.shown(arrival.person.id),
        "visit_id": visit_id,
        "product": course.rules().products.get(product),
        "product_name": product_name(product),
        "due_name": due_name(arrival.course.answer.due, len(arrival.course.doses)),
        "lot": _lot(facts.facility_id, number),
        "number": injections.written(number),
        "other_lots": [lot for lot in lots if lot.number != injections.written(number)],
        "against": [said(error) for error in against],
        "rights": _rights(against),
        "caution": facts.outcome == rules.Outcome.CAUTION,
        "cautions": _cautions(facts, arrival),
    }
    return show_form(request, "injection", form, context)


def _facts(request: HttpRequest, visit_id: UUID) -> VisitFacts:
    """The facts of a visit of one's own facility whose person is known there. Raises NotFoundError."""
    facts = states.facts_of_id(visit_id, own_facility(account(request)))
    presence.check_known(facts.facility_id, facts.person_id)
    return facts


def _arrival(request: HttpRequest, facts: VisitFacts) -> Arrival:
    return arrivals.meet(facts.person_id, by=account(request), reason="visit")


def _vitals(form: ScreeningForm) -> Vitals | None:
    """What was measured; what cannot be true is said at its field."""
    try:
        return _read_vitals(form)
    except InvalidInputError as error:
        form.full_clean()
        show_at_field(form, error, systolic="blood_pressure", diastolic="blood_pressure")
        return None


def _read_vitals(form: ScreeningForm) -> Vitals:
    return Vitals.read(
        temperature=form.data.get("temperature", ""),
        blood_pressure=form.data.get("blood_pressure", ""),
        pulse=form.data.get("pulse", ""),
    )


def _screened(form: ScreeningForm, vitals: Vitals, visit_id: UUID, by: Account) -> bool:
    try:
        visits.screen(
            visit_id=visit_id,
            answers=form.answers(),
            vitals=vitals,
            outcome=Screening.Outcome(form.cleaned_data["outcome"]),
            by=by,
            screening_id=form.cleaned_data["screening_id"],
        )
    except RefusedError as error:
        show_at_field(form, error, systolic="blood_pressure")
        return False
    return True


def _asked(form: ScreeningForm) -> dict[str, Any]:
    """Each question with its answer so far and, after sending, what is wrong with it."""
    given = form.answers() if form.is_bound else {}
    rows = [
        (question.code, said(question), given.get(question.code, ""), form.errors.get(question.code, [""])[0])
        for question in form.asked
    ]
    return {"asked": rows, "yes_no": YES_NO}


def _proposed(form: ScreeningForm) -> dict[str, Any]:
    """What the answers and signs so far lead to, and what is still open."""
    given = form.answers() if form.is_bound else {}
    vitals = _vitals_so_far(form) if form.is_bound else None
    found = rules.propose(given, vitals or _UNMEASURED, form.asked)
    return {
        "options": OUTCOMES,
        "chosen": form.data.get("outcome", "") if form.is_bound else "",
        "open": len(form.asked) - len(given),
        "measured": vitals is not None,
        "proposed": next(word for value, _state, word, _follows in OUTCOMES if value == found.outcome),
        "grounds": [said(ground) for ground in found.grounds],
        "at_hospital": found.at_hospital,
        "dispatch": rules.dispatch(),
        "outcome_wrong": form.errors.get("outcome", [""])[0] if form.is_bound and "outcome" in form.errors else "",
    }


_UNMEASURED = Vitals.read(temperature="36,8")  # leads to nothing; shown nowhere


def _vitals_so_far(form: ScreeningForm) -> Vitals | None:
    try:
        return _read_vitals(form)
    except InvalidInputError:  # still being typed
        return None


def _injected(form: InjectionForm, visit_id: UUID, by: Account) -> bool:
    try:
        doses.inject(
            visit_id=visit_id,
            lot_number=form.cleaned_data["lot_number"],
            arm=form.cleaned_data["arm"],
            by=by,
            dose_id=form.cleaned_data["dose_id"],
        )
    except RefusedError as error:
        show_at_field(form, error)
        return False
    return True


def _against(facts: VisitFacts, number: str, by: Account) -> list[RefusedError]:
    found = doses.preview(visit_id=facts.id, lot_number=number, by=by)
    return found if number else [error for error in found if error.field != "lot_number"] + [_no_lot()]


def _no_lot() -> RefusedError:
    return RefusedError(
        "no_usable_lot",
        field="lot_number",
        vi="Điểm tiêm chưa có lọ nào dùng được cho buổi này. Nhập lô trước.",
        en="The site has no usable vial for this session. Receive a lot first.",
    )


def _lot(facility_id: UUID, number: str) -> Balance | None:
    return next((lot for lot in balance.of(facility_id) if lot.number == injections.written(number)), None)


def _rights(against: list[RefusedError]) -> list[tuple[str, str]]:
    """The six rights, each with the shape of its state."""
    fields = {error.field for error in against}
    state = {right: "stop" if fields & named else "ok" for right, named in _RIGHTS.items()}
    return [
        (state["person"], _("Người")),
        (state["product"], _("Vắc xin")),
        ("ok", _("Liều")),
        ("ok", _("Đường tiêm")),
        (state["product"] if state["product"] == "stop" else state["time"], _("Thời điểm")),
        (state["lot"], _("Lô, hạn dùng")),
    ]


def _cautions(facts: VisitFacts, arrival: Arrival) -> list[str]:
    found = Screening.objects.filter(visit_id=facts.id).first()
    if found is None:
        return []
    asked = rules.questions(sex=arrival.person.sex, on=clock.today())
    return [said(question) for question in asked if found.answers.get(question.code) == "yes"]
