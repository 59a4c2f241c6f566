"""The figures page and its table as CSV: made once for each snapshot, language and theme, then only handed out."""

import csv
import hashlib
import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from tiemchung.figures import public
from tiemchung.figures.public import COLUMNS, Counts, Figures, Province
from tiemchung.look import tile_map
from tiemchung.look.templatetags.look import THEMES
from tiemchung.look.tile_map import TileMap
from tiemchung.look.trend import Day

LIMITS = (0.04, 0.05, 0.06, 0.10)  # about a fifth of the provinces each, on 5 August 2021
ASK_AGAIN = 1.0  # seconds for which a process takes a snapshot to be the newest


@dataclass
class Made:
    """What this process has made of the newest snapshot."""

    asked_at: float = float("-inf")
    snapshot: UUID | None = None
    answers: dict[tuple[str, ...], tuple[bytes, str]] = field(default_factory=dict)

    def refresh(self) -> None:
        """Drop everything when there is a newer snapshot; asks the database once a second at most."""
        now = time.monotonic()
        if now - self.asked_at < ASK_AGAIN:
            return
        newest = public.newest()
        if newest != self.snapshot:
            self.answers.clear()
        self.snapshot, self.asked_at = newest, now

    def get(self, key: tuple[str, ...], make: Callable[[], str]) -> tuple[bytes, str]:
        """The bytes of an answer and their ETag."""
        self.refresh()
        if key not in self.answers:
            body = make().encode()
            self.answers[key] = (body, f'"{hashlib.sha256(body).hexdigest()[:20]}"')
        return self.answers[key]


made = Made()


@require_safe
def page(request: HttpRequest) -> HttpResponseBase:
    """Four figures that never mix, the map, the days, the provinces. Nothing on it depends on who looks."""
    theme = request.COOKIES.get("theme", "")
    key = ("page", get_language() or "", theme if theme in THEMES else "")
    body, etag = made.get(key, lambda: render_to_string("portal/figures.html", _context(public.latest()), request))
    return _answer(request, HttpResponse(body), etag)


@require_safe
def table(request: HttpRequest) -> HttpResponseBase:
    """The same figures as CSV (UTF-8 with a mark, so that spreadsheets read the names); hidden counts are empty."""
    body, etag = made.get(("table",), lambda: _csv(public.latest()))
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="tiem-chung-tung-tinh.csv"'
    return _answer(request, response, etag)


def _answer(request: HttpRequest, response: HttpResponse, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=30"
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return get_conditional_response(request, etag=etag, response=response) or response


def _csv(figures: Figures) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["province_code", "province", *COLUMNS, "incomplete", "taken_at"])
    taken_at = figures.taken_at.isoformat(timespec="seconds") if figures.taken_at else ""
    for one in figures.provinces:
        counts = ["" if one.shown(name) is None else one.shown(name) for name in COLUMNS]
        writer.writerow([one.code, one.name, *counts, int(one.incomplete), taken_at])
    return "\ufeff" + text.getvalue()


def _context(figures: Figures) -> dict[str, Any]:
    published = next((one.published_on for one in figures.provinces if one.published_on), None)
    return {
        "figures": figures,
        "rungs": _rungs(figures),
        "map": _map(figures),
        "key": tile_map.key(LIMITS),
        "days": _days(figures),
        "tables": _tables(figures),
        "published_on": published,
        "smallest": public.SMALLEST,
    }


def _rungs(figures: Figures) -> list[dict[str, Any]]:
    rows = [
        (gettext("Đã tiêm"), gettext("Điểm tiêm báo cuối mỗi buổi"), ""),
        (gettext("Đã nhập"), gettext("Có dòng trong sổ mũi tiêm"), gettext("chưa nhập")),
        (
            gettext("Đã xác thực"),
            gettext("Đúng người theo dữ liệu dân cư"),
            gettext("chưa đúng hoặc chưa đối chiếu"),
        ),
        (gettext("Đã ký"), gettext("Cơ sở đã ký, đủ để cấp hộ chiếu"), gettext("chờ ký")),
    ]
    return [
        {"name": name, "definition": definition, "missing": missing, "count": getattr(figures.national, column)}
        for (name, definition, missing), column in zip(rows, COLUMNS, strict=True)
    ]


def _map(figures: Figures) -> str:
    shares = {one.code: one.published_once for one in figures.provinces}
    incomplete = [one.code for one in figures.provinces if one.published_incomplete]
    label = gettext(
        "Bản đồ 63 tỉnh, thành phố và hai quần đảo Hoàng Sa, Trường Sa, tô đậm dần theo tỷ lệ người từ 18 tuổi "
        "đã tiêm ít nhất một mũi. Số liệu từng tỉnh nằm trong bảng bên dưới."
    )
    return TileMap(shares, incomplete, LIMITS).svg(label)


def _days(figures: Figures) -> list[Day]:
    last = len(figures.days) - 1
    return [Day(day, doses, complete=at < last) for at, (day, doses) in enumerate(figures.days)]


def _tables(figures: Figures) -> list[list[dict[str, Any]]]:
    """The provinces with doses, and those without, which fill the first table while there are no others."""
    some = [_row(one) for one in figures.provinces if one.counts != Counts()]
    none = [_row(one) for one in figures.provinces if one.counts == Counts()]
    return [some, none] if some else [none, []]


def _row(one: Province) -> dict[str, Any]:
    return {"province": one, "counts": [{"value": one.shown(name), "small": one.is_small(name)} for name in COLUMNS]}
