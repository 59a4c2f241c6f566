"""The figures page and its table as CSV: made once for each snapshot and language, then only handed out."""

import csv
import io
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from tiemchung.figures import public
from tiemchung.figures.public import Figures
from tiemchung.look import charts

COLUMNS = ("given", "recorded", "verified", "signed")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Four figures that never mix, the map, the days, the provinces."""
    figures = public.latest()
    context = {
        "figures": figures,
        "rungs": _rungs(figures),
        "map": charts.tile_map(_coverage(figures)),
        "trend": charts.trend([(day, count) for day, count in figures.days]),
        "rows": _rows(figures),
        "published_on": figures.provinces[0].published_on if figures.provinces else None,
        "smallest": public.SMALLEST,
    }
    return HttpResponse(render_to_string("portal/figures.html", context, request))


@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """The same figures as CSV (UTF-8 with a mark, so that spreadsheets read the names); hidden counts are empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    figures = public.latest()
    writer.writerow(["province_code", "province", *COLUMNS, "incomplete", "taken_at"])
    for one in figures.provinces:
        counts = ["" if one.shown(name) is None else one.shown(name) for name in COLUMNS]
        taken_at = figures.taken_at.isoformat(timespec="seconds") if figures.taken_at else ""
        writer.writerow([one.code, one.name, *counts, int(one.incomplete), taken_at])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="tiem-chung-tung-tinh.csv"'
    return response
