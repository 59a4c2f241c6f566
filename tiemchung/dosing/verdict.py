"""May this product be given on this day; if not, what stands against it and until when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from tiemchung.dosing.answers import Option, Unknown, Verdict
from tiemchung.dosing.bars import barring, blocks
from tiemchung.dosing.course import Course, Person
from tiemchung.dosing.dates import EVER, PartialDate, exact_day, following, show
from tiemchung.dosing.explain import Why, cited, last_row, nearest_age, row_of, why_nothing
from tiemchung.dosing.forecast import Forecast, forecast, refused
from tiemchung.dosing.history import GivenDose, Subject, read_history
from tiemchung.dosing.products import Product
from tiemchung.dosing.rows import PRIMARY, Row, weakest
from tiemchung.dosing.ruleset import RuleSet
from tiemchung.dosing.text import Text
from tiemchung.dosing.wording import question, say
from tiemchung.dosing.worlds import mattering, outcome, question_of, ways_of, world


@dataclass(frozen=True)
class _Case:
    """One world's case: who, with what history, where, when, which product."""

    rules: RuleSet
    person: Person
    course: Course
    area: str | None
    day: date
    product: Product

    @property
    def kind(self) -> str:
        return self.course.open_kinds[-1] if self.course.open_kinds else ""


def may_give(
    rules: RuleSet, subject: Subject, given: Iterable[GivenDose], product: str, area: str | None, on: str | date
) -> Verdict:
    """Answer in every world that the question leaves open; where they differ, say what to ask first."""
    day = exact_day(on, "on")
    birth = PartialDate.parse(subject.birth_date, "birth_date")
    history = read_history(rules, given, birth, day)
    asked = question_of(rules, subject, history, birth, area, day)
    ways, _ = ways_of(asked)
    outcomes = [outcome(rules, asked, way, day) for way in ways]
    verdicts = []
    for way, one in zip(ways, outcomes, strict=True):
        meant = rules.catalogue.find(product, one.person.birth, day)
        if len(meant) != 1:
            return _not_one(product)
        verdicts.append(_verdict(_Case(rules, one.person, one.course, way[2], day, meant[0])))
    if len({verdict.allowed for verdict in verdicts}) == 1:
        return _together(verdicts)
    points = mattering(asked, ways, [verdict.allowed for verdict in verdicts])
    return _ask_first(rules, verdicts, [question(point.code, point.field) for point in points])


def allows(
    rules: RuleSet, subject: Subject, given: Iterable[GivenDose], product: str, area: str | None, on: str | date
) -> bool:
    """Say only whether `may_give` allows it, in a third of the time: no reason, no day to come, nothing to ask."""
    day = exact_day(on, "on")
    birth = PartialDate.parse(subject.birth_date, "birth_date")
    asked = question_of(rules, subject, read_history(rules, given, birth, day), birth, area, day)
    ways, _ = ways_of(asked)
    return all(_is_allowed(rules, *world(rules, asked, way), way[2], day, product) for way in ways)


def _is_allowed(rules: RuleSet, person: Person, course: Course, area: str | None, day: date, product: str) -> bool:
    meant = rules.catalogue.find(product, person.birth, day)
    if len(meant) != 1:
        return False
    found = forecast(rules, person, course, area, day)
    options = found.options + found.contested if found else ()
    return any(option.allowed and option.product == meant[0].code for option in options)


def _not_one(name: str) -> Verdict:
    return _refuse_text(say("verdicts", "unknown_product", name=name), "unknown_product", "product")


def _together(verdicts: list[Verdict]) -> Verdict:
    """The verdict that all worlds share: the last day, and all that any of them needs."""
    lead = max(verdicts, key=lambda one: one.from_ or date.max)
    needs = tuple(dict.fromkeys(need for one in verdicts for need in one.needs))
    return replace(lead, needs=needs, mark=weakest(*(one.mark for one in verdicts)))


def _ask_first(rules: RuleSet, verdicts: list[Verdict], asks: list[Unknown]) -> Verdict:
    against = next(one for one in verdicts if not one.allowed)
    fields = ", ".join(dict.fromkeys(ask.field for ask in asks)) or against.field or ""
    dispatch = rules.cite(one.id for one in against.dispatch)
    reason = say("verdicts", "ask_first", fields=fields, dispatch=dispatch)
    return replace(against, reason=reason, code="ask_first", field=fields, unknown=tuple(asks))


def _verdict(case: _Case) -> Verdict:
    found = forecast(case.rules, case.person, case.course, case.area, case.day)
    for option in found.options + found.contested if found else ():
        if option.product == case.product.code and option.allowed and found:
            return _allow(case, found, option)
    return _refuse(case, found)


def _allow(case: _Case, found: Forecast, option: Option) -> Verdict:
    needs = tuple(say("needs", need) for need in option.needs)
    code = "allowed_contested" if option in found.contested else "allowed_if" if needs else "allowed"
    dispatch = case.rules.cite(option.dispatch)
    reason = say("verdicts", code, name=case.product.names.vi, needs=_joined(needs), dispatch=dispatch)
    if option.mark == "unconfirmed":
        reason += say("reasons", "unconfirmed")
    return Verdict(
        allowed=True,
        reason=reason,
        code=code,
        rule=option.rule,
        dispatch=cited(case.rules, option.dispatch),
        mark=weakest(option.mark, "unconfirmed" if case.day > case.rules.known_until else "confirmed"),
        field=None,
        from_=option.from_,
        needs=option.needs,
        kind=found.kind,
        volume_ml=option.volume_ml,
        unknown=(),
    )


