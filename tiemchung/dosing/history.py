"""A subject and his doses as they come: any order, gaps, foreign, unknown, double. Read into slots.

A slot is one injection that may have been one of several things. What cannot be an injection is left out with a
finding; nothing is chosen where the record leaves a choice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tiemchung.dosing import wording
from tiemchung.dosing.answers import Finding
from tiemchung.dosing.dates import PartialDate
from tiemchung.dosing.products import Product
from tiemchung.dosing.ruleset import RuleSet


@dataclass(frozen=True)
class Subject:
    """The person asked about. Dates as `YYYY[-MM[-DD]]`; conditions by the words of the rule file, dated `code@date`;
    infections as a date of illness, `ill/well`, or `unknown`."""

    birth_date: str | date | PartialDate
    sex: str = "unknown"
    conditions: frozenset[str] = frozenset()
    infections: tuple[object, ...] = ()


@dataclass(frozen=True)
class GivenDose:
    """A dose as recorded: product by code, EU code or name; date or None; province of the site if known.

    `abroad`: given outside Viet Nam, so that its rules of the day do not judge it. `typed`: what staff called it.
    """

    product: str
    date: str | date | None
    area: str | None = None
    abroad: bool = False
    typed: str = ""


class Taken(NamedTuple):
    """A dose as it may have been: certain product and day. `place`: its place in the input."""

    place: int
    product: Product
    date: date
    area: str | None = None
    abroad: bool = False
    typed: str = ""


class Slot(NamedTuple):
    """One injection: what it may have been (None = it does not count), and where to ask."""

    choices: tuple[Taken | None, ...]
    field: str


@dataclass(frozen=True)
class History:
    """The slots of a history and the findings that reading it raised, by place in the input."""

    slots: tuple[Slot, ...]
    findings: dict[int, tuple[Finding, ...]]
    left_out: frozenset[int]


class _Entry(NamedTuple):
    place: int
    given: GivenDose
    when: PartialDate
    choices: tuple[Taken | None, ...]


def read_history(rules: RuleSet, given: Iterable[GivenDose], birth: PartialDate, day: date) -> History:
    """Read doses into slots as they stand on a day. Raises InputError for a date that cannot be read."""
    findings: dict[int, tuple[Finding, ...]] = {}
    entries = []
    for index, dose in enumerate(given):
        entry, found = _read(rules, index, dose, birth, day)
        if found:
            findings[index] = found
        if entry:
            entries.append(entry)
    slots, left_out = _slots(rules, sorted(entries, key=_order), findings)
    left_out |= set(findings) - {entry.place for entry in entries}
    return History(tuple(slots), findings, frozenset(left_out))


def _order(entry: _Entry) -> tuple[date, date, int]:
    return (entry.when.earliest, entry.when.latest, entry.place)


def _read(
    rules: RuleSet, index: int, dose: GivenDose, birth: PartialDate, day: date
) -> tuple[_Entry | None, tuple[Finding, ...]]:
    field = f"doses[{index}]"
    if dose.date in (None, "", "unknown"):
        return None, (wording.finding("no_date", f"{field}.date", holds=True),)
    when = PartialDate.parse(dose.date or "", f"{field}.date")
    if when.latest < birth.earliest:
        return None, (wording.finding("before_birth", f"{field}.date", holds=True),)
    if when.earliest > day:
        return None, (wording.finding("in_future", f"{field}.date", holds=False),)
    products = rules.catalogue.find(dose.product, birth.earliest, when.earliest)
    found = _product_findings(dose, products, f"{field}.product")
    if products and all(product.status == "trial" for product in products):
        return None, found
    if not when.exact:
        found += (wording.finding("day_unknown", f"{field}.date", holds=False),)
    return _Entry(index, dose, when, _choices(rules, index, dose, when, products)), found


def _product_findings(dose: GivenDose, products: tuple[Product, ...], field: str) -> tuple[Finding, ...]:
    if not products:
        return (wording.finding("unknown_product", field, holds=True, name=dose.product),)
    if len(products) > 1:
        names = " / ".join(product.names.vi for product in products)
        return (wording.finding("ambiguous_product", field, holds=True, name=dose.product, products=names),)
    if products[0].status == "trial":
        return (wording.finding("trial_dose", field, holds=False, name=products[0].names.vi),)
    if products[0].status == "foreign" and not products[0].counts_as:
        return (wording.finding("not_approved_here", field, holds=True, name=products[0].names.vi),)
    return ()


def _choices(
    rules: RuleSet, index: int, dose: GivenDose, when: PartialDate, products: tuple[Product, ...]
) -> tuple[Taken | None, ...]:
    possible = products or tuple(p for p in rules.products.values() if p.status == "approved")
    choices: list[Taken | None] = [
        Taken(index, product, end, dose.area, dose.abroad or product.status == "foreign", dose.typed)
        for product in possible
        for end in when.ends
    ]
    undecided = any(product.status == "foreign" and not product.counts_as for product in possible)
    return tuple([*choices, None] if undecided else choices)


def _slots(
    rules: RuleSet, entries: list[_Entry], findings: dict[int, tuple[Finding, ...]]
) -> tuple[list[Slot], set[int]]:
    slots: list[Slot] = []
    doubles: set[int] = set()
    for group in _close_together(rules, entries):
        distinct = _without_doubles(group, findings, doubles)
        if len(distinct) > 1:
            same_day = len({entry.when for entry in distinct}) == 1
            code = "two_on_one_day" if same_day else "implausibly_close"
            for entry in distinct:
                add(findings, entry.place, wording.finding(code, f"doses[{entry.place}]", holds=True))
        choices = tuple(choice for entry in distinct for choice in entry.choices)
        slots.append(Slot(choices, f"doses[{distinct[0].place}]"))
    return slots, doubles


def _close_together(rules: RuleSet, entries: list[_Entry]) -> list[list[_Entry]]:
    groups: list[list[_Entry]] = []
    for entry in entries:
        head = groups[-1][0] if groups else None
        near = head and entry.when.exact and head.when.exact
        if head and near and entry.when.earliest < rules.conventions.implausible_gap.after(head.when.earliest):
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _without_doubles(group: list[_Entry], findings: dict[int, tuple[Finding, ...]], doubles: set[int]) -> list[_Entry]:
    kept: dict[tuple[object, ...], _Entry] = {}
    for entry in group:
        key = (entry.when, tuple(choice and choice.product.code for choice in entry.choices))
        if kept.setdefault(key, entry) is not entry:
            doubles.add(entry.place)
            add(findings, entry.place, wording.finding("possible_double", f"doses[{entry.place}]", holds=False))
    return list(kept.values())


def add(findings: dict[int, tuple[Finding, ...]], index: int, finding: Finding) -> None:
    """Add a finding to those of a dose."""
    findings[index] = (*findings.get(index, ()), finding)
