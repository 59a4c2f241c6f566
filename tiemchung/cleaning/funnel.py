"""How many records are right? The table of 22 March 2022, live: sent, with a number, right, wrong, unchecked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tiemchung.cleaning.causes import ErrorClass, error_class
from tiemchung.ground import sql

queries = sql.load(__package__)
COUNTED = ("sent", "with_number", "right", "wrong", "unchecked")
# Which states a number of the table counts: behind each stands the list of these persons.
STATES = {
    "sent": ("right", "wrong", "unknown", "unchecked", "not_sent"),
    "with_number": ("right", "wrong", "unknown", "unchecked"),
    "without_number": ("not_sent",),
    "right": ("right",),
    "wrong": ("wrong", "unknown"),
    "unchecked": ("unchecked",),
}


NOWHERE = "khong"  # asked for in place of a province: people of no known residence


@dataclass(frozen=True)
class Funnel:
    """The counts of a province, or of all that lies within reach: with_number = right + wrong + unchecked."""

    sent: int = 0
    with_number: int = 0
    right: int = 0
    wrong: int = 0
    unchecked: int = 0
    province: str | None = None

    @property
    def without_number(self) -> int:
        """None, or one of the wrong form."""
        return self.sent - self.with_number

    @property
    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in COUNTED}

    def share(self, name: str) -> float:
        """A count's share: numbers of all that was sent, verdicts of all that have a number. 0 of nothing."""
        of = self.sent if name in ("sent", "with_number", "without_number") else self.with_number
        return float(getattr(self, name)) / of if of else 0.0


# Of the Ministry, 22 March 2022, for comparison.
NATION_2022 = Funnel(sent=76_625_823, with_number=73_112_823, right=51_493_286, wrong=19_039_997, unchecked=2_579_540)


def by_province(reach: dict[str, list[Any] | None]) -> list[Funnel]:
    """The funnel of each province within reach."""
    return [Funnel(**row) for row in sql.fetch_all(queries["funnel"], reach)]


def total(funnels: Iterable[Funnel]) -> Funnel:
    """All of them together."""
    rows = list(funnels)
    return Funnel(**{name: sum(getattr(one, name) for one in rows) for name in COUNTED})


def kinds(reach: dict[str, list[Any] | None]) -> list[dict[str, Any]]:
    """Open tasks within reach by field and kind, most first; each with its class of the Ministry's."""
    found = sql.fetch_all(queries["kinds"], reach)
    return [row | {"error_class": error_class(row["field"], row["kind"])} for row in found]


def classes(counted: Iterable[dict[str, Any]]) -> dict[ErrorClass, int]:
    """Open tasks by the Ministry's three classes."""
    found = dict.fromkeys(ErrorClass, 0)
    for row in counted:
        found[row["error_class"]] += row["tasks"]
    return found


def days(provinces: list[str] | None, limit: int = 90) -> list[dict[str, Any]]:
    """The funnel day by day, the newest first."""
    return sql.fetch_all(queries["days"], {"provinces": provinces, "limit": limit})
