"""Records that may be one human's: the list by evidence, two records side by side, and what somebody decides."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiemchung.accounts.models import Account
from tiemchung.doses import histories
from tiemchung.doses.histories import Entry
from tiemchung.ground import audit
from tiemchung.ground.errors import RefusedError
from tiemchung.identity import actions_duplicates, duplicates
from tiemchung.identity import states as identity
from tiemchung.identity.deciding import may_decide
from tiemchung.identity.models import Duplicate
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import said
from tiemchung.office import evidence
from tiemchung.office.pages import account, show
from tiemchung.people import lookup
from tiemchung.people.models import Person
from tiemchung.people.personal_qr import born, number_of

SHOWN = 50  # pairs on one page; each shows two names, so each look is written down
TABS: tuple[tuple[str, Promise], ...] = (
    (Duplicate.Kind.SAME_PERSON, gettext_lazy("Có thể là một người")),
    (Duplicate.Kind.SHARED_NUMBER, gettext_lazy("Hai người chung một số")),
    (Duplicate.Kind.ISSUED_TWICE, gettext_lazy("Số cấp hai lần")),
    (Duplicate.Kind.CROWD, gettext_lazy("Quá nhiều hồ sơ chung số")),
)


@dataclass(frozen=True)
class Record:
    """One of two records as the page shows it: the number by its last four digits alone."""

    person: Person
    born: str
    number_ending: str
    standing: identity.Standing
    doses: list[Entry]
    accounts: int


class MergeForm(forms.Form):
    """Which record stays, and why they are one."""

    kept = forms.UUIDField(
        error_messages={"required": gettext_lazy("Chưa chọn hồ sơ giữ lại. Chọn hồ sơ ghi đúng hơn.")}
    )
    note = forms.CharField(
        label=gettext_lazy("Ghi chú"),
        max_length=250,
        required=False,
        help_text=gettext_lazy("Ví dụ: đã gọi điện, bà xác nhận hai số đều của bà."),
    )


class DistinctForm(forms.Form):
    """Why they are two humans."""

    note = forms.CharField(
        label=gettext_lazy("Vì sao"),
        max_length=250,
        required=False,
        help_text=gettext_lazy("Ví dụ: hai chị em sinh đôi."),
    )


class UndoForm(forms.Form):
    """Why two records are parted again."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do tách"),
        max_length=250,
        error_messages={"required": gettext_lazy("Chưa ghi lý do. Ghi vì sao tách hai hồ sơ.")},
    )


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """The duplicates of one kind within reach, the most likely first."""
    reader = account(request)
    kind = request.GET.get("loai", "")
    kind = kind if kind in Duplicate.Kind.values else Duplicate.Kind.SAME_PERSON
    rows = duplicates.waiting(reader, kind, SHOWN)
    _note_reads(reader, {row[name] for row in rows for name in ("one_id", "other_id")})
    counts = duplicates.count(reader)
    context = {
        "tabs": [(value, word, counts[value], value == kind) for value, word in TABS],
        "rows": [{**row, "why": evidence.words(row["evidence"])} for row in rows],
        "kind": kind,
        "scan": duplicates.latest_scan(),
        "more": counts[kind] - len(rows),
    }
    return show(request, "duplicates", context)


@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, duplicate_id: UUID) -> HttpResponse:
    """Two records side by side; on POST they become one human's, the chosen one speaking for both."""
    found = _pair(request, duplicate_id)
    form = MergeForm(request.POST or None)
    if not form.is_valid():
        return _page(request, found, merging=form)
    kept = form.cleaned_data["kept"]
    if kept not in (found.one_id, found.other_id):
        form.add_error("kept", form.fields["kept"].error_messages["required"])
        return _page(request, found, merging=form)
    merged = found.other_id if kept == found.one_id else found.one_id
    try:
        actions_duplicates.merge(
            kept_id=kept,
            merged_id=merged,
            evidence=found.evidence,
            by=account(request),
            note=form.cleaned_data["note"],
        )
    except RefusedError as error:
        show_at_field(form, error, merged_id="kept")
        return _page(request, found, merging=form)
    messages.success(request, _("Đã gộp. Mũi tiêm, thẻ và hộ chiếu nay tính chung. Gộp nhầm thì tách lại được."))
    return redirect("office:merges")


@require_POST
def distinct(request: HttpRequest, duplicate_id: UUID) -> HttpResponse:
    """They are two humans: proposed no more."""
    found, form = _pair(request, duplicate_id), DistinctForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        actions_duplicates.say_distinct(one_id=found.one_id, other_id=found.other_id, by=account(request), note=note)
    except RefusedError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, _("Đã ghi là hai người khác nhau. Cặp này không được đề xuất nữa."))
    return redirect("office:duplicates")


@require_GET
def merges(request: HttpRequest) -> HttpResponse:
    """Merges that stand within reach, the latest first, each with the way to part it."""
    reader = account(request)
    rows = duplicates.merged_lately(reader, SHOWN)
    _note_reads(reader, {row[name] for row in rows for name in ("kept_id", "merged_id")})
    return show(request, "merges", {"rows": rows, "form": UndoForm()})


@require_POST
def undo(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """Part two records again."""
    form = UndoForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        actions_duplicates.undo(merge_id=merge_id, reason=reason, by=account(request))
    except RefusedError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, _("Đã tách. Mỗi hồ sơ trở lại như trước khi gộp."))
    return redirect("office:merges")


def _pair(request: HttpRequest, duplicate_id: UUID) -> Duplicate:
    """Raises Http404 for a pair out of reach and for none alike."""
    found = duplicates.pair(duplicate_id)
    if found is None or not may_decide(account(request), found.one_id, found.other_id):
        raise Http404
    return found


def _page(request: HttpRequest, found: Duplicate, *, merging: MergeForm) -> HttpResponse:
    _note_reads(account(request), {found.one_id, found.other_id})
    one, other = _record(found.one), _record(found.other)
    context: dict[str, Any] = {
        "found": found,
        "one": one,
        "other": other,
        "lines": evidence.lines(found.evidence),
        "extra": evidence.words(found.evidence),
        "kept": _better(one, other).person.id,
        "merging": merging,
        "distinct": DistinctForm(),
        "mergeable": found.kind != Duplicate.Kind.CROWD,
    }
    return show(request, "duplicate", context, merging)


def _record(person: Person) -> Record:
    return Record(
        person=person,
        born=born(person).vi,
        number_ending=number_of(person)[-4:],
        standing=identity.of(person.id),
        doses=histories.of_many([person.id])[person.id],
        accounts=len(lookup.holders_of([person])),
    )


def _better(one: Record, other: Record) -> Record:
    """The record to keep, as a suggestion: right by the population side, else with a number, else with more doses."""

    def rank(record: Record) -> tuple[bool, bool, int]:
        return record.standing.state == "right", bool(record.number_ending), len(record.doses)

    return max((one, other), key=rank)


def _note_reads(reader: Account, person_ids: set[UUID]) -> None:
    for person_id in person_ids:
        audit.read(person_id=person_id, by=reader.id, reason="duplicates", facility_id=reader.facility_id)