def _joined(texts: tuple[Text, ...]) -> Text:
    return Text(", ".join(text.vi for text in texts), ", ".join(text.en for text in texts))


def _refuse(case: _Case, found: Forecast | None) -> Verdict:
    """Try the grounds in the order in which a nurse would: the product, the age, the person, the interval, the mix."""
    for ground in (_approval, _opening, _bar, _interval, _mix):
        verdict = ground(case, found)
        if verdict:
            return verdict
    why = why_nothing(case.rules, case.person, case.course, case.area, found, case.day)
    reason = say("verdicts", "nothing_due", why=why.reason)
    return _refuse_by(case, "nothing_due", "doses", why, reason)


def _approval(case: _Case, _found: Forecast | None) -> Verdict | None:
    own = [a for a in case.rules.approvals if case.product.course_code in a.products]
    in_force = [a for a in own if a.period.holds(case.day)]
    if any(a.ages.days(case.person.birth).holds(case.day) for a in in_force):
        return None
    code, field = ("not_for_age", "birth_date") if in_force else ("not_approved", "product")
    if not own:
        row = nearest_age(case.rules.first_rows, case.person, case.day)
        return _refuse_of(case, code, field, row)
    decides = (in_force or own)[0]
    return _refuse_row(case, code, field, decides.id, decides.dispatch, decides.mark)


def _opening(case: _Case, found: Forecast | None) -> Verdict | None:
    """A first dose: the campaign must have begun, for this age, with this product."""
    if case.course.placed or (found and found.kind != PRIMARY):
        return None
    offers = case.course.offers(case.rules, PRIMARY, case.rules.area(case.area), case.person)
    today = [o for o in offers if o.period.holds(case.day) and o.of_age(case.person.birth).holds(case.day)]
    if any(offer.product.code == case.product.code for offer in today):
        return None
    if today:
        return _refuse_of(case, "not_in_campaign", "product", today[0].row)
    row = nearest_age(case.rules.first_rows, case.person, case.day)
    return _refuse_of(case, "age_not_open", "birth_date" if case.day >= case.rules.starts else "on", row)


def _bar(case: _Case, found: Forecast | None) -> Verdict | None:
    kind = found.kind if found else case.kind
    barred = blocks(case.rules, case.person, case.course, kind, case.product) if kind else []
    block = barring(barred, case.day)
    if not block:
        return None
    bar = block.bar
    until = _until(case, found, block.days.end) if bar.lasts and not bar.forbids else None
    code = "contraindicated" if bar.forbids else "postponed" if until else "postponed_open"
    field = "infections" if bar.fact == "infection" else "conditions"
    return _refuse_row(case, code, field, bar.id, bar.dispatch, bar.mark, until)


def _until(case: _Case, found: Forecast | None, end: date) -> date | None:
    options = [o.from_ for o in found.options if o.product == case.product.code] if found else []
    return min(options) if options else following(end) if end < EVER else None


def _interval(case: _Case, found: Forecast | None) -> Verdict | None:
    ahead = [o for o in found.options + found.contested if o.product == case.product.code] if found else []
    if not ahead:
        return None
    option = min(ahead, key=lambda one: one.from_)
    return _refuse_row(case, "too_early", "on", option.rule, option.dispatch, option.mark, option.from_)


def _mix(case: _Case, found: Forecast | None) -> Verdict | None:
    if not case.course.placed or not found or not found.offers:
        return None
    own = [o for o in found.offers if o.product.code == case.product.code and o.period.holds(case.day)]
    own = [o for o in own if o.of_age(case.person.birth).holds(case.day)]
    unmet = next((offer for offer in own if refused(offer, case.person)), None)
    if unmet:
        return _refuse_of(case, "refused_need", "conditions", unmet.row)
    if own:
        return None
    forbidden = next((row for row in case.rules.rows if _forbids(row, case)), None)
    row = forbidden or (
        row_of(case.rules, found.leader.rule) if found.options else last_row(case.rules, case.course, case.area)
    )
    return _refuse_of(case, "mix_not_permitted", "product", row)


def _forbids(row: Row, case: _Case) -> bool:
    return (
        row.forbidden
        and case.course.codes[-1] in row.after
        and any(case.product.code in give.products for give in row.give)
        and row.period.holds(case.day)
    )


def _refuse_of(case: _Case, code: str, field: str, row: Row) -> Verdict:
    return _refuse_row(case, code, field, row.id, row.dispatch, row.mark, needs=row.needs)


def _refuse_row(
    case: _Case,
    code: str,
    field: str,
    rule: str,
    dispatch: tuple[str, ...],
    mark: str,
    from_: date | None = None,
    needs: tuple[str, ...] = (),
) -> Verdict:
    reason = say(
        "verdicts",
        code,
        name=case.product.names.vi,
        dispatch=case.rules.cite(dispatch),
        from_=show(from_) if from_ else "",
        days=(from_ - case.day).days if from_ else "",
        needs=_joined(tuple(say("needs", need) for need in needs)),
    )
    return replace(_refuse_by(case, code, field, Why(reason, rule, dispatch, mark), reason), from_=from_)


def _refuse_by(case: _Case, code: str, field: str, why: Why, reason: Text) -> Verdict:
    verdict = _refuse_text(reason, code, field)
    mark = weakest(why.mark, "unconfirmed" if case.day > case.rules.known_until else "confirmed")
    return replace(verdict, rule=why.rule, dispatch=cited(case.rules, why.dispatch), mark=mark)


def _refuse_text(reason: Text, code: str, field: str) -> Verdict:
    return Verdict(False, reason, code, "", (), "confirmed", field, None, (), None, None, ())
