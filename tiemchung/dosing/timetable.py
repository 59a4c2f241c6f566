"""The page of documentation that is made of the data: today's rules as a timetable, products, conditions, silences."""

from collections.abc import Iterable, Iterator
from datetime import date

from tiemchung.dosing.coverage import ages, born, silences
from tiemchung.dosing.dates import Days, show
from tiemchung.dosing.offers import Offer
from tiemchung.dosing.products import Ages, Product
from tiemchung.dosing.rows import ADDITIONAL, BOOSTER1, BOOSTER2, NATION, Row
from tiemchung.dosing.ruleset import RuleSet
from tiemchung.dosing.wording import say

_KINDS = {ADDITIONAL: "bổ sung (additional)", BOOSTER1: "nhắc lại 1 (booster 1)", BOOSTER2: "nhắc lại 2 (booster 2)"}


def page(rules: RuleSet, day: date | None = None) -> str:
    """Write the page for a day, the last one that the rules know by default."""
    day = min(day or rules.known_until, rules.known_until)
    parts = [_head(rules, day), _courses(rules, day), _later(rules, day), _local(rules, day), _bars(rules, day)]
    parts += [_products(rules), _conditions(rules), _silences(rules), _dispatches(rules)]
    return "\n\n".join(parts) + "\n"


def _head(rules: RuleSet, day: date) -> str:
    return (
        f"# Dose rules: {rules.names.en}\n\n"
        "Made from `reference_data/` by `tiemchung dosing timetable`; do not edit by hand.\n\n"
        f"The rules in force on {show(day)}. Rules are known from {show(rules.starts)} to {show(rules.known_until)}. "
        "*u* = unconfirmed, *c* = sources contradict each other."
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(cell or "–" for cell in line) + " |" for line in lines)


def _courses(rules: RuleSet, day: date) -> str:
    return "## The primary course, by product and age\n\n" + _table(
        ("Product", "Age on the day", "First dose", "Next dose: after at least (best)", "Other products next"),
        (cells for product in _used(rules) for cells in _course(rules, product, day)),
    )


def _used(rules: RuleSet) -> list[Product]:
    return [product for product in rules.products.values() if product.status == "approved"]


def _course(rules: RuleSet, product: Product, day: date) -> Iterator[list[str]]:
    bands = ages(rules)
    said = [_at_age(rules, product, day, months) for months in bands]
    start = 0
    for at in range(1, len(bands) + 1):
        if at == len(bands) or said[at] != said[start]:
            if any(said[start]):
                under = bands[at] if at < len(bands) else None
                yield [f"{product.names.vi} ({product.code})", _age(bands[start], under), *said[start]]
            start = at


def _at_age(rules: RuleSet, product: Product, day: date, months: int) -> list[str]:
    birth = born(day, months)
    first = _fitting(rules.offers(NATION, "", 1, 0), birth, day)
    length = rules.course_length(product, birth, day, frozenset())
    following = _fitting(rules.offers(NATION, product.code, 2, length), birth, day)
    own = [offer for offer in following if offer.product.code == product.code]
    others = [offer for offer in following if offer.product.code != product.code]
    begins = [offer for offer in first if offer.product.code == product.code]
    one_dose = "one dose" if begins and product.course == 1 else ""
    return [
        "; ".join(_cited(rules, offer) for offer in begins),
        "; ".join(_interval(rules, offer) for offer in own) or one_dose,
        "; ".join(f"{offer.product.code}: {_interval(rules, offer)}" for offer in others),
    ]


def _fitting(offers: Iterable[Offer], birth: date, day: date) -> list[Offer]:
    return [offer for offer in offers if offer.period.holds(day) and offer.of_age(birth).holds(day)]


def _age(months: int, under: int | None) -> str:
    def words(count: int) -> str:
        return f"{count // 12} y" if count % 12 == 0 else f"{count} m"

    return f"{words(months)} to under {words(under)}" if under else f"{words(months)} and over"


def _mark(mark: str) -> str:
    return {"unconfirmed": " *u*", "contested": " *c*"}.get(mark, "")


def _numbers(rules: RuleSet, ids: Iterable[str]) -> str:
    found = (rules.dispatches[one] for one in ids)
    return ", ".join(one.number or f"{one.title.en} {show(one.issued)}" for one in found)


def _cited(rules: RuleSet, offer: Offer) -> str:
    return _numbers(rules, offer.row.dispatch) + _mark(offer.mark)


def _interval(rules: RuleSet, offer: Offer) -> str:
    row = offer.row
    least = row.min.text.en if row.min else ""
    ranged = row.best and row.best[0] != row.best[1]
    best = f" (best {row.best[0].text.en} to {row.best[1].text.en})" if row.best and ranged else ""
    needs = " if " + " and ".join(say("needs", need).en for need in row.needs) if row.needs else ""
    return f"{least}{best}{needs}, {_cited(rules, offer)}"


