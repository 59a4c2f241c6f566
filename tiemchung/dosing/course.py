"""What each dose of a certain history was: its kind, its number, and whether the rule of its day allowed it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from tiemchung.dosing import wording
from tiemchung.dosing.answers import Finding
from tiemchung.dosing.conditions import Fact
from tiemchung.dosing.history import Taken
from tiemchung.dosing.offers import Anchors, Offer
from tiemchung.dosing.rows import ADDITIONAL, BOOSTER1, BOOSTER2, PRIMARY
from tiemchung.dosing.ruleset import RuleSet

UNRULED = "unruled"


@dataclass(frozen=True)
class Person:
    """A subject of whom everything is certain."""

    birth: date
    sex: str
    groups: frozenset[str]
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Placed:
    """A dose with its kind, its number and the rule that it rests on, if any."""

    taken: Taken
    kind: str
    dn: int
    sd: int
    findings: tuple[Finding, ...]
    offer: Offer | None = None


@dataclass(frozen=True)
class Course:
    """The doses taken so far, oldest first. `length`: doses of the primary course."""

    placed: tuple[Placed, ...] = ()
    length: int = 0

    @cached_property
    def primary(self) -> tuple[Placed, ...]:
        """The doses of the primary course."""
        return tuple(one for one in self.placed if one.kind == PRIMARY)

    @property
    def complete(self) -> bool:
        """Tell whether the primary course is complete. A one-dose product completes any."""
        return bool(self.primary) and (
            len(self.primary) >= self.length or self.primary[-1].taken.product.course == 1 < self.length
        )

    @property
    def complete_since(self) -> date | None:
        """The day of the dose that completed the primary course."""
        return self.primary[-1].taken.date if self.complete else None

    def of(self, kind: str) -> Placed | None:
        """The last dose of a kind."""
        return next((one for one in reversed(self.placed) if one.kind == kind), None)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes of the primary and additional doses as the rules know them."""
        return tuple(one.taken.product.course_code for one in self.placed if one.kind in (PRIMARY, ADDITIONAL))

    @property
    def open_kinds(self) -> tuple[str, ...]:
        """The kinds that could come next, in the order in which they are tried."""
        if not self.complete:
            return (PRIMARY,)
        if self.of(UNRULED) or self.of(BOOSTER2):
            return ()
        if self.of(BOOSTER1):
            return (BOOSTER2,)
        return (BOOSTER1,) if self.of(ADDITIONAL) else (ADDITIONAL, BOOSTER1)

    def anchors(self, kind: str) -> Anchors:
        """The days from which the intervals of a kind count."""
        before = {
            PRIMARY: self.of(PRIMARY),
            ADDITIONAL: self.of(PRIMARY),
            BOOSTER1: self.of(ADDITIONAL) or self.of(PRIMARY),
            BOOSTER2: self.of(BOOSTER1),
        }[kind]
        first = self.primary[0].taken.date if self.primary else None
        return Anchors(before.taken.date if before else None, first)

    def offers(self, rules: RuleSet, kind: str, area: str, person: Person) -> tuple[Offer, ...]:
        """The offers that rules make to a person for the next dose of a kind."""
        if kind != PRIMARY:
            return rules.later(kind, area, self.codes, person.groups)
        last = self.primary[-1].taken.product.course_code if self.primary else ""
        offers = rules.offers(area, last, len(self.primary) + 1, self.length)
        return tuple(offer for offer in offers if offer.row.sex in ("", person.sex))


def place_all(rules: RuleSet, person: Person, doses: Iterable[Taken], area: str | None) -> Course:
    """Place doses, oldest first. A dose whose own area is not known is judged by the area asked about."""
    course = Course()
    for taken in sorted(doses, key=lambda one: (one.date, one.place)):
        where = rules.area(taken.area or area)
        if not course.placed:
            length = rules.course_length(taken.product, person.birth, taken.date, person.groups)
            course = replace(course, length=length)
        placed = _place(rules, person, course, taken, where)
        course = replace(course, placed=(*course.placed, _compare_typed(placed)))
    return course


def _place(rules: RuleSet, person: Person, course: Course, taken: Taken, area: str) -> Placed:
    dn = len(course.placed) + 1
    if not course.complete:
        findings, offer = _judge_primary(rules, person, course, taken, area)
        return Placed(taken, PRIMARY, dn, max(course.length, dn), findings, offer)
    sd = 1 if len(course.primary) == 1 else dn
    kind, findings, offer = _judge_later(rules, person, course, taken, area)
    return Placed(taken, kind, dn, sd, findings, offer)


