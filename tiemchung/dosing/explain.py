"""Why a dose is due, or why none is: the sentence, the rule, the dispatches, for a certain person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tiemchung.dosing.answers import Due, Option, Unknown
from tiemchung.dosing.course import UNRULED, Course, Person
from tiemchung.dosing.dates import show
from tiemchung.dosing.forecast import Forecast
from tiemchung.dosing.rows import PRIMARY, Dispatch, Row, weakest
from tiemchung.dosing.ruleset import RuleSet
from tiemchung.dosing.text import EMPTY, Text
from tiemchung.dosing.wording import question, say


@dataclass(frozen=True)
class Why:
    """A sentence with the rule and the dispatches behind it."""

    reason: Text
    rule: str
    dispatch: tuple[str, ...]
    mark: str


def due_of(rules: RuleSet, person: Person, course: Course, found: Forecast, day: date) -> Due:
    """Make the answer of a forecast that has options."""
    lead = found.leader
    overdue = bool(found.kind == PRIMARY and lead.until and lead.until < day and lead.allowed)
    dispatch = _dispatch(rules, lead)
    return Due(
        kind=found.kind,
        number=found.number,
        from_=found.from_,
        until=lead.until,
        possible_from=found.from_,
        best_from=lead.best_from,
        overdue=overdue,
        products=found.products,
        contested=tuple(option.product for option in found.contested if option.allowed),
        options=found.options + found.contested,
        rule=lead.rule,
        dispatch=tuple(rules.dispatches[one] for one in dispatch),
        mark=_mark(rules, lead, day),
        reason=_due_reason(rules, course, found, lead, overdue, _mark(rules, lead, day)),
        invited=_invited(row_of(rules, lead.rule), person, day),
        deferred_by=lead.deferred_by,
    )


def row_of(rules: RuleSet, rule: str) -> Row:
    """Give the row of an id."""
    return next(row for row in rules.rows if row.id == rule)


def _dispatch(rules: RuleSet, option: Option) -> tuple[str, ...]:
    bars = (bar.dispatch for bar in rules.bars if bar.id == option.deferred_by)
    return tuple(dict.fromkeys((*option.dispatch, *(one for ids in bars for one in ids))))


def _mark(rules: RuleSet, option: Option, day: date) -> str:
    bars = (bar.mark for bar in rules.bars if bar.id == option.deferred_by)
    return weakest(option.mark, *bars, *(("unconfirmed",) if day > rules.known_until else ()))


def _due_reason(rules: RuleSet, course: Course, found: Forecast, lead: Option, overdue: bool, mark: str) -> Text:
    anchors = course.anchors(found.kind)
    row = row_of(rules, lead.rule)
    code = found.kind if found.kind != PRIMARY else ("next" if anchors.last else "first")
    last = course.placed[-1].taken.product.names.vi if course.placed else ""
    text = say(
        "reasons",
        code,
        number=found.number,
        last=last,
        anchor=show(anchors.last) if anchors.last else "",
        interval=row.min.text if row.min else EMPTY,
        from_=show(found.from_),
    )
    if lead.until:
        ending = "overdue" if overdue else "until" if found.kind == PRIMARY else "last_day"
        text += say("reasons", ending, until=show(lead.until))
    if lead.deferred_by:
        bar = next(bar for bar in rules.bars if bar.id == lead.deferred_by)
        text += say("reasons", "deferred", dispatch=rules.cite(bar.dispatch))
    text += say("reasons", "by", dispatch=rules.cite(lead.dispatch))
    return text if mark == "confirmed" else text + say("reasons", "unconfirmed")


def _invited(row: Row, person: Person, day: date) -> bool:
    return not row.invited or any(
        who.fits(person.groups, ()) and who.ages.days(person.birth).holds(day) for who in row.invited
    )


def why_nothing(
    rules: RuleSet, person: Person, course: Course, area: str | None, found: Forecast | None, day: date
) -> Why:
    """Say why no dose is due."""
    if found and found.contested:
        names = ", ".join(rules.products[option.product].names.vi for option in found.contested)
        return _why(rules, "contested_only", row_of(rules, found.contested[0].rule), products=names)
    if not course.complete:
        return _why_no_primary(rules, person, course, area, day)
    if course.of(UNRULED):
        return _why(rules, "decide", last_row(rules, course, area))
    if not course.open_kinds:
        return _why(rules, "all_taken", last_row(rules, course, area))
    return _why_no_later(rules, person, course, area, day)


def _why_no_primary(rules: RuleSet, person: Person, course: Course, area: str | None, day: date) -> Why:
    if day < rules.starts:
        row = min(rules.first_rows, key=lambda one: one.period.start)
        return _why(rules, "not_started", row, start=show(rules.starts))
    if not course.primary:
        return _why(rules, "age_not_open", nearest_age(rules.first_rows, person, day))
    bar = next((bar for bar in rules.bars if bar.forbids and bar.fact in person.groups and bar.period.holds(day)), None)
    if bar and course.offers(rules, PRIMARY, rules.area(area), person):
        return Why(say("reasons", "contraindicated", dispatch=rules.cite(bar.dispatch)), bar.id, bar.dispatch, bar.mark)
    return _why(rules, "no_next_rule", last_row(rules, course, area))


def nearest_age(rows: Iterable[Row], person: Person, day: date) -> Row:
    """Give the row in force (or else known) whose age band begins nearest to the person's age."""
    rows = list(rows)
    in_force = [row for row in rows if row.period.holds(day)] or rows
    return min(in_force, key=lambda row: abs((row.ages.days(person.birth).start - day).days))


