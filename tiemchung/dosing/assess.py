"""The answer to a question: what follows in every world that it leaves open, and what to ask where they differ."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from tiemchung.dosing.answers import Answer, DoseAnswer, Due, Finding, PassportDose, Unknown
from tiemchung.dosing.course import Placed
from tiemchung.dosing.dates import PartialDate, exact_day, show
from tiemchung.dosing.explain import cited, row_of
from tiemchung.dosing.history import GivenDose, History, Subject, read_history
from tiemchung.dosing.rows import weakest
from tiemchung.dosing.ruleset import RuleSet
from tiemchung.dosing.text import Text
from tiemchung.dosing.wording import finding, question, say
from tiemchung.dosing.worlds import Open, Outcome, mattering, outcome, question_of, ways_of

OLDEST = 122  # years that anyone is known to have lived
_RANK = {"none": 0, "yellow": 1, "green": 2}


@dataclass(frozen=True)
class _Read:
    """A question as read."""

    rules: RuleSet
    given: tuple[GivenDose, ...]
    area: str | None
    birth: PartialDate
    day: date
    history: History


def assess(rules: RuleSet, subject: Subject, given: Iterable[GivenDose], area: str | None, as_of: str | date) -> Answer:
    """Answer by the rules in force on a day. Raises InputError naming the field that cannot be read."""
    given = tuple(given)
    day = exact_day(as_of, "as_of")
    birth = PartialDate.parse(subject.birth_date, "birth_date")
    read = _Read(rules, given, area, birth, day, read_history(rules, given, birth, day))
    asked = question_of(rules, subject, read.history, birth, area, day)
    ways, all_tried = ways_of(asked)
    outcomes = [outcome(rules, asked, way, day) for way in ways]
    due = _due(outcomes, day)
    products = [one.due.products if one.due else () for one in outcomes]
    gists = [
        one.gist(day) if due and due.products else (one.gist(day), offered)
        for one, offered in zip(outcomes, products, strict=True)
    ]
    open_points = mattering(asked, ways, gists, products)
    asks = [question(point.code, point.field) for point in open_points]
    asks += [question("condition_not_understood", "conditions", name=text) for text in asked.conditions.not_understood]
    asks += [] if all_tried else [question("too_many", "doses")]
    return _answer(read, outcomes, due, open_points, asks)


def _answer(
    read: _Read, outcomes: list[Outcome], due: Due | None, open_points: list[Open], asks: list[Unknown]
) -> Answer:
    rules, day, lead = read.rules, read.day, _lead(outcomes)
    doses = tuple(_dose(rules, place, dose, read.history, outcomes) for place, dose in enumerate(read.given))
    held = any(found.holds for dose in doses for found in dose.findings)
    sinces = {one.course.complete_since for one in outcomes}
    passport, no_passport = _passport(rules, lead, doses, held, day)
    return Answer(
        as_of=day,
        card=min((one.card for one in outcomes), key=lambda one: _RANK[one]),
        complete_since=max((s for s in sinces if s), default=None) if None not in sinces else None,
        held=held,
        due=due,
        reason=due.reason if due else _reason(rules, lead, outcomes, open_points),
        rule=lead.why.rule,
        dispatch=cited(rules, lead.why.dispatch),
        mark=weakest(lead.why.mark, *(("unconfirmed",) if day > rules.known_until else ())),
        doses=doses,
        findings=tuple(_of_question(read)),
        unknown=tuple(dict.fromkeys([*asks, *_undated(doses), *(ask for one in outcomes for ask in one.asks)])),
        notes=tuple(_notes(rules, lead, day)),
        passport=passport,
        no_passport=no_passport,
    )


def _of_question(read: _Read) -> Iterable[Finding]:
    """Findings about the question itself: the province, the birth date."""
    areas = read.rules.areas
    if areas and read.area is not None and read.area not in areas:
        yield finding("area_unknown", "area", holds=False, area=read.area)
    if read.birth.earliest > read.day:
        yield finding("born_later", "birth_date", holds=False)
    elif read.day.year - read.birth.latest.year > OLDEST:
        yield finding("born_too_long_ago", "birth_date", holds=False)


def _undated(doses: tuple[DoseAnswer, ...]) -> list[Unknown]:
    """Ask for the days of doses that have none: whether another is due hangs on them."""
    return [
        question("dose_date", f"doses[{place}].date")
        for place, dose in enumerate(doses)
        if any(found.code == "no_date" for found in dose.findings)
    ]


def _lead(outcomes: list[Outcome]) -> Outcome:
    """The world whose sentence is shown: the one that offers a dose last, or offers none."""
    return max(outcomes, key=lambda one: one.due.from_ if one.due else date.max)


def _due(outcomes: list[Outcome], day: date) -> Due | None:
    dues = [one.due for one in outcomes]
    last = max((due for due in dues if due), key=lambda due: due.from_, default=None)
    if last is None or any(due is None or due.kind != last.kind or due.number != last.number for due in dues):
        return None
    sure = [due for due in dues if due]
    common = tuple(code for code in last.products if all(code in _in_time(due, last, day) for due in sure))
    return replace(
        last,
        products=common,
        possible_from=min(due.from_ for due in sure),
        mark=weakest(*(due.mark for due in sure)),
    )


def _in_time(due: Due, last: Due, day: date) -> set[str]:
    """Products that a world offers by the day on which the last world offers its first."""
    return {option.product for option in due.options if option.from_ <= max(last.from_, day)}


def _reason(rules: RuleSet, lead: Outcome, outcomes: list[Outcome], open_points: list[Open]) -> Text:
    if len({one.due is None for one in outcomes}) == 1 and not open_points:
        return lead.why.reason
    fields = ", ".join(point.field for point in open_points)
    return say("reasons", "depends", fields=fields, dispatch=rules.cite(lead.why.dispatch))


def _notes(rules: RuleSet, lead: Outcome, day: date) -> Iterable[Text]:
    if day > rules.known_until:
        yield say("reasons", "known_until", day=show(rules.known_until))
    row = row_of(rules, lead.due.rule) if lead.due else None
    note = rules.note(row, day) if row else None
    if note:
        yield note


def _dose(rules: RuleSet, index: int, given: GivenDose, history: History, outcomes: list[Outcome]) -> DoseAnswer:
    placed = [next((one for one in o.course.placed if one.taken.place == index), None) for o in outcomes]
    seen = [one for one in placed if one]
    read = history.findings.get(index, ())
    products = {one.taken.product.code for one in seen}
    judged = _judged(seen, certain_product=len(products) == 1)
    kinds, numbers = {one.kind for one in seen}, {(one.dn, one.sd) for one in seen}
    certain = len(seen) == len(placed) or _one_of_several(index, history)
    dn, sd = numbers.pop() if certain and len(numbers) == 1 else (None, None)
    days = {one.taken.date for one in seen}
    kind = kinds.pop() if len(kinds) == 1 else None
    return DoseAnswer(
        kind=kind,
        valid=_valid(index, history, len(seen), len(placed)),
        dn=dn,
        sd=sd,
        findings=(*read, *judged),
        product=products.pop() if len(products) == 1 else _name(rules, given),
        date=days.pop() if len(days) == 1 else None,
        label=_label(kind, dn),
    )


def _judged(seen: list[Placed], *, certain_product: bool) -> Iterable[Finding]:
    """Findings of the worlds: any world's; but of a dose whose product is not known, only those of every world."""
    by_code = {found.code: found for one in seen for found in one.findings}
    if not certain_product:
        common = set.intersection(*({found.code for found in one.findings} for one in seen)) if seen else set()
        return [found for code, found in by_code.items() if code in common]
    return list(by_code.values())


