"""Many records at a time: those of one cause at one site, a list to carry, an Excel sheet out and in, the league."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiemchung.accounts.models import Role
from tiemchung.cleaning import actions, actions_sheet, causes, corrections, lists, policy, sheets
from tiemchung.cleaning.models import Step
from tiemchung.ground import clock
from tiemchung.ground.errors import InvalidInputError, RefusedError
from tiemchung.look.words import number, said
from tiemchung.office.cleaning import FIELD_WORDS, as_shown, note_reads, shown_value, uuid_or_none
from tiemchung.office.pages import account, show
from tiemchung.people.models import Person

AT_ONCE = 200  # records of one cause on a page
PRINTED = 400
OF_LISTS = ("at_station", "returned", "with_hamlet", "with_site")  # what somebody carries a list for
OF_GROUPS = ("at_station", "returned", "with_site")


@require_GET
def groups(request: HttpRequest) -> HttpResponse:
    """Causes that many records of one site share."""
    found = lists.groups(account(request))
    rows = [
        row | {"field_word": FIELD_WORDS[row["field"]], "words": said(causes.words(row["field"], row["kind"]))}
        for row in found
    ]
    return show(request, "cleaning_groups", {"groups": rows})


@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, facility_id: UUID, field: str, kind: str) -> HttpResponse:
    """The records of one cause at one site, each with the value that follows; a person ticks and decides."""
    worker = account(request)
    if field not in causes.FIELDS:
        raise Http404
    if request.method == "POST":
        return _decide(request, facility_id, field, kind)
    rows = lists.page(worker, states=OF_GROUPS, field=field, kind=kind, facility=facility_id, limit=AT_ONCE)
    note_reads(rows, worker, "cleaning_group")
    people = Person.objects.in_bulk([row["person_id"] for row in rows])
    context: dict[str, Any] = {
        "rows": [as_shown(row) | _values(people[row["person_id"]], field, kind) for row in rows],
        "facility_id": facility_id,
        "facility": rows[0]["facility"] if rows else "",
        "field": field,
        "kind": kind,
        "field_word": FIELD_WORDS[field],
        "words": said(causes.words(field, kind)),
        "follows": corrections.follows(field, kind),
        "works": worker.role in policy.MAY_TAKE[Step.SENT_TO_POLICE],
    }
    return show(request, "cleaning_group", context)


def _values(person: Person, field: str, kind: str) -> dict[str, str]:
    proposed = corrections.proposal(person, field, kind) or ""
    now = corrections.value_now(person, field)
    return {"now": shown_value(field, now), "proposed": shown_value(field, proposed)}


def _decide(request: HttpRequest, facility_id: UUID, field: str, kind: str) -> HttpResponse:
    ids = [one for one in map(uuid_or_none, request.POST.getlist("task")) if one]
    worker, accepts = account(request), request.POST.get("decision") == "accept"
    back = redirect("office:cleaning-group", facility_id, field, kind)
    if not ids:
        messages.warning(request, _("Chưa chọn hồ sơ nào. Đánh dấu hồ sơ rồi bấm một nút."))
        return back
    try:
        if accepts:
            count = actions.accept_proposal(task_ids=ids, by=worker)
        else:
            count = actions.take_step(task_ids=ids, step=Step.SENT_TO_POLICE, by=worker)
    except RefusedError as error:
        messages.error(request, said(error))
        return back
    told = (
        ngettext("Đã sửa %(count)s hồ sơ, chờ đối chiếu lại.", "Đã sửa %(count)s hồ sơ, chờ đối chiếu lại.", count)
        if accepts
        else ngettext("Đã chuyển công an xã %(count)s hồ sơ.", "Đã chuyển công an xã %(count)s hồ sơ.", count)
    )
    messages.success(request, told % {"count": number(count)})
    return redirect("office:cleaning-groups")


@require_GET
def printed(request: HttpRequest) -> HttpResponse:
    """A list on paper, hamlet by hamlet, with room for what people say."""
    worker = account(request)
    rows = lists.page(worker, states=_of_role(worker.role), limit=PRINTED)
    note_reads(rows, worker, "cleaning_print")
    numbers = lists.numbers_of({row["person_id"] for row in rows})
    shown = [as_shown(row) | {"number": numbers.get(row["person_id"], "")} for row in rows]
    shown.sort(key=lambda row: (row["commune"] or "", row["hamlet"].lower(), row["address"], row["full_name"]))
    context = {"rows": shown, "at": clock.now(), "more": len(rows) == PRINTED}
    return show(request, "cleaning_print", context)


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The same list as an Excel sheet, to be filled in and sent back; a long one as several, each sent back alone."""
    worker = account(request)
    first, states = uuid_or_none(request.GET.get("tu", "")), _of_role(worker.role)
    parts = [] if first else lists.parts(worker, states=states, size=sheets.MAX_ROWS)
    if len(parts) > 1:
        shown = [part | {"href": f"?tu={part['first']}"} for part in parts]
        return show(request, "cleaning_sheets", {"parts": shown, "tasks": sum(part["tasks"] for part in parts)})
    before = UUID(int=first.int - 1) if first and first.int else None
    rows = lists.page(worker, after=before, states=states, limit=sheets.MAX_ROWS)
    note_reads(rows, worker, "cleaning_sheet")
    name = f"lam-sach-{clock.today():%Y%m%d}{f'-{str(first)[-6:]}' if first else ''}.xlsx"
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        sheets.write(rows), content_type=sheets.MEDIA_TYPE, headers={"Content-Disposition": disposition}
    )


@require_POST
def sheet_in(request: HttpRequest) -> HttpResponse:
    """Take in a sheet; what could not be taken is said row by row, with column and cure."""
    file = request.FILES.get("file")
    try:
        if file is None or (file.size or 0) > sheets.MAX_BYTES:
            raise _no_file()
        taken = actions_sheet.take_sheet(content=file.read(), by=account(request))
    except RefusedError as error:
        messages.error(request, said(error))
        return redirect("office:cleaning")
    rows = [(each.row, each.column, said(each)) for each in taken.problems]
    return show(request, "cleaning_sheet", {"taken": taken, "problems": rows})


@require_GET
def league(request: HttpRequest) -> HttpResponse:
    """Who has most left to cure, who cured most within a week, and how many a week the deadline asks for."""
    worker = account(request)
    context = {
        "at": lists.counted_at(worker),
        "areas": lists.league(worker),
        "sites": lists.league_of_sites(worker),
        "deadline": lists.deadline(),
        "over": lists.deadline() < clock.today(),
    }
    return show(request, "cleaning_league", context)


def _of_role(role: str) -> tuple[str, ...]:
    """A hamlet team carries what it was given; the others what lies with them."""
    return ("with_hamlet",) if role == Role.HAMLET_TEAM else OF_LISTS


def _no_file() -> InvalidInputError:
    return InvalidInputError(
        "no_file",
        field="file",
        vi="Chưa có tệp, hoặc tệp lớn quá 2 MB. Chọn bảng Excel đã điền.",
        en="There is no file, or it is larger than 2 MB. Choose the sheet that you filled in.",
    )