def _judge_primary(
    rules: RuleSet, person: Person, course: Course, taken: Taken, area: str
) -> tuple[tuple[Finding, ...], Offer | None]:
    if taken.abroad:
        return (), None
    code = _site_finding(rules, person, taken, area)
    offer = None
    if course.primary and code in ("", "before_arrival", "before_campaign"):
        pair, offer = _pair_finding(rules, person, course, taken, area)
        code = code or pair
    holds = code != "permission_contested"
    name = taken.product.names.vi
    return ((_found(code, taken, holds, name=name),) if code else ()), offer


def _site_finding(rules: RuleSet, person: Person, taken: Taken, area: str) -> str:
    product, day = taken.product, taken.date
    approvals = [a for a in rules.approvals if product.code in a.products and a.period.holds(day)]
    if day < rules.starts:
        return "before_campaign"
    if not approvals:
        return "not_approved"
    if product.arrived and day < product.arrived:
        return "before_arrival"
    if not any(approval.ages.days(person.birth).holds(day) for approval in approvals):
        return "product_not_for_age"
    first = Course().offers(rules, PRIMARY, area, person)
    open_now = [o for o in first if o.period.holds(day) and o.of_age(person.birth).holds(day)]
    if not open_now:
        return "below_campaign_age"
    return "" if any(o.product.code == product.code for o in open_now) else "not_in_campaign"


def _pair_finding(rules: RuleSet, person: Person, course: Course, taken: Taken, area: str) -> tuple[str, Offer | None]:
    fitting = [
        offer
        for offer in course.offers(rules, PRIMARY, area, person)
        if offer.product.code == taken.product.course_code
        and offer.period.holds(taken.date)
        and offer.of_age(person.birth).holds(taken.date)
    ]
    if not fitting:
        return "mix_not_permitted", None
    if taken.date < min(offer.reached(course.anchors(PRIMARY)) for offer in fitting):
        return "interval_short", fitting[0]
    return ("permission_contested" if fitting[0].mark == "contested" else ""), fitting[0]


def _judge_later(
    rules: RuleSet, person: Person, course: Course, taken: Taken, area: str
) -> tuple[str, tuple[Finding, ...], Offer | None]:
    best: tuple[str, str, Offer | None] = (UNRULED, "no_rule", None)
    for kind in course.open_kinds:
        code, offer = _later_finding(rules, person, course, taken, area, kind)
        if not code:
            return kind, (), offer
        if code != "no_rule" and kind != ADDITIONAL:
            best = (kind, code, offer)
    kind, code, offer = best
    if taken.abroad and course.open_kinds:
        return course.open_kinds[-1], (_found("given_abroad", taken, holds=False),), None
    return kind, (_found(code, taken, holds=True, name=taken.product.names.vi),), offer


def _later_finding(
    rules: RuleSet, person: Person, course: Course, taken: Taken, area: str, kind: str
) -> tuple[str, Offer | None]:
    anchors = course.anchors(kind)
    in_force = [
        offer
        for offer in course.offers(rules, kind, area, person)
        if offer.period.holds(taken.date) and offer.of_age(person.birth).holds(taken.date)
    ]
    own = [offer for offer in in_force if offer.product.code == taken.product.course_code]
    for offer in own:
        if offer.reached(anchors) <= taken.date <= offer.closes(anchors):
            return "", offer
    if any(taken.date < offer.reached(anchors) for offer in own):
        return "booster_too_early", own[0]
    if any(offer.reached(anchors) <= taken.date <= offer.closes(anchors) for offer in in_force):
        return "mix_not_permitted", in_force[0]
    return "no_rule", None


def _found(code: str, taken: Taken, holds: bool, **names: str) -> Finding:
    return wording.finding(code, f"doses[{taken.place}]", holds=holds, **names)


_TYPED_KINDS = {"cơ bản": PRIMARY, "bổ sung": ADDITIONAL, "nhắc lại": BOOSTER1}
_TYPED_KINDS |= {"basic": PRIMARY, "primary": PRIMARY, "additional": ADDITIONAL, "booster": BOOSTER1}


def _compare_typed(placed: Placed) -> Placed:
    typed = placed.taken.typed.casefold()
    if not typed:
        return placed
    number = re.search(r"(?:mũi|dose|liều|thứ|^)\s*(?:thứ\s*)?(\d)", typed)
    kind = next((kind for word, kind in _TYPED_KINDS.items() if word in typed), None)
    code = ""
    if number and not kind and int(number[1]) > placed.dn:
        code = "earlier_dose_missing"
    elif (kind and not placed.kind.startswith(kind.rstrip("12"))) or (number and not kind and _differs(placed, number)):
        code = "kind_differs"
    if not code:
        return placed
    found = _found(code, placed.taken, holds=code == "earlier_dose_missing", typed=placed.taken.typed)
    return replace(placed, findings=(*placed.findings, found))


def _differs(placed: Placed, number: re.Match[str]) -> bool:
    return int(number[1]) != placed.dn or placed.kind == ADDITIONAL
