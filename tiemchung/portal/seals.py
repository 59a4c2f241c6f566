"""The seals of the audit trail, for anybody to keep: a page to look at, and lines to verify with."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tiemchung.oversight.models import Seal
from tiemchung.oversight.publishing import as_published
from tiemchung.oversight.statement import link

ON_A_PAGE = 30
IN_A_FILE = 1440  # a day of them


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The latest seals, or those before a number."""
    seals = _before(request, ON_A_PAGE)
    for seal in seals:
        seal.link = link(seal.statement, seal.signature)  # type: ignore[attr-defined]
    older = seals[-1].number if len(seals) == ON_A_PAGE else None
    newest = seals[0].number + 1 if seals else None
    return render(request, "portal/seals.html", {"seals": seals, "older": older, "newest": newest})


@require_GET
def lines(request: HttpRequest) -> StreamingHttpResponse:
    """Up to 1,440 seals before a number, the oldest first, one JSON text a line: as in the folder of seals."""
    seals = _before(request, IN_A_FILE)[::-1]
    response = StreamingHttpResponse(_lines(seals), content_type="application/jsonl; charset=utf-8")
    first = seals[0].number if seals else 1
    response["Content-Disposition"] = f'attachment; filename="seals-{first:06}.jsonl"'
    return response


def _lines(seals: list[Seal]) -> Iterator[str]:
    for seal in seals:
        yield as_published(seal).line


def _before(request: HttpRequest, most: int) -> list[Seal]:
    """A number that is none asks for the latest."""
    asked = request.GET.get("before", "")
    found = Seal.objects.order_by("-number")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    return list(found.filter(number__lt=before)[:most] if before is not None else found[:most])
