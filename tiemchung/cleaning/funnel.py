"""How many records are right? The table of 22 March 2022, of now: sent, with a number, right, wrong, unchecked.

Who is bound by areas, or by the nation, reads what the worker counted last (docs/adr/0051) and is told when that was; a
facility, and a registry that nobody has counted yet, are counted at the look.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tiemchung.cleaning.causes import OF_FORM, ErrorClass, error_class
from tiemchung.cleaning.models import FunnelCount
from tiemchung.ground import sql

queries = sql.load(__package__)
COUNTED = ("sent", "with_number", "malformed", "right", "wrong", "unchecked")
Reach = dict[str, list[Any] | None]
OF_FORM_KINDS = sorted(kind.value for kind in OF_FORM)
# Which states a number of the table counts: behind each stands the list of these persons.
STATES = {
    "sent": ("right", "wrong", "unknown", "unchecked", "not_sent"),
    "with_number": ("right", "wrong", "unknown", "unchecked"),
    "without_number": ("not_sent",),
    "right": ("right",),
    "wrong": ("wrong", "unknown"),
    "unchecked": ("unchecked",),
    "malformed": ("unknown",),
}
# Whether it counts numbers of the wrong form, no others, or (absent) both.
MALFORMED = {"with_number": False, "wrong": False, "malformed": True}


NOWHERE = "khong"  # asked for in place of a province: people of no known residence


@dataclass(frozen=True)
class Funnel:
    """The counts of a province, or of all that lies within reach.

    with_number = right + wrong + unchecked; sent = with_number + without_number + malformed.
    """

    sent: int = 0
    with_number: int = 0
    right: int = 0
    wrong: int = 0
    unchecked: int = 0
    malformed: int = 0
    province: str | None = None

    @property
    def without_number(self) -> int:
        """None at all."""
        return self.sent - self.with_number - self.malformed

    @property
    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in COUNTED}

    def share(self, name: str) -> float:
        """A count's share: numbers of all that was sent, verdicts of all that have a number. 0 of nothing."""
        of = self.sent if name in ("sent", "with_number", "without_number", "malformed") else self.with_number
        return float(getattr(self, name)) / of if of else 0.0


# Of the Ministry, 22 March 2022, for comparison; its 3,513,000 without a number hold those of the wrong form too.
NATION_2022 = Funnel(sent=76_625_823, with_number=73_112_823, right=51_493_286, wrong=19_039_997, unchecked=2_579_540)


def as_of(reach: Reach) -> datetime | None:
    """When what lies within reach was counted last; None where it is counted at the look."""
    if reach["facilities"]:
        return None
    return FunnelCount.objects.order_by("-taken_at").values_list("taken_at", flat=True).first()


def where(place: str) -> dict[str, Any]:
    """`province` and `nowhere` for a statement: whose residents are asked for.

    `place` is a province's code, NOWHERE for those of no known residence, or empty for all.
    """
    return {"province": place if place not in ("", NOWHERE) else None, "nowhere": place == NOWHERE}


def by_province(reach: Reach) -> list[Funnel]:
    """The funnel of each province within reach, as of `as_of`."""
    return counted(reach) if as_of(reach) else live(reach)


def counted(reach: Reach) -> list[Funnel]:
    """The funnel of each province within reach of areas, as it was counted last."""
    return [Funnel(**row) for row in sql.fetch_all(queries["funnel_counted"], reach)]


def live(reach: Reach) -> list[Funnel]:
    """The funnel of each province within reach, counted now."""
    return [Funnel(**row) for row in sql.fetch_all(queries["funnel"], {**reach, "of_form": OF_FORM_KINDS})]


def total(funnels: Iterable[Funnel]) -> Funnel:
    """All of them together."""
    rows = list(funnels)
    return Funnel(**{name: sum(getattr(one, name) for one in rows) for name in COUNTED})


def kinds(reach: Reach) -> list[dict[str, Any]]:
    """Open tasks within reach by province, field and kind, most first; each with its class of the Ministry's."""
    return _classed("kinds_counted" if as_of(reach) else "kinds", reach)


def live_kinds(reach: Reach) -> list[dict[str, Any]]:
    """As `kinds`, counted now."""
    return _classed("kinds", reach)


def _classed(name: str, reach: Reach) -> list[dict[str, Any]]:
    rows = sql.fetch_all(queries[name], reach)
    return [row | {"error_class": error_class(row["field"], row["kind"])} for row in rows]


def over_provinces(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `kinds` of all provinces together, most first."""
    tasks: Counter[tuple[str, str]] = Counter()
    for row in rows:
        tasks[row["field"], row["kind"]] += row["tasks"]
    ranked = sorted(tasks.items(), key=lambda each: (-each[1], each[0]))
    return [
        {"field": field, "kind": kind, "tasks": count, "error_class": error_class(field, kind)}
        for (field, kind), count in ranked
    ]


def classes(rows: Iterable[dict[str, Any]]) -> dict[ErrorClass, int]:
    """Open tasks by the Ministry's three classes."""
    found = dict.fromkeys(ErrorClass, 0)
    for row in rows:
        found[row["error_class"]] += row["tasks"]
    return found


def days(provinces: list[str] | None, limit: int = 90) -> list[dict[str, Any]]:
    """The funnel day by day, the newest first."""
    return sql.fetch_all(queries["days"], {"provinces": provinces, "limit": limit})