def _one_of_several(index: int, history: History) -> bool:
    """Tell whether a dose shares its slot with others that would count in its place."""
    slot = next((s for s in history.slots if any(c and c.place == index for c in s.choices)), None)
    return slot is not None and len({c.place for c in slot.choices if c}) > 1 and None not in slot.choices


def _valid(index: int, history: History, seen: int, worlds: int) -> bool | None:
    if index in history.left_out or not seen:
        return False
    return True if seen == worlds else None


def _name(rules: RuleSet, given: GivenDose) -> str | None:
    found = rules.catalogue.find(given.product)
    return found[0].code if len(found) == 1 else None


def _label(kind: str | None, dn: int | None) -> Text:
    if kind is None:
        return say("labels", "left_out")
    spoken = {"booster1": 3, "booster2": 4}.get(kind, "")
    return say("labels", kind, number=dn or "?", spoken=spoken)


def _passport(
    rules: RuleSet, lead: Outcome, doses: tuple[DoseAnswer, ...], held: bool, day: date
) -> tuple[PassportDose | None, Text | None]:
    if rules.passport_from is None:
        return None, say("passports", "none_in_campaign")
    dispatch = rules.cite((rules.passport_dispatch,))
    last = lead.course.placed[-1] if lead.course.complete else None
    if last is None:
        return None, say("passports", "not_complete", dispatch=dispatch)
    if held:
        return None, say("passports", "held")
    if day < rules.passport_from:
        return None, say("passports", "not_yet", start=show(rules.passport_from), dispatch=dispatch)
    unlisted = next((p.taken.product for p in lead.course.placed if not p.taken.product.passport), None)
    numbers = doses[last.taken.place]
    if unlisted or not last.taken.product.eu or numbers.dn is None or numbers.sd is None:
        name = (unlisted or last.taken.product).names.vi
        return None, say("passports", "not_listed", name=name, dispatch=dispatch)
    product = last.taken.product
    return PassportDose(numbers.dn, numbers.sd, product.code, product.eu, last.taken.date), None  # type: ignore[arg-type]
