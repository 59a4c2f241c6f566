"""What is due next for a certain person on a day, by the rules of that day; and since when.

Two questions are kept apart. *Since when*: the dose is allowed today, and the days before today are looked back on
with the rules as they followed one another. *From when*: it is not allowed today, and the days ahead are looked at
with the rules of today, taken to last, since nobody foresees the next dispatch.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from tiemchung.dosing.answers import Option
from tiemchung.dosing.bars import Block, barring, blocks, disputed
from tiemchung.dosing.course import Course, Person
from tiemchung.dosing.dates import EVER, Days, following
from tiemchung.dosing.offers import Anchors, Offer
from tiemchung.dosing.products import ANY_AGE
from tiemchung.dosing.rows import ADDITIONAL, PRIMARY
from tiemchung.dosing.ruleset import RuleSet


@dataclass(frozen=True)
class Forecast:
    """The next dose of one kind. `options` are sure of their rule, `contested` are not; the first option leads."""

    kind: str
    number: int
    options: tuple[Option, ...]
    contested: tuple[Option, ...]
    offers: tuple[Offer, ...]
    forbidden: tuple[Block, ...]
    disputed: tuple[Block, ...]

    @property
    def now(self) -> tuple[Option, ...]:
        """The options allowed on the day asked about."""
        return tuple(option for option in self.options if option.allowed)

    @property
    def from_(self) -> date:
        """The first day on which an option is allowed."""
        return min(option.from_ for option in self.now or self.options)

    @property
    def products(self) -> tuple[str, ...]:
        """Products allowed now, or on the first day on which any is."""
        if self.now:
            return tuple(option.product for option in self.now)
        return tuple(option.product for option in self.options if option.from_ == self.from_)

    @property
    def leader(self) -> Option:
        """The option whose rule the answer names."""
        return next(option for option in self.options if option.product in self.products)


def forecast(rules: RuleSet, person: Person, course: Course, area: str | None, day: date) -> Forecast | None:
    """Give the next dose: of the first kind that some rule offers, now or later; None where none does."""
    found = [look(rules, person, course, kind, area, day) for kind in course.open_kinds]
    return next((one for one in found if one.options), None) or next((f for f in found if f.contested), None)


def look(rules: RuleSet, person: Person, course: Course, kind: str, area: str | None, day: date) -> Forecast:
    """Give what the rules offer of one kind, product by product, the product of the last dose first."""
    offers = course.offers(rules, kind, rules.area(area), person)
    number = len(course.primary) + 1 if kind == PRIMARY else 1
    options: list[Option] = []
    contested: list[Option] = []
    forbidden: list[Block] = []
    doubted: list[Block] = []
    for code in _order(offers, course):
        own = [offer for offer in offers if offer.product.code == code]
        past = blocks(rules, person, course, kind, own[0].product)
        ahead = blocks(rules, person, course, kind, own[0].product, known_on=min(day, rules.known_until))
        forbidden += [block for block in past if block.bar.forbids and block.days.holds(day)]
        for group, into in ((_sure(own), options), (_contested(own), contested)):
            option = _option(rules, person, course, kind, group, past, ahead, day)
            if option:
                into.append(option)
                if option.allowed and (doubt := disputed(past, day)):
                    doubted.append(doubt)
    sure = {option.product for option in options if option.allowed}
    contested = [option for option in contested if option.product not in sure]
    return Forecast(kind, number, tuple(options), tuple(contested), offers, tuple(forbidden), tuple(doubted))


def _sure(offers: list[Offer]) -> list[Offer]:
    return [offer for offer in offers if offer.mark != "contested"]


def _contested(offers: list[Offer]) -> list[Offer]:
    return [offer for offer in offers if offer.mark == "contested"]


def _order(offers: Iterable[Offer], course: Course) -> list[str]:
    codes = list(dict.fromkeys(offer.product.code for offer in offers))
    last = course.codes[-1] if course.codes else ""
    return sorted(codes, key=lambda code: code != last)


def _option(
    rules: RuleSet,
    person: Person,
    course: Course,
    kind: str,
    offers: list[Offer],
    past: list[Block],
    ahead: list[Block],
    day: date,
) -> Option | None:
    anchors = course.anchors(kind)
    offers = [offer for offer in offers if not refused(offer, person)]
    windows = [(offer, offer.days(anchors, person.birth)) for offer in offers]
    since = _since(windows, past, day)
    if since:
        return _made(rules, kind, since[0], since[1], anchors, person, True, "", day)
    horizon = max(rules.known_until, day)
    known = min(day, rules.known_until)
    frozen = [offer.frozen() for offer in offers if offer.period.holds(known)]
    of_age = [_ageless(offer, kind) for offer in frozen if offer.of_age(person.birth).holds(day)]
    growing = [offer for offer in frozen if day < offer.of_age(person.birth).start <= horizon]
    next_one = _next(of_age, person, anchors, ahead, day) or _next(growing, person, anchors, ahead, day)
    if not next_one:
        return None
    return _made(rules, kind, next_one[0], next_one[1], anchors, person, False, next_one[2], day)


def _ageless(offer: Offer, kind: str) -> Offer:
    """A booster is foretold by the age of the day asked about; the next primary dose by the age of its own day."""
    return offer if kind == PRIMARY else replace(offer, bands=(ANY_AGE,))


def refused(offer: Offer, person: Person) -> bool:
    """Tell whether a stated fact contradicts what the offer needs."""
    return ("consent" in offer.row.needs and "no_consent_to_mix" in person.groups) or (
        "supply_short" in offer.row.needs and "supply_enough" in person.groups
    )


def _since(windows: list[tuple[Offer, Days]], found: list[Block], day: date) -> tuple[Offer, date] | None:
    """Give the offer that allows the day, and the first of the unbroken days up to it that were allowed."""
    holding = [(offer, days) for offer, days in windows if days.holds(day)]
    if not holding or barring(found, day):
        return None
    start = min(days.start for _, days in holding)
    for _, days in sorted(windows, key=lambda pair: pair[1].start, reverse=True):
        if days.start < start <= following(days.end) and days.start <= days.end:
            start = days.start
    for block in found:
        if block.bar.mark != "contested" and start <= block.days.end < day:
            start = following(block.days.end)
    return holding[0][0], start


def _next(
    offers: list[Offer], person: Person, anchors: Anchors, found: list[Block], day: date
) -> tuple[Offer, date, str] | None:
    """Give the first allowed day after the day asked about, its offer, and the bar that moved it.

    Offers for the age of the day go before those of an age to come: age is that of the day (asked about).
    """
    candidates = []
    for offer in offers:
        days = offer.days(anchors, person.birth)
        start, moved = max(days.start, day), ""
        while start < EVER and (block := barring(found, start)):
            start, moved = following(block.days.end), block.bar.id
        if start <= days.end and start < EVER:
            candidates.append((offer, start, moved))
    return min(candidates, key=lambda one: one[1], default=None)


def _made(
    rules: RuleSet,
    kind: str,
    offer: Offer,
    start: date,
    anchors: Anchors,
    person: Person,
    allowed: bool,
    deferred_by: str,
    day: date,
) -> Option:
    best = offer.row.best
    last = anchors.last
    until = offer.closes(anchors) if offer.row.until else None
    if best and last:
        until = best[1].after(last)
    if kind == ADDITIONAL and until:
        until = min(until, offer.closes(anchors))
    return Option(
        product=offer.product.code,
        from_=start,
        until=until,
        best_from=best[0].after(last) if best and last else None,
        allowed=allowed,
        rule=offer.row.id,
        dispatch=offer.row.dispatch,
        mark=offer.mark,
        needs=tuple(need for need in offer.row.needs if not _stated(need, person)),
        volume_ml=rules.volume_ml(offer.product, kind, max(start, day)),
        deferred_by=deferred_by,
    )


def _stated(need: str, person: Person) -> bool:
    said = {"consent": "consent_to_mix", "supply_short": "supply_short"}.get(need, "")
    return said in person.groups
