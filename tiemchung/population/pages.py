"""The pages of commune police: which records wait in my commune, and what both sides say of one."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tiemchung.ground.errors import RefusedError, http_status
from tiemchung.linkage.evidence import Veto
from tiemchung.look.words import said, vietnamese
from tiemchung.population import grounds, refusals
from tiemchung.population.access import officer_of
from tiemchung.population.actions_records import VOUCHING, decide
from tiemchung.population.acts import note
from tiemchung.population.models import Confirmation, Decision
from tiemchung.population.records import FIELDS, Candidate, Found, Likelihood, beside, read_date, search
from tiemchung.vietnam import areas

SHOWN = 50  # records on one page
FIELD_WORDS = {
    "number": gettext_lazy("Số định danh"),
    "full_name": gettext_lazy("Họ tên"),
    "birth_date": gettext_lazy("Ngày sinh"),
    "sex": gettext_lazy("Giới tính"),
}
SEX_WORDS = {"male": gettext_lazy("Nam"), "female": gettext_lazy("Nữ")}
WORDS = {
    Decision.Kind.CONFIRM: gettext_lazy("Dữ liệu dân cư đúng, gửi phiếu đính chính"),
    Decision.Kind.CORRECT_REGISTER: gettext_lazy("Bên y tế đúng, sửa dữ liệu dân cư"),
    Decision.Kind.NOT_RESIDENT: gettext_lazy("Không cư trú ở đây"),
    Decision.Kind.SOMEBODY_ELSE: gettext_lazy("Là người khác"),
    Decision.Kind.UNKNOWN: gettext_lazy("Không xác định được"),
}
LIKELIHOODS = {
    Likelihood.LIKELY: gettext_lazy("Rất giống"),
    Likelihood.POSSIBLE: gettext_lazy("Có thể"),
    Likelihood.UNLIKELY: gettext_lazy("Ít giống"),
}
VETOES = {
    Veto.TWINS: gettext_lazy("Có thể là anh chị em sinh đôi"),
    Veto.PARENT_AND_CHILD: gettext_lazy("Có thể là cha mẹ và con"),
    Veto.NUMBER_CONTRADICTS: gettext_lazy("Số định danh trái với năm sinh và giới tính đã ghi"),
}


class DecisionForm(forms.Form):
    """What the officer decides. Which parts are needed together is said by the action."""

    kind = forms.ChoiceField(
        choices=list(WORDS.items()), error_messages={"required": gettext_lazy("Chưa chọn kết luận. Chọn một ô.")}
    )
    citizen = forms.UUIDField(required=False)
    ground = forms.CharField(required=False, max_length=30)


@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """The records that wait in the officer's commune, the oldest first; what was decided stands behind a link."""
    officer = officer_of(request)
    own = Confirmation.objects.filter(commune_code=officer.commune_code, withdrawn_at=None)
    waiting, decided = own.filter(decision=None), own.exclude(decision=None)
    past, after = "xong" in request.GET, _uuid(request.GET.get("sau", ""))
    shown = decided.order_by("-id") if past else waiting.order_by("id")
    if after:
        shown = shown.filter(id__lt=after) if past else shown.filter(id__gt=after)
    page = list(shown.select_related("decision")[: SHOWN + 1])
    context = {
        "place": areas.area(officer.commune_code).full_name,
        "rows": [(one, FIELD_WORDS[one.field], _decided(one)) for one in page[:SHOWN]],
        "next": page[SHOWN - 1].id if len(page) > SHOWN else None,
        "waiting": waiting.count(),
        "decided": decided.count(),
        "past": past,
    }
    note("list", officer=officer.id, shown=len(page[:SHOWN]))
    return render(request, "population/records.html", context)


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, confirmation_id: UUID) -> HttpResponse:
    """One record, both sides beside each other; on POST the officer decides."""
    officer = officer_of(request)
    found = Confirmation.objects.filter(pk=confirmation_id, commune_code=officer.commune_code).first()
    if found is None:
        return _refused(request, refusals.record_unknown())
    if found.withdrawn_at and not hasattr(found, "decision"):
        return _refused(request, refusals.withdrawn())
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        kind = Decision.Kind(form.cleaned_data["kind"])
        chosen = {"citizen_id": form.cleaned_data["citizen"], "ground": form.cleaned_data["ground"]}
        try:
            decide(confirmation_id=found.id, kind=kind, officer=officer, **chosen)
        except RefusedError as refused:
            return _record(request, found, refused)
        messages.success(request, _("Đã ghi kết luận và báo bên y tế."))
        return redirect("records")
    note("look", officer=officer.id, confirmation=found.id)
    return _record(request, found, refusals.citizen_needed() if form.errors.get("citizen") else None, form)


def _refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    return render(request, "population/refused.html", {"words": said(error)}, status=http_status(error))


def _record(
    request: HttpRequest, found: Confirmation, refused: RefusedError | None, form: DecisionForm | None = None
) -> HttpResponse:
    decision = Decision.objects.filter(confirmation=found).select_related("officer", "citizen").first()
    missing = form is not None and "kind" in form.errors
    known = _known(found, decision)
    context: dict[str, Any] = {
        "record": found,
        "in_doubt": FIELD_WORDS[found.field],
        "said_rows": [(FIELD_WORDS[name], written(name, getattr(found, name)), name == found.field) for name in FIELDS],
        "candidates": [_shown(each, search=decision is None) for each in known.candidates],
        "alike": known.alike,
        "grounds": grounds.table().values(),
        "in_vietnamese": vietnamese(),
        "kinds": [(kind.value, words, kind in VOUCHING) for kind, words in WORDS.items()],
        "chosen": {name: request.POST.get(name, "") for name in ("kind", "citizen", "ground")},
        "decision": decision,
        "decided": _decided(found),
        "problem": said(refused) if refused else _("Chưa chọn kết luận. Chọn một ô.") if missing else "",
    }
    status = http_status(refused) if refused else 422 if missing else 200
    return render(request, "population/record.html", context, status=status)


def _known(found: Confirmation, decision: Decision | None) -> Found:
    """Whom to show: of a decided record the one who was vouched for, else those whom it may mean."""
    if decision is None:
        return search(found)
    return Found((beside(found, decision.citizen),)) if decision.citizen else Found()


def _shown(candidate: Candidate, *, search: bool) -> dict[str, Any]:
    fields = [(FIELD_WORDS[one.field], written(one.field, one.known), one.differs) for one in candidate.fields]
    return {
        "id": str(candidate.citizen.id),
        "fields": fields,
        "likelihood": LIKELIHOODS[candidate.likelihood] if search else "",
        "is_likely": candidate.likelihood is Likelihood.LIKELY,
        "vetoes": [VETOES[veto] for veto in sorted(candidate.vetoes & VETOES.keys())],
    }


def _decided(record: Confirmation) -> Any:
    return WORDS[Decision.Kind(record.decision.kind)] if hasattr(record, "decision") else ""


def written(field: str, value: str) -> str:
    """A value as people read it: a date in the reader's order, a sex as a word."""
    if field == "sex":
        return str(SEX_WORDS.get(value, ""))
    born = read_date(value) if field == "birth_date" else None
    return (born.vi if vietnamese() else born.en) if born else value


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
