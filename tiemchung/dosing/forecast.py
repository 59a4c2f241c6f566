"""What is due next for a certain person on a day, by the rules of that day; and since when.

Two questions are kept apart. *Since when*: the dose is allowed today, and the days before today are looked back on
with the rules as they followed one another. *From when*: it is not allowed today, and the days ahead are looked at
with the rules of today, taken to last, since nobody foresees the next dispatch.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from tiemchung.dosing.answers import Option
from tiemchung.dosing.bars import Block, barring, blocks, disputed
from tiemchung.dosing.course import Course, Person
from tiemchung.dosing.dates import EVER, Days, following
from tiemchung.dosing.offers import Anchors, Offer
from tiemchung.dosing.products import ANY_AGE
from tiemchung.dosing.rows import PRIMARY
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


@dataclass(frozen=True)
class _Step:
    """The next dose of one kind, for a certain person on a day."""

    rules: RuleSet
    person: Person
    course: Course
    kind: str
    offers: tuple[Offer, ...]
    day: date

    @cached_property
    def anchors(self) -> Anchors:
        return self.course.anchors(self.kind)

    @cached_property
    def known(self) -> date:
        """The day whose rules are applied: none are known after the last."""
        return min(self.day, self.rules.known_until)

    @cached_property
    def foretold(self) -> tuple[Offer, ...]:
        """Today's offers, taken to last, that may be foretold.

        A booster is foretold by the age of the day asked about, and by an age to come only where that has no rule.
        The next primary dose is foretold by the age of its own day.
        """
        frozen = [offer.frozen() for offer in self.offers if offer.period.holds(self.known)]
        of_age = [offer for offer in frozen if offer.of_age(self.person.birth).holds(self.day)]
        if of_age and self.kind != PRIMARY:
            return tuple(replace(offer, bands=(ANY_AGE,)) for offer in of_age)
        horizon = max(self.rules.known_until, self.day)
        return tuple(offer for offer in frozen if offer.of_age(self.person.birth).start <= horizon)

    def days(self, offer: Offer) -> Days:
        return offer.days(self.anchors, self.person.birth)


def forecast(rules: RuleSet, person: Person, course: Course, area: str | None, day: date) -> Forecast | None:
    """Give the next dose: of the first kind that some rule offers, now or later; None where none does."""
    contested = None
    for kind in course.open_kinds:
        offers = course.offers(rules, kind, rules.area(area), person)
        found = _look(_Step(rules, person, course, kind, offers, day))
        if found.options:
            return found
        contested = contested or (found if found.contested else None)
    return contested


def _look(step: _Step) -> Forecast:
    """Give what the rules offer of one kind, product by product, the product of the last dose first."""
    options: list[Option] = []
    contested: list[Option] = []
    forbidden: list[Block] = []
    doubted: list[Block] = []
    for code in _order(step):
        own = [offer for offer in step.offers if offer.product.code == code]
        past = blocks(step.rules, step.person, step.course, step.kind, own[0].product)
        forbidden += [block for block in past if block.bar.forbids and block.days.holds(step.day)]
        own = [offer for offer in own if not refused(offer, step.person)]
        option = _option(step, code, [o for o in own if o.mark != "contested"], past)
        option_contested = _option(step, code, [o for o in own if o.mark == "contested"], past)
        if option:
            options.append(option)
        if option_contested and not (option and option.allowed):
            contested.append(option_contested)
        if option and option.allowed and (doubt := disputed(past, step.day)):
            doubted.append(doubt)
    number = len(step.course.primary) + 1 if step.kind == PRIMARY else 1
    return Forecast(step.kind, number, tuple(options), tuple(contested), step.offers, tuple(forbidden), tuple(doubted))


def _order(step: _Step) -> list[str]:
    codes = list(dict.fromkeys(offer.product.code for offer in step.offers))
    last = step.course.codes[-1] if step.course.codes else ""
    return sorted(codes, key=lambda code: code != last)


def refused(offer: Offer, person: Person) -> bool:
    """Tell whether a stated fact contradicts what the offer needs."""
    return ("consent" in offer.row.needs and "no_consent_to_mix" in person.groups) or (
        "supply_short" in offer.row.needs and "supply_enough" in person.groups
    )


def _option(step: _Step, code: str, offers: list[Offer], past: list[Block]) -> Option | None:
    since = _since([(offer, step.days(offer)) for offer in offers], past, step.day)
    if since:
        return _made(step, *since, allowed=True)
    rows = {offer.row.id for offer in offers}
    own = [offer for offer in step.foretold if offer.product.code == code and offer.row.id in rows]
    ahead = blocks(step.rules, step.person, step.course, step.kind, own[0].product, step.known) if own else []
    following_one = _next([(offer, step.days(offer)) for offer in own], ahead, step.day)
    return _made(step, *following_one, allowed=False) if following_one else None


def _since(windows: list[tuple[Offer, Days]], found: list[Block], day: date) -> tuple[Offer, date, str] | None:
    """Give the offer that allows the day, and the first of the unbroken days up to it that were allowed."""
    holding = [(offer, days) for offer, days in windows if days.holds(day)]
    if not holding or barring(found, day):
        return None
    start = min(days.start for _, days in holding)
    for _, days in sorted(windows, key=lambda pair: pair[1].start, reverse=True):
        if days.start < start <= following(days.end) and days.start <= days.end:
            start = days.start
    for block in sorted(found, key=lambda one: one.days.end):
        if block.bar.mark != "contested" and start <= block.days.end < day:
            start = following(block.days.end)
    return holding[0][0], start, ""


def _next(windows: list[tuple[Offer, Days]], found: list[Block], day: date) -> tuple[Offer, date, str] | None:
    """Give the offer that first allows a day to come, that day, and the bar that moved it, if any."""
    candidates = []
    for offer, days in windows:
        start, moved = max(days.start, day), ""
        while start < EVER and (block := barring(found, start)):
            start, moved = following(block.days.end), block.bar.id
        if start <= days.end and start < EVER:
            candidates.append((offer, start, moved))
    return min(candidates, key=lambda one: one[1], default=None)


def _made(step: _Step, offer: Offer, start: date, deferred_by: str, *, allowed: bool) -> Option:
    best, last = offer.row.best, step.anchors.last
    until = offer.closes(step.anchors) if offer.row.until else None
    if best and last:
        until = best[1].after(last)
    return Option(
        product=offer.product.code,
        from_=start,
        until=until if until and until >= start else None,
        best_from=best[0].after(last) if best and last else None,
        allowed=allowed,
        rule=offer.row.id,
        dispatch=offer.row.dispatch,
        mark=offer.mark,
        needs=tuple(need for need in offer.row.needs if not _stated(need, step.person)),
        volume_ml=step.rules.volume_ml(offer.product, step.kind, max(start, step.day)),
        deferred_by=deferred_by,
    )


def _stated(need: str, person: Person) -> bool:
    said = {"consent": "consent_to_mix", "supply_short": "supply_short"}.get(need, "")
    return said in person.groups
