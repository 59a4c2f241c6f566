"""Records that are wrong: whose turn is it, and what is to be done? Lists within reach, one task, steps for many."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiemchung.accounts.models import Account
from tiemchung.cleaning import actions, causes, corrections, funnel, lists, policy, refusals
from tiemchung.cleaning.models import CleaningStep, CleaningTask, Step
from tiemchung.cleaning.states import CleaningState
from tiemchung.ground import audit, sql
from tiemchung.ground.errors import RefusedError
from tiemchung.identity.states import IdentityState
from tiemchung.linkage.wording import say
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import number, said, vietnamese
from tiemchung.office.pages import account, show
from tiemchung.people import merges
from tiemchung.people.models import Sex
from tiemchung.places.models import Area

SHOWN = 50
PRINTED = 500
STATE_WORDS = {
    CleaningState.AT_STATION: (gettext_lazy("Chưa ai làm"), "caution"),
    CleaningState.RETURNED: (gettext_lazy("Cần xem lại"), "caution"),
    CleaningState.WITH_HAMLET: (gettext_lazy("Tổ dân phố đang hỏi"), "wait"),
    CleaningState.WITH_POLICE: (gettext_lazy("Công an xã đang xem"), "wait"),
    CleaningState.WITH_SITE: (gettext_lazy("Điểm tiêm đang xem"), "wait"),
    CleaningState.AWAITING_CHECK: (gettext_lazy("Chờ đối chiếu lại"), "wait"),
    CleaningState.SET_ASIDE: (gettext_lazy("Để lại"), "unknown"),
    CleaningState.CURED: (gettext_lazy("Đã khớp"), "ok"),
}
STEP_WORDS = {
    Step.GIVEN_TO_HAMLET: gettext_lazy("Giao tổ dân phố"),
    Step.HAMLET_CONFIRMED: gettext_lazy("Người dân nói đúng như hồ sơ"),
    Step.HAMLET_UNKNOWN: gettext_lazy("Không tìm được người"),
    Step.SENT_TO_POLICE: gettext_lazy("Chuyển công an xã"),
    Step.POLICE_SLIP: gettext_lazy("Công an xã gửi phiếu đính chính"),
    Step.POLICE_REGISTER_CORRECTED: gettext_lazy("Công an xã đã sửa dữ liệu dân cư"),
    Step.POLICE_NOT_RESIDENT: gettext_lazy("Công an xã: không cư trú ở đây"),
    Step.POLICE_NOT_CONFIRMED: gettext_lazy("Công an xã: chưa xác nhận được"),
    Step.SENT_TO_SITE: gettext_lazy("Chuyển điểm tiêm"),
    Step.SITE_UNKNOWN: gettext_lazy("Điểm tiêm không rõ"),
    Step.CORRECTED: gettext_lazy("Đã sửa"),
    Step.SET_ASIDE: gettext_lazy("Để lại, chưa sửa được"),
}
TAKEN_HERE = tuple(step for step in policy.MAY_TAKE if step is not Step.CORRECTED)
FIELD_WORDS = {
    "number": gettext_lazy("Số định danh"),
    "full_name": gettext_lazy("Họ tên"),
    "birth_date": gettext_lazy("Ngày sinh"),
    "sex": gettext_lazy("Giới tính"),
}
CLASS_WORDS = {
    causes.ErrorClass.NO_NUMBER: gettext_lazy("Chưa có số định danh"),
    causes.ErrorClass.MALFORMED_NUMBER: gettext_lazy("Số sai định dạng"),
    causes.ErrorClass.WRONG_INFORMATION: gettext_lazy("Sai thông tin cơ bản"),
}


class ValueForm(forms.Form):
    """The right value of the field in doubt."""

    value = forms.CharField(
        max_length=250, error_messages={"required": gettext_lazy("Chưa có giá trị mới. Ghi theo thẻ căn cước.")}
    )

    def __init__(self, *args: Any, field: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field == "sex":
            sexes = [(Sex.MALE.value, _("Nam")), (Sex.FEMALE.value, _("Nữ"))]
            self.fields["value"] = forms.ChoiceField(
                choices=sexes, widget=forms.RadioSelect, error_messages={"required": _("Chưa chọn giới tính.")}
            )
        self.fields["value"].label = FIELD_WORDS[field]
        if field == "birth_date":
            self.fields["value"].help_text = _("Ví dụ 03/09/1967.")


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """The open tasks within reach, the longest open first; by state, by cause; steps for those that are ticked."""
    worker = account(request)
    chosen = request.GET.get("o", "")
    state = chosen if chosen in set(CleaningState) else None
    field, kind = _field(request), request.GET.get("loi") or None
    after = uuid_or_none(request.GET.get("sau", ""))
    place, states = request.GET.get("tinh", ""), [state] if state else None
    rows = lists.page(worker, after=after, states=states, field=field, kind=kind, place=place, limit=SHOWN + 1)
    note_reads(rows[:SHOWN], worker, "cleaning_list")
    counted = lists.counts(worker, field=field, kind=kind, place=place)
    context = {
        "rows": [as_shown(row) for row in rows[:SHOWN]],
        "next": rows[SHOWN - 1]["id"] if len(rows) > SHOWN else None,
        "states": [(one.value, STATE_WORDS[one][0], counted.get(one, 0)) for one in CleaningState if one in counted],
        "total": sum(counted.values()),
        "listed": counted.get(state, 0) if state else sum(counted.values()),
        "cause_word": _cause_word(field, kind),
        "state": state,
        "field": field or "",
        "kind": kind or "",
        "place": place,
        "place_word": place_word(place),
        "steps": [(step.value, STEP_WORDS[step]) for step in TAKEN_HERE if worker.role in policy.MAY_TAKE[step]],
        "works": worker.role in policy.WORKS_ON,
    }
    return show(request, "cleaning", context)


def _cause_word(field: str | None, kind: str | None) -> str:
    """The cause that is asked for, as the list has it: «Họ tên: thiếu dấu»; nothing where all are."""
    if not field:
        return ""
    return f"{FIELD_WORDS[field]}: {said(causes.words(field, kind))}" if kind else str(FIELD_WORDS[field])


def place_word(place: str) -> str:
    """The name of the province that is asked for, that no residence is known, or nothing."""
    if place == funnel.NOWHERE:
        return _("Chưa rõ nơi ở")
    return Area.objects.filter(code=place).values_list("name", flat=True).first() or ""


@require_POST
def step(request: HttpRequest) -> HttpResponse:
    """Take one step with every task that was ticked, all or none."""
    ids = [one for one in map(uuid_or_none, request.POST.getlist("task")) if one]
    taken = request.POST.get("step", "")
    back = redirect("office:cleaning")
    if not ids or taken not in [one.value for one in TAKEN_HERE]:
        messages.warning(request, _("Chưa chọn hồ sơ nào hoặc chưa chọn bước. Đánh dấu hồ sơ rồi bấm một nút."))
        return back
    try:
        count = actions.take_step(task_ids=ids, step=Step(taken), by=account(request))
    except RefusedError as error:
        messages.error(request, said(error))
        return back
    told = ngettext("%(step)s: %(count)s hồ sơ.", "%(step)s: %(count)s hồ sơ.", count)
    messages.success(request, told % {"step": STEP_WORDS[Step(taken)], "count": number(count)})
    return back


@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """One task: what is wrong, what was done, the right value; on POST the value is put right and checked at once."""
    worker = account(request)
    row = _task(task_id, worker)
    if row is None:
        return show(request, "cleaning_gone", {"words": said(refusals.task_unknown())})
    form = ValueForm(request.POST if request.method == "POST" else None, field=row["field"])
    if form.is_valid():
        try:
            actions.correct(task_id=task_id, value=form.cleaned_data["value"], by=worker)
        except RefusedError as error:
            show_at_field(form, error, **{error.field: "value"})
        else:
            standing = actions.recheck(person_id=row["person_id"], by=worker.id)
            _tell(request, standing.state)
            return redirect("office:cleaning-task", task_id)
    note_reads([row], worker, "cleaning_task")
    return show(request, "cleaning_task", _of_task(row, worker, form), form)


def _of_task(row: dict[str, Any], worker: Account, form: ValueForm) -> dict[str, Any]:
    found = CleaningTask.objects.select_related("person__residence", "facility").get(id=row["id"])
    person = merges.speaking(found.person_id)
    follows = corrections.proposal(person, row["field"], row["kind"]) if person == found.person else None
    steps = CleaningStep.objects.filter(task_id=row["id"]).order_by("id")
    cure = say(row["field"], causes.kind_of(row["field"], row["kind"]))
    word, kind = STATE_WORDS[CleaningState(row["state"])]
    return {
        "task": found,
        "person": found.person,
        "field": FIELD_WORDS[row["field"]],
        "kind_words": said(causes.words(row["field"], row["kind"])),
        "cure": cure[0] if vietnamese() else cure[1],
        "now": shown_value(row["field"], corrections.value_now(person, row["field"])),
        "proposal": shown_value(row["field"], follows or ""),
        "state_word": word,
        "state_kind": kind,
        "history": [(each.at, STEP_WORDS[Step(each.step)]) for each in steps],
        "form": form,
        "may_correct": policy.can_take(worker, Step.CORRECTED, row),
        "steps": [(one.value, STEP_WORDS[one]) for one in TAKEN_HERE if policy.can_take(worker, one, row)],
        "others": CleaningTask.objects.filter(person_id=row["person_id"], closed_at=None).exclude(id=row["id"]).count(),
    }


def _task(task_id: UUID, worker: Account) -> dict[str, Any] | None:
    found = sql.fetch_all(actions.queries["one"], {"task": task_id})
    return found[0] if found and policy.reaches(worker, found[0]) else None


def _tell(request: HttpRequest, state: IdentityState) -> None:
    if state is IdentityState.RIGHT:
        messages.success(request, _("Đã sửa và đã khớp với dữ liệu dân cư."))
    elif state is IdentityState.UNCHECKED:
        messages.success(request, _("Đã sửa. Hệ thống sẽ đối chiếu lại trong vài phút."))
    else:
        messages.warning(request, _("Đã sửa nhưng vẫn chưa khớp. Xem việc còn lại của người này."))


def note_reads(rows: list[dict[str, Any]], worker: Account, reason: str) -> None:
    """Names are shown: the persons may see who looked."""
    audit.read_many(
        person_ids={row["person_id"] for row in rows}, by=worker.id, reason=reason, facility_id=worker.facility_id
    )


def as_shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a list in the reader's words."""
    word, kind = STATE_WORDS[CleaningState(row["state"])]
    return row | {
        "born": lists.born_of(row),
        "field_word": FIELD_WORDS[row["field"]],
        "kind_words": said(causes.words(row["field"], row["kind"])),
        "state_word": word,
        "state_kind": kind,
    }


def shown_value(field: str, value: str) -> str:
    """A value as people read it."""
    words = {Sex.MALE.value: _("Nam"), Sex.FEMALE.value: _("Nữ"), Sex.UNKNOWN.value: ""}
    return words.get(value, value) if field == "sex" else value


def _field(request: HttpRequest) -> str | None:
    asked = request.GET.get("muc", "")
    return asked if asked in causes.FIELDS else None


def uuid_or_none(text: str) -> UUID | None:
    """An id out of an address or a form; what is none is nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None
