"""A whole list of doses from paper: the file is read line by line, and each fault names line, column and cure."""

from io import StringIO

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tiemchung.accounts.scope import own_facility
from tiemchung.clinic.forms import LateListForm
from tiemchung.clinic.pages import account, show_form
from tiemchung.doses import actions_import, late_list
from tiemchung.doses.actions_import import Recorded
from tiemchung.ground.errors import InvalidInputError, RefusedError
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import said

LARGEST = 2 * 1024 * 1024  # bytes
MOST_LINES = 5_000  # what one request may take; more than that is for the command
FAULTS_SHOWN = 200


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Take in a list. Sending it again records nothing twice."""
    form = LateListForm(request.POST or None, request.FILES or None)
    context = {}
    if form.is_valid():
        try:
            context = _told(_record(request, form.cleaned_data["file"].read(LARGEST + 1)))
        except RefusedError as error:
            show_at_field(form, error)
    return show_form(request, "late_list", form, context)


def _record(request: HttpRequest, data: bytes) -> Recorded:
    nurse, whole = account(request), Recorded()
    read = list(late_list.read(StringIO(_text(data), newline="")))
    if len(read) > MOST_LINES:
        raise _no_list(
            "Tệp có hơn 5.000 dòng. Chia ra rồi gửi từng phần.", "The file has more than 5,000 lines. Send it in parts."
        )
    for done in actions_import.record_list(read, facility_id=own_facility(nurse), by=nurse.id, alone=True):
        whole.add(done)
    return whole


def _told(done: Recorded) -> dict[str, object]:
    done.faults.sort(key=lambda fault: fault.line)
    shown = [{"line": one.line, "column": one.column, "words": said(one)} for one in done.faults[:FAULTS_SHOWN]]
    return {"done": done, "faults": shown, "unshown": len(done.faults) - len(shown)}


def _text(data: bytes) -> str:
    if len(data) > LARGEST:
        raise _no_list("Tệp lớn quá 2 MB. Chia ra rồi gửi từng phần.", "The file exceeds 2 MB. Send it in parts.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise late_list.no_text() from None


def _no_list(vi: str, en: str) -> InvalidInputError:
    return InvalidInputError("list_too_long", field="file", vi=vi, en=en)