def _why_no_later(rules: RuleSet, person: Person, course: Course, area: str | None, day: date) -> Why:
    kind = course.open_kinds[-1]
    in_force = [row for row in rules.rows if row.kind == kind and row.period.holds(day)]
    of_age = [row for row in in_force if row.ages.days(person.birth).holds(day)]
    if of_age:
        return _why(rules, "not_in_group", of_age[0])
    if in_force:
        return _why(rules, "age_not_in_later", in_force[0])
    return _why(rules, "complete", last_row(rules, course, area))


def last_row(rules: RuleSet, course: Course, area: str | None) -> Row:
    """The row that the last dose rests on, or else the row of its product, or else the first row of all."""
    last = course.placed[-1]
    if last.offer:
        return last.offer.row
    code = last.taken.product.course_code
    rows = [row for row in rules.rows if row.kind == PRIMARY and (code in row.after or not row.after)]
    in_force = [row for row in rows if row.period.holds(last.taken.date)] or rows
    return max(in_force, key=lambda row: (code in row.after, rules.area(area) == row.area))


def _why(rules: RuleSet, code: str, row: Row, **names: object) -> Why:
    reason = say("reasons", code, dispatch=rules.cite(row.dispatch), **names)
    if row.mark != "confirmed":
        reason += say("reasons", "unconfirmed")
    return Why(reason, row.id, row.dispatch, row.mark)


def questions(
    rules: RuleSet, person: Person, course: Course, area: str | None, found: Forecast | None, day: date
) -> list[Unknown]:
    """What the answer for a certain person still hangs on: supply, consent, readings, silence of the rules."""
    asked = _readings(rules, person, course, area, day)
    if course.of(UNRULED):
        asked.append(question("decide_finding", f"doses[{course.of(UNRULED).taken.place}]"))  # type: ignore[union-attr]
    if found is None:
        open_course = course.primary and not course.complete
        return asked + ([question("no_rule", "doses")] if open_course else [])
    asked += _needs(rules, found)
    contested = [option for option in found.contested if option.allowed]
    if contested:
        asked.append(question("contested", "product", products=_names(rules, contested)))
    asked += [
        question("wait_disputed", "infections", dispatch=rules.cite(block.bar.dispatch)) for block in found.disputed[:1]
    ]
    last = course.codes[-1] if course.codes else ""
    if any(last in block.bar.products or block.bar.same_product for block in found.forbidden) and course.primary:
        asked.append(question("doctor", "conditions"))
    row = row_of(rules, found.leader.rule) if found.options else None
    if row and row.asks and found.now:
        asked.append(question("rule_asks", "product", text=rules.notes[row.asks].text))
    return asked


def _needs(rules: RuleSet, found: Forecast) -> list[Unknown]:
    asked = []
    for need, field in (("supply_short", "supply"), ("consent", "consent")):
        hanging = [
            option for option in found.now + tuple(o for o in found.contested if o.allowed) if need in option.needs
        ]
        if hanging:
            asked.append(question(need, field, products=_names(rules, hanging)))
    return asked


def _readings(rules: RuleSet, person: Person, course: Course, area: str | None, day: date) -> list[Unknown]:
    for kind in course.open_kinds if course.complete else ():
        anchors = course.anchors(kind)
        offers = course.offers(rules, kind, rules.area(area), person)
        sure = {offer.row.id for offer in offers if offer.days(anchors, person.birth).holds(day)}
        for offer in rules.unclear(kind, rules.area(area), course.codes, person.groups):
            if offer.row.id not in sure and offer.days(anchors, person.birth).holds(day):
                return [question("reading_differs", "conditions", dispatch=rules.cite(offer.row.dispatch))]
    return []


def _names(rules: RuleSet, options: Iterable[Option]) -> str:
    return ", ".join(rules.products[option.product].names.vi for option in options)


def cited(rules: RuleSet, ids: Iterable[str]) -> tuple[Dispatch, ...]:
    """Give the dispatches of some ids."""
    return tuple(rules.dispatches[one] for one in ids)
