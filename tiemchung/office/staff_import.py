"""A whole list of staff at once: the file is read line by line, and each fault names line, column and cure."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tiemchung.accounts import actions_import, staff_list
from tiemchung.accounts.actions_import import Imported
from tiemchung.accounts.activation import HOLDS
from tiemchung.ground import clock
from tiemchung.ground.errors import RefusedError
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import said
from tiemchung.office.pages import REFUSED, account, show
from tiemchung.office.staff_forms import ListForm

FAULTS_SHOWN = 200
SAMPLE = (
    ("lo.thi.mai", "Lò Thị Mai", "vaccinator", "01001", "", ""),
    ("ha.van.duc", "Hà Văn Đức", "facility_head", "01001", "", "31/12/2022"),
    ("syt.hanoi", "Nguyễn Thị Hòa", "province_health_department", "", "01", ""),
)


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Take in a list; the codes are shown once, on the page or as a file."""
    form = ListForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return show(request, "staff_import", {"form": form}, form)
    asked = form.cleaned_data
    try:
        done = actions_import.import_staff(
            reading=staff_list.read(asked["file"].read(staff_list.LARGEST + 1)),
            by=account(request),
            only_good_lines=asked["take"] == "good",
            new_codes=asked["new_codes"],
        )
    except RefusedError as error:
        show_at_field(form, error)
        return show(request, "staff_import", {"form": form}, form)
    return _file(done) if asked["codes"] == "file" and done.slips else _answer(request, done)


@require_GET
def sample(request: HttpRequest) -> HttpResponse:
    """A list to begin from."""
    return _csv("mau-tai-khoan.csv", staff_list.COLUMNS, SAMPLE)


def _answer(request: HttpRequest, done: Imported) -> HttpResponse:
    faults = [{"line": one.line, "column": one.column, "words": said(one)} for one in done.faults[:FAULTS_SHOWN]]
    context = {"done": done, "faults": faults, "unshown": len(done.faults) - len(faults), "until": clock.now() + HOLDS}
    return render(request, "office/staff_imported.html", context, status=200 if done.wrote else REFUSED)


def _file(done: Imported) -> HttpResponse:
    """The codes as a file. Lines with faults follow, so that nothing of the answer is lost with the page."""
    rows: list[tuple[Any, ...]] = [(one.username, one.name, one.place, one.code) for one in done.slips]
    rows += [("", f"{one.line}, {one.column}: {said(one)}", "", "") for one in done.faults]
    return _csv("ma-kich-hoat.csv", ("username", "name", "place", "code"), rows)


def _csv(name: str, header: Any, rows: Any) -> HttpResponse:
    """A CSV that spreadsheets read as UTF-8."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows(rows)
    return response
