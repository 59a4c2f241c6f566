"""How many records are right? The Ministry's table of 22 March 2022, of now; every number opens its list."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tiemchung.cleaning import causes, funnel
from tiemchung.cleaning.reach import parameters
from tiemchung.ground import audit, clock, sql
from tiemchung.look.words import percent, said
from tiemchung.office.cleaning import CLASS_WORDS, FIELD_WORDS, place_word, uuid_or_none
from tiemchung.office.pages import account, show
from tiemchung.places.models import Area

SHOWN = 50
NAMES = ("sent", "with_number", "without_number", "malformed", "right", "wrong", "unchecked")


def _words() -> dict[str, str]:
    return {
        "sent": _("Đã gửi đối chiếu"),
        "with_number": _("Có số định danh"),
        "without_number": _("Chưa có số"),
        "malformed": _("Số sai định dạng"),
        "right": _("Đúng"),
        "wrong": _("Sai"),
        "unchecked": _("Chưa đối chiếu"),
    }


@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """The table within reach: all, by province, by cause (of one province where it is asked for), day by day."""
    reach, place = parameters(account(request)), request.GET.get("tinh", "")
    provinces, kinds = funnel.by_province(reach), funnel.kinds(reach)
    shown = [row for row in kinds if place in ("", row["province"] or funnel.NOWHERE)]
    codes = [one.province for one in provinces if one.province]
    names = dict(Area.objects.filter(code__in=codes).values_list("code", "name"))
    context: dict[str, Any] = {
        "at": funnel.as_of(reach) or clock.now(),
        "rows": _rows(funnel.total(provinces)),
        "provinces": [_province(one, names) for one in provinces],
        "place": place,
        "classes": [(CLASS_WORDS[each], count) for each, count in funnel.classes(shown).items()],
        "kinds": [_kind(row) for row in funnel.over_provinces(shown)],
        "days": funnel.days(_provinces_of(reach)),
    }
    return show(request, "funnel", context)


def _rows(whole: funnel.Funnel) -> list[tuple[str, str, int, str, str]]:
    """Each number of the table with its share, beside the nation's of 2022."""
    words, nation = _words(), funnel.NATION_2022
    return [
        (name, words[name], getattr(whole, name), percent(whole.share(name)), _nation(nation, name)) for name in NAMES
    ]


def _nation(nation: funnel.Funnel, name: str) -> str:
    return _("gộp ở dòng trên") if name == "malformed" else percent(nation.share(name))


def _province(one: funnel.Funnel, names: dict[str, str]) -> tuple[funnel.Funnel, str, str, str]:
    """A row of the table: the counts, the word that asks for its lists, the name, the share that is right."""
    name = names.get(one.province or "", _("Chưa rõ nơi ở"))
    return one, one.province or funnel.NOWHERE, name, percent(one.share("right"))


def _kind(row: dict[str, Any]) -> tuple[str, str, Any, str, int]:
    field, kind = row["field"], row["kind"]
    return field, kind, FIELD_WORDS[field], said(causes.words(field, kind)), row["tasks"]


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The persons behind a number of the table, within reach, page by page; who was shown is written down."""
    worker, name = account(request), request.GET.get("nhom", "")
    if name not in NAMES:
        raise Http404
    place = request.GET.get("tinh", "")
    asked = {**funnel.where(place), "limit": SHOWN + 1, **_standing(name)}
    after = uuid_or_none(request.GET.get("sau", "")) or UUID(int=0)
    rows = sql.fetch_all(funnel.queries["people"], {**parameters(worker), **asked, "after": after})
    audit.read_many(
        person_ids=[row["id"] for row in rows[:SHOWN]], by=worker.id, reason="funnel", facility_id=worker.facility_id
    )
    context = {
        "rows": rows[:SHOWN],
        "next": rows[SHOWN - 1]["id"] if len(rows) > SHOWN else None,
        "name": name,
        "word": _words()[name],
        "place": place,
        "place_word": place_word(place),
    }
    return show(request, "funnel_people", context)


def _standing(name: str) -> dict[str, Any]:
    """How the persons behind a number of the table stand, as the statement asks."""
    states, malformed = list(funnel.STATES[name]), funnel.MALFORMED.get(name)
    return {"states": states, "malformed": malformed, "of_form": funnel.OF_FORM_KINDS}


def _provinces_of(reach: dict[str, list[Any] | None]) -> list[str] | None:
    """The provinces whose days lie wholly within reach: a day is kept by province, so a district has none."""
    return None if reach["communes"] is None else [code for code in reach["communes"] if len(code) == 2]