def _later(rules: RuleSet, day: date) -> str:
    rows = [row for row in rules.rows if row.kind in _KINDS and row.period.holds(day)]
    return "## After the course\n\n" + _table(
        ("Kind", "Age", "For whom", "After at least (until)", "Products, by course", "Dispatch"),
        ([_KINDS[row.kind], _band(row.ages), _who(row), _after(row), _gives(row), _by(rules, row)] for row in rows),
    )


def _band(ages_: Ages) -> str:
    start = f"from {ages_.start.text.en}" if ages_.start else ""
    return f"{start} under {ages_.under.text.en}".strip() if ages_.under else start


def _who(row: Row) -> str:
    lines = []
    for who in row.who:
        courses = [f"full course of {' or '.join(sorted(who.only))}"] if who.only else []
        lines += [*sorted(who.groups), *courses, *([_band(who.ages)] if who.ages != Ages() else [])]
    return ", ".join(lines) or "all"


def _after(row: Row) -> str:
    return (row.min.text.en if row.min else "") + (f" (until {row.until.text.en})" if row.until else "")


def _gives(row: Row) -> str:
    lines = []
    for give in row.give:
        shape = " or ".join(sorted(give.only | give.platforms)) or ("mixed" if give.mixed else "")
        lines.append((f"{shape}: " if shape else "") + ", ".join(give.products))
    return "; ".join(lines)


def _by(rules: RuleSet, row: Row) -> str:
    return _numbers(rules, row.dispatch) + _mark(row.mark)


def _local(rules: RuleSet, day: date) -> str:
    rows = [row for row in rules.rows if row.area != NATION and row.period.holds(day)]
    return "## Provinces with rules of their own\n\n" + _table(
        ("Province", "After", "Give", "After at least", "Dispatch"),
        ([row.area, ", ".join(row.after), _gives(row), _after(row), _by(rules, row)] for row in rows),
    )


def _bars(rules: RuleSet, day: date) -> str:
    found = [bar for bar in rules.bars if bar.period.holds(day)]
    return "## What postpones or forbids\n\n" + _table(
        ("Fact", "Age", "Kinds", "Products", "Until", "Dispatch"),
        (
            [
                bar.fact,
                _band(bar.ages),
                ", ".join(bar.kinds) or "all",
                "the same" if bar.same_product else ", ".join(bar.products) or "all",
                f"{bar.lasts.text.en} after its {bar.since}" if bar.lasts else "while it lasts",
                _numbers(rules, bar.dispatch) + _mark(bar.mark),
            ]
            for bar in found
        ),
    )


def _products(rules: RuleSet) -> str:
    return "## Products\n\n" + _table(
        ("Code", "Names", "EU product, maker, prophylaxis", "Volume", "Doses a vial", "Kept at; thawed; once opened"),
        ([one.code, f"{one.names.vi}; {one.names.trade}", *_details(one)] for one in _used(rules)),
    )


def _details(product: Product) -> list[str]:
    eu, kept = product.eu, product.storage
    storage = [] if not kept else [kept.kind, _times(kept.thawed_days, "days"), _times(kept.open_hours, "h")]
    return [
        f"{eu.mp}, {eu.ma}, {eu.vp}" if eu else "",
        f"{product.volume_ml} ml" if product.volume_ml else "",
        ", ".join(map(str, product.vial.doses)) if product.vial else "",
        "; ".join(part or "–" for part in storage),
    ]


def _times(count: float | None, unit: str) -> str:
    return "" if count is None else f"{count:g} {unit}"


def _conditions(rules: RuleSet) -> str:
    kinds = rules.conditions.values()
    return "## Conditions that a question may state\n\n" + _table(
        ("Code", "Tiếng Việt", "English", "With"),
        (
            [f"`{one.code}`", one.names.vi, one.names.en, "date" if one.dated else "product" if one.product else ""]
            for one in kinds
        ),
    )


def _silences(rules: RuleSet) -> str:
    lines = [f"- {text.en}" for _, text in rules.known_gaps]
    for one in silences(rules):
        where = f"{one.after} at {one.months // 12} years"
        lines.append(f"- No rule for the dose after {where}, {_days(one.days)}.")
    return "## Where the sources are silent or differ\n\n" + "\n".join(lines)


def _days(days: Days) -> str:
    return f"{show(days.start)} to {show(days.end)}"


def _dispatches(rules: RuleSet) -> str:
    replaced = {old: new for new in rules.dispatches.values() for old in new.replaces}
    return "## Dispatches\n\n" + _table(
        ("Number", "In force", "Scope", "What it says", "Replaced by", "Source"),
        (
            [
                (one.number or "not found") + _mark(one.mark),
                show(one.in_force),
                one.scope,
                f"{one.title.vi} ({one.title.en})",
                (replaced[one.id].number or replaced[one.id].id) if one.id in replaced else "",
                one.source,
            ]
            for one in sorted(rules.dispatches.values(), key=lambda each: (each.in_force, each.id))
        ),
    )
