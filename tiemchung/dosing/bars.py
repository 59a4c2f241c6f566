"""The days on which something stated of a person postpones or forbids a dose."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tiemchung.dosing.conditions import Fact
from tiemchung.dosing.course import Course, Person
from tiemchung.dosing.dates import EVER, Days, before
from tiemchung.dosing.products import Catalogue, Product
from tiemchung.dosing.rows import Bar
from tiemchung.dosing.ruleset import RuleSet


@dataclass(frozen=True)
class Block:
    """Days barred, and by what."""

    days: Days
    bar: Bar


def blocks(
    rules: RuleSet, person: Person, course: Course, kind: str, product: Product, known_on: date | None = None
) -> list[Block]:
    """Give the days on which this product may not be given as this kind of dose.

    With `known_on`, only the bars in force on that day, taken to last: what someone foresees who knows no more.
    """
    if not person.facts:
        return []
    last = course.placed[-1].taken.date if course.placed else None
    found: list[Block] = []
    for fact in person.facts:
        for bar in rules.bars_on(fact.code):
            if _concerns(bar, kind, known_on) and _applies(rules.catalogue, bar, fact, product, last):
                found += _days(bar, fact, person, known_on)
    return found


def _concerns(bar: Bar, kind: str, known_on: date | None) -> bool:
    return (not bar.kinds or kind in bar.kinds) and (known_on is None or bar.period.holds(known_on))


def _applies(catalogue: Catalogue, bar: Bar, fact: Fact, product: Product, last: date | None) -> bool:
    return (
        (not bar.products or product.code in bar.products)
        and (not bar.same_product or product.family in _families(catalogue, fact.product))
        and (not bar.after_last_dose or last is None or fact.end > last)
    )


def _families(catalogue: Catalogue, name: str) -> set[str]:
    """Families that the words after "anaphylaxis" name; every family where they name none."""
    named = {product.family for word in (name, name.upper()) for product in catalogue.find(word)}
    for word in name.split():
        named |= {product.family for product in catalogue.find(word.upper())}
    return named or {product.family for product in catalogue.products.values()}


def _days(bar: Bar, fact: Fact, person: Person, known_on: date | None) -> Iterable[Block]:
    aged = bar.ages.days(person.birth)
    start = max(bar.period.start, aged.start)
    end = min(EVER if known_on else bar.period.end, aged.end)
    if bar.lasts:
        start = max(start, fact.start)
        end = min(end, before(bar.lasts.after(fact.end if bar.since == "end" else fact.start)))
    return [Block(Days(start, end), bar)] if start <= end else []


def barring(found: Iterable[Block], day: date) -> Block | None:
    """Give the block that bars a day, the longest if several do; contested ones bar nothing."""
    on_day = [block for block in found if block.days.holds(day) and block.bar.mark != "contested"]
    return max(on_day, key=lambda block: block.days.end, default=None)


def disputed(found: Iterable[Block], day: date) -> Block | None:
    """Give a block that only some sources know, if it would bar the day."""
    return next((block for block in found if block.days.holds(day) and block.bar.mark == "contested"), None)
