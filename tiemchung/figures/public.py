"""What may the public see? Four figures that never mix, small ones hidden, incomplete provinces marked."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from tiemchung.figures.models import Snapshot
from tiemchung.ground import clock, sql

SMALLEST = 10  # a smaller count could tell of single people
FEW_SITES = 2  # a province that published at most this many sites on 5/8/2021 had not sent all of them
COLUMNS = ("given", "recorded", "verified", "signed")
queries = sql.load(__package__)


@dataclass(frozen=True)
class Counts:
    """Doses given (by tallies), recorded (in the ledger), verified (of the right person) and signed (by a site)."""

    given: int = 0
    recorded: int = 0
    verified: int = 0
    signed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.given + other.given,
            self.recorded + other.recorded,
            self.verified + other.verified,
            self.signed + other.signed,
        )


@dataclass(frozen=True)
class Province:
    """A province's counts; what was published of it, with its date; whether either is known to be incomplete."""

    code: str
    name: str
    counts: Counts
    behind: int  # sessions whose tally and ledger do not agree
    published_on: date | None
    published_once: float | None  # share of people from 18 up with a dose, 0 to 1, by the published figures
    published_incomplete: bool
    beside: frozenset[str] = frozenset()  # counts that would give away the only hidden one of their column

    @property
    def incomplete(self) -> bool:
        """Say whether sites of the province still owe a tally or entries."""
        return self.behind > 0

    def is_small(self, name: str) -> bool:
        """Say whether a count lies between 1 and 9."""
        value: int = getattr(self.counts, name)
        return 0 < value < SMALLEST

    def shown(self, name: str) -> int | None:
        """A count as the public may see it: None hides one between 1 and 9, or one that would give such a one away."""
        value: int = getattr(self.counts, name)
        return None if self.is_small(name) or name in self.beside else value


@dataclass(frozen=True)
class Figures:
    """All that the figures page shows."""

    taken_at: datetime | None
    national: Counts
    provinces: tuple[Province, ...]
    days: tuple[tuple[date, int], ...]  # recorded doses by day, without gaps


def newest() -> UUID | None:
    """The id of the newest snapshot, None before the first: asked for by pages that are made once a snapshot."""
    row = sql.fetch_one(queries["newest"])
    return row["id"] if row else None


def latest() -> Figures:
    """The newest snapshot; all zero before the first was taken."""
    snapshot = Snapshot.objects.order_by("-taken_at").first()
    rows = sql.fetch_all(queries["provinces"], {"snapshot": snapshot.id if snapshot else None})
    provinces = tuple(hide_beside([_province(row) for row in rows]))
    return Figures(
        taken_at=snapshot.taken_at if snapshot else None,
        national=sum((one.counts for one in provinces), Counts()),
        provinces=provinces,
        days=_days(snapshot) if snapshot else (),
    )


def national() -> Counts:
    """The nation's four figures."""
    return latest().national


def by_province() -> tuple[Province, ...]:
    """All 63 provinces in Vietnamese order."""
    return latest().provinces


def _province(row: dict[str, object]) -> Province:
    adults, once = row["population_18_plus"], row["people_once"]
    sites = row["sites"]
    return Province(
        code=str(row["code"]),
        name=str(row["name"]).removeprefix("Tỉnh ").removeprefix("Thành phố "),
        counts=Counts(*(int(str(row[name])) for name in COLUMNS)),
        behind=int(str(row["behind"])),
        published_on=row["as_of"] if isinstance(row["as_of"], date) else None,
        published_once=once / adults if isinstance(once, int) and isinstance(adults, int) and adults else None,
        published_incomplete=isinstance(sites, int) and sites <= FEW_SITES,
    )


def hide_beside(provinces: list[Province]) -> list[Province]:
    """The nation's sum less all shown counts gives the only hidden one: then the next smallest is hidden as well."""
    beside: dict[str, set[str]] = {}
    for name in COLUMNS:
        if sum(one.is_small(name) for one in provinces) == 1:
            others = [one for one in provinces if getattr(one.counts, name) >= SMALLEST]
            if others:
                least = min(others, key=lambda one: (getattr(one.counts, name), one.code))
                beside.setdefault(least.code, set()).add(name)
    return [replace(one, beside=frozenset(beside.get(one.code, ()))) for one in provinces]


def _days(snapshot: Snapshot) -> tuple[tuple[date, int], ...]:
    counted = dict(snapshot.days.values_list("on", "recorded"))
    if not counted:
        return ()
    first, last = min(counted), clock.local(snapshot.taken_at).date()
    return tuple(
        (day, counted.get(day, 0))
        for day in (first + timedelta(days=number) for number in range((last - first).days + 1))
    )
