"""A campaign's rules, checked, and the offers that questions are answered from."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

from tiemchung.dosing.conditions import ConditionKind
from tiemchung.dosing.dates import Days, Span
from tiemchung.dosing.offers import Offer, approved, localised
from tiemchung.dosing.products import Ages, Catalogue, Product
from tiemchung.dosing.rows import NATION, PRIMARY, Approval, Bar, Dispatch, Give, Row, Who
from tiemchung.dosing.text import Text


@dataclass(frozen=True)
class Volume:
    """A dose volume in ml other than the product's own, for some kinds of dose."""

    product: str
    kinds: frozenset[str]
    ml: float
    period: Days


@dataclass(frozen=True)
class CourseLength:
    """Doses of a course other than the product's own, by age and day of the first dose and by group."""

    products: frozenset[str]
    doses: int
    ages: Ages
    groups: frozenset[str]
    period: Days


@dataclass(frozen=True)
class Note:
    """A sentence shown with a rule from a day on."""

    text: Text
    start: date
    dispatch: str


@dataclass(frozen=True)
class Conventions:
    """Readings of our own, where no rule says: all unconfirmed."""

    implausible_gap: Span
    presumed_recovery: Span
    pregnancy_lasts: Span


@dataclass(frozen=True, eq=False)
class RuleSet:
    """All of one campaign's rules. Immutable."""

    campaign: str
    names: Text
    starts: date
    known_until: date
    catalogue: Catalogue
    dispatches: dict[str, Dispatch]
    approvals: tuple[Approval, ...]
    rows: tuple[Row, ...]
    bars: tuple[Bar, ...]
    conditions: dict[str, ConditionKind]
    conventions: Conventions
    areas: frozenset[str] = frozenset()
    volumes: tuple[Volume, ...] = ()
    lengths: tuple[CourseLength, ...] = ()
    notes: dict[str, Note] = field(default_factory=dict)
    known_gaps: tuple[tuple[str, Text], ...] = ()
    passport_from: date | None = None
    passport_dispatch: str = ""

    @property
    def products(self) -> dict[str, Product]:
        """The products by code."""
        return self.catalogue.products

    @cached_property
    def local_areas(self) -> tuple[str, ...]:
        """The areas that have a rule of their own."""
        return tuple(sorted({row.area for row in self.rows} - {NATION}))

    @cached_property
    def _bars(self) -> dict[str, list[Bar]]:
        found: dict[str, list[Bar]] = {}
        for bar in self.bars:
            found.setdefault(bar.fact, []).append(bar)
        return found

    def bars_on(self, fact: str) -> list[Bar]:
        """The bars of an infection or a condition."""
        return self._bars.get(fact, [])

    @cached_property
    def first_rows(self) -> tuple[Row, ...]:
        """The rows that open a course."""
        return tuple(row for row in self.rows if row.kind == PRIMARY and not row.after)

    def area(self, area: str | None) -> str:
        """Give the area by whose rules a question is answered: itself, or the nation."""
        return area if area in self.local_areas else NATION

    def offers(self, area: str, after: str, dose: int, length: int) -> tuple[Offer, ...]:
        """Offers of the primary course: `after` is the code of the dose before, empty for the first dose."""
        return _primary(self, area, after, dose, length)

    def later(self, kind: str, area: str, course: tuple[str, ...], groups: frozenset[str]) -> tuple[Offer, ...]:
        """Offers after a complete course (codes of its products), for someone of these groups."""
        return _later(self, kind, area, course, groups, False)

    def unclear(self, kind: str, area: str, course: tuple[str, ...], groups: frozenset[str]) -> tuple[Offer, ...]:
        """Offers that only some readings of a dispatch make."""
        return _later(self, kind, area, course, groups, True)

    def _codes(self, gives: Iterable[Give], course: tuple[str, ...]) -> tuple[str, ...]:
        platforms = frozenset(self.products[code].platform for code in course)
        fitting = next((give for give in gives if give.fits(course, platforms)), None)
        names = fitting.products if fitting else ()
        return tuple(dict.fromkeys(code for name in names for code in self._named(name, course)))

    def _named(self, name: str, course: tuple[str, ...]) -> list[str]:
        if name == "same":
            return list(dict.fromkeys(course))
        if name in self.products:
            return [name]
        approved_ones = [p for p in self.products.values() if p.status == "approved"]
        return [p.code for p in approved_ones if name in ("approved", p.platform)]

    def _of(self, row: Row, codes: Iterable[str]) -> list[Offer]:
        return [offer for code in codes for offer in approved(row, self.products[code], self.approvals)]

    def course_length(self, product: Product, birth: date, first: date, groups: frozenset[str]) -> int:
        """Doses of a course begun with this product on this day."""
        for row in self.lengths:
            fits = product.code in row.products and row.period.holds(first) and row.ages.days(birth).holds(first)
            if fits and (not row.groups or row.groups & groups):
                return row.doses
        return product.course

    def volume_ml(self, product: Product, kind: str, day: date) -> float | None:
        """The volume of a dose in ml."""
        for row in self.volumes:
            if row.product == product.code and kind in row.kinds and row.period.holds(day):
                return row.ml
        return product.volume_ml

    def note(self, row: Row, day: date) -> Text | None:
        """The sentence that is shown with a rule on a day, if any."""
        if isinstance(row.note, Text):
            return row.note
        found = self.notes.get(row.note)
        return found.text if found and found.start <= day else None

    def cite(self, ids: Iterable[str]) -> Text:
        """Name dispatches with their dates."""
        texts = [self.dispatches[one].text for one in ids]
        return Text("; ".join(t.vi for t in texts), "; ".join(t.en for t in texts))


@lru_cache(maxsize=65536)
def _primary(rules: RuleSet, area: str, after: str, dose: int, length: int) -> tuple[Offer, ...]:
    rows = [
        row
        for row in localised((r for r in rules.rows if r.kind == PRIMARY), area)
        if (after in row.after if after else not row.after)
        and row.dose in (None, dose)
        and row.course in (None, length)
        and not row.forbidden
    ]
    return tuple(offer for row in rows for offer in rules._of(row, rules._codes(row.give, ())))


@lru_cache(maxsize=65536)
def _later(
    rules: RuleSet, kind: str, area: str, course: tuple[str, ...], groups: frozenset[str], unclear: bool
) -> tuple[Offer, ...]:
    if any(rules.products[code].status != "approved" for code in course):
        return ()
    found: list[Offer] = []
    for row in localised((r for r in rules.rows if r.kind == kind), area):
        for who in _lines(row, unclear, groups, course):
            offers = rules._of(row, rules._codes(row.give, course))
            found += [replace(offer, bands=(*offer.bands, who.ages)) for offer in offers]
    return tuple(found)


def _lines(row: Row, unclear: bool, groups: frozenset[str], course: tuple[str, ...]) -> list[Who]:
    lines = row.unclear if unclear else row.who or (Who(),)
    return [who for who in lines if who.fits(groups, course)]
