"""The steps of adding a person: who he is, his health, his consent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from tiemchung.ground import clock
from tiemchung.ground.errors import InvalidInputError, RefusedError, http_status
from tiemchung.healthbook import drafts, joining, residence
from tiemchung.healthbook.asking import account_of, filled_in, held_by
from tiemchung.healthbook.forms import RELATIONS, ConsentForm, HealthForm, PersonForm, ScanForm, statement_of
from tiemchung.look.fields import show_at_field
from tiemchung.people import lookup, policy, scanning
from tiemchung.people.models import Relation
from tiemchung.vietnam.card_qr import CardQr

Draft = dict[str, Any]


@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Begin to add a person."""
    return redirect("healthbook:add-person", drafts.begin(request))


@require_GET
def register_held(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Begin to register a person of the family: who he is is known."""
    holder = held_by(request, person_id)
    known = {"sex": holder.person.sex, "full_name": holder.person.full_name}
    return redirect("healthbook:add-health", drafts.begin(request, held=str(person_id), person=known))


@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Read an ID card's code and fill the form with it."""
    draft = drafts.read(request, draft_id)
    if draft is None:
        return redirect("healthbook:add")
    form = ScanForm(filled_in(request))
    if form.is_valid():
        try:
            filled = _from_card(_card(form.cleaned_data["code"]))
        except RefusedError as error:
            show_at_field(form, InvalidInputError(error.code, field="code", vi=error.vi, en=error.en))
        else:
            drafts.keep(request, draft_id, {**draft, "person": {**draft.get("person", {}), **filled}})
            return redirect("healthbook:add-person", draft_id)
    return _page(request, "scan", {"form": form, "draft_id": draft_id}, form)


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Step 1: who he is, how to reach him, where he lives."""
    draft = drafts.read(request, draft_id)
    if draft is None or "held" in draft:
        return redirect("healthbook:add")
    if "list" in request.POST:  # a browser without scripts asks for the districts or communes of what was chosen
        return _page(request, "add_person", {"form": _person_form(request, draft, request.POST.dict())})
    form = _person_form(request, draft)
    if form.is_bound and form.is_valid() and _can_be_true(form):
        filled = {name: str(form.cleaned_data[name]) for name in form.fields}
        drafts.keep(request, draft_id, {**draft, "person": filled})
        return redirect("healthbook:add-health", draft_id)
    return _page(request, "add_person", {"form": form, "draft_id": draft_id}, form)


@require_http_methods(["GET", "POST"])
def health(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Step 2: what he wishes, and what he has had."""
    draft = drafts.read(request, draft_id)
    if draft is None or "person" not in draft:
        return redirect("healthbook:add")
    form = HealthForm(
        filled_in(request),
        sex=draft["person"]["sex"],
        on=clock.today(),
        initial=_health_so_far(draft),
    )
    if form.is_valid():
        wishes = {name: str(form.cleaned_data[name]) for name in ("priority_group", "wanted_from", "part_of_day")}
        history = {field.name.removeprefix("history."): form.cleaned_data[field.name] for field in form.asked()}
        drafts.keep(request, draft_id, {**draft, "health": {**wishes, "history": history}})
        return redirect("healthbook:add-consent", draft_id)
    return _page(request, "add_health", {"form": form, "draft": draft, "draft_id": draft_id}, form)


@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Step 3: what he agrees to; then all is written down."""
    draft = drafts.read(request, draft_id)
    if draft and "done" in draft:  # sent a second time; what was filled in is gone from the session
        return redirect("healthbook:card", draft["done"])
    if draft is None or "health" not in draft:
        return redirect("healthbook:add")
    form = ConsentForm(filled_in(request))
    refused = None
    if form.is_valid():
        try:
            added = joining.join(draft_id=draft_id, draft=draft, consent=True, account=account_of(request))
        except RefusedError as error:
            refused = error
        else:
            drafts.keep(request, draft_id, {"done": str(added.id)})
            messages.success(request, gettext("Đã đăng ký. Khi đến lượt, tin nhắn sẽ gửi về số điện thoại đã ghi."))
            return redirect("healthbook:card", added.id)
    return _page(request, "add_consent", {"form": form, "draft": draft, "draft_id": draft_id, "refused": refused}, form)


@require_GET
def areas(request: HttpRequest) -> HttpResponse:
    """The three selects of the residence anew, after a province or district was chosen; the page's script asks."""
    form = PersonForm(initial=residence.chosen(request.GET.dict()))
    return render(request, "healthbook/parts/residence.html", {"form": form})


def _page(request: HttpRequest, name: str, context: Draft, form: Any = None) -> HttpResponse:
    refused = context.get("refused")
    status = 422 if form is not None and form.errors else http_status(refused) if refused else 200
    return render(request, f"healthbook/{name}.html", context, status=status)


def _card(code: str) -> CardQr:
    card = scanning.read(code).card
    if card is None:
        raise InvalidInputError(
            "not_a_card",
            field="code",
            vi="Đây không phải mã của thẻ căn cước. Quét mã vuông ở mặt trước thẻ gắn chip.",
            en="This is not an ID card's code. Scan the square code on the front of the chip card.",
        )
    return card


def _from_card(card: CardQr) -> dict[str, str]:
    return {
        "full_name": card.name.display,
        "birth_date": card.birth_date.vi,
        "sex": card.sex,
        "identity_number": card.number.text,
        "nationality": "VN",
        "address": card.address,
    }


def _person_form(request: HttpRequest, draft: Draft, typed: dict[str, str] | None = None) -> PersonForm:
    account = account_of(request)
    has_self = any(holder.relation == Relation.SELF for holder in lookup.family_of(account))
    start = {"relation": Relation.CHILD if has_self else Relation.SELF, "phone": account.username}
    bound = request.POST if request.method == "POST" and typed is None else None
    form = PersonForm(bound, initial={**start, **draft.get("person", {}), **(typed or {})})
    form.fields["relation"].choices = RELATIONS[1:] if has_self else RELATIONS  # type: ignore[attr-defined]
    return form


def _can_be_true(form: PersonForm) -> bool:
    """Say whether what was filled in makes a statement that fits its own number; if not, show why at the field."""
    try:
        policy.check_fits(statement_of(form.cleaned_data), joining.source_of(form.cleaned_data["relation"]))
    except InvalidInputError as error:
        show_at_field(form, error)
        return False
    return True


def _health_so_far(draft: Draft) -> dict[str, str]:
    so_far = draft.get("health")
    if so_far is None:
        return {}
    history = {f"history.{code}": answer for code, answer in so_far["history"].items()}
    return {**so_far, **history}
