"""What may be certified of many persons at once is what the rules say of each alone."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tiemchung.doses import completion, course
from tiemchung.doses.completion import Completion
from tiemchung.doses.histories import Entry
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.visits.facts import PersonFacts

DAY = date(2022, 5, 14)


def entry(day: date, product: str = "AZ", province: str = "01", **said: Any) -> Entry:
    moment = datetime(day.year, day.month, day.day, 9, tzinfo=clock.VIETNAM)
    values = {
        "visit_id": None, "lot_number": "A", "stated_number": None, "has_finding": False, "possible_double": False,
    }  # fmt: skip
    ids = {"id": new_id(), "person_id": new_id(), "facility_id": new_id()}
    return Entry(**ids, **(values | {"product": product, "injected_at": moment, "province": province} | said))


def person(born: date = date(1967, 9, 3), precision: str = "day", sex: str = "female") -> PersonFacts:
    made = new_id()
    return PersonFacts(made, sex, born, precision, made)


Said = tuple[int, int, str, date]


def alone(one: PersonFacts, entries: list[Entry], day: date) -> Said | None:
    """Number, series, product and day of the last dose, by the rules for one, forecast and all."""
    taken = course.compute(one, entries, day)
    passport = taken.answer.passport
    if taken.barred or passport is None:
        return None
    return passport.dn, passport.sd, passport.product, passport.date


def said(found: Completion | None) -> Said | None:
    return (found.dn, found.sd, found.entry.product, found.entry.day) if found else None


@st.composite
def histories(draw: st.DrawFn) -> tuple[PersonFacts, list[Entry]]:
    """Mostly as in life: one product, weeks or months apart, one province; seldom anything odd."""
    seldom = st.integers(0, 9).map(lambda one: one == 0)
    products = st.sampled_from(["AZ", "PF", "MO", "VC", "AB", "SV", "HV", "JJ"])
    day, product = date(2021, 3, 10) + timedelta(days=draw(st.integers(0, 400))), draw(products)
    province, taken = draw(st.sampled_from(["01", "79", "48", "36"])), []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        odd = {"has_finding": draw(seldom) and draw(seldom), "possible_double": draw(seldom) and draw(seldom)}
        stated = number if draw(st.booleans()) else None
        where = draw(st.sampled_from(["01", "48", "00"])) if draw(seldom) else province
        taken.append(entry(day, product, where, stated_number=stated + draw(seldom) if stated else None, **odd))
        day += timedelta(days=draw(st.sampled_from([0, 3, 21, 28, 30, 56, 84, 90, 120, 183])))
        product = draw(products) if draw(seldom) else product
    born = draw(st.dates(date(1935, 1, 1), date(2017, 12, 31)))
    precision = draw(st.sampled_from(["year", "month"])) if draw(seldom) else "day"
    first = {"year": born.replace(month=1, day=1), "month": born.replace(day=1), "day": born}[precision]
    return person(first, precision, draw(st.sampled_from(["female", "male", "unknown"]))), taken


@settings(max_examples=60, deadline=None)
@given(st.lists(histories(), min_size=1, max_size=15), st.sampled_from([DAY, date(2021, 12, 1), date(2022, 9, 30)]))
def test_many_at_once_are_what_they_are_alone(cases: list[tuple[PersonFacts, list[Entry]]], day: date) -> None:
    found = completion.of_many([one for one, _ in cases], {one.id: taken for one, taken in cases}, day)
    for one, taken in cases:
        assert said(found.get(one.id)) == alone(one, taken, day), (one, taken)


def certified(entries: list[Entry], **who: Any) -> Completion | None:
    one = person(**who)
    return completion.of_many([one], {one.id: entries}, DAY).get(one.id)


FIRST, SECOND = entry(date(2021, 9, 15)), entry(date(2021, 12, 10))


def test_the_second_of_two_is_certified_as_such() -> None:
    assert certified([FIRST, SECOND]) == Completion(SECOND, 2, 2)


def test_one_dose_of_two_is_not() -> None:
    assert certified([FIRST]) is None


def test_nobody_without_doses_is() -> None:
    assert certified([]) is None


def test_a_dose_that_is_dated_later_does_not_count_yet() -> None:
    assert certified([FIRST, SECOND, entry(DAY + timedelta(days=1))]) == Completion(SECOND, 2, 2)


def test_a_birth_year_alone_is_answered_too() -> None:
    assert certified([FIRST, SECOND], born=date(1967, 1, 1), precision="year") == Completion(SECOND, 2, 2)


def test_many_alike_are_answered_as_a_set() -> None:
    people = [person() for _ in range(3)]
    given_to_all = [completion.Given.of(one, [FIRST, SECOND]) for one in people]
    assert completion.of_columns(given_to_all, DAY) == [(2, 2)] * 3


PRODUCTS = ["AZ", "PF", "MO", "VC", "AB", "SV", "HV", "JJ"]


@settings(max_examples=60, deadline=None)
@given(st.lists(histories(), min_size=1, max_size=8), st.sampled_from(PRODUCTS), st.integers(0, 200))
def test_yes_or_no_is_what_the_rules_say_with_their_reasons(
    cases: list[tuple[PersonFacts, list[Entry]]], product: str, later: int
) -> None:
    for one, taken in cases:
        day = (taken[-1].day if taken else date(2021, 6, 1)) + timedelta(days=later)
        question = (one, taken, product, day, "01")
        assert course.is_allowed(*question) == course.may_give(*question).allowed, question
