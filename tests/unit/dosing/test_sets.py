"""The answers for sets equal the single answers, history by history, whatever the history."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tiemchung.dosing import GivenDose, Rules, Subject
from tiemchung.dosing.sets import Histories, Person, assess_all, row_of_answer

RULES = Rules.load()
APPROVED = [code for code, product in RULES.products.items() if product.status == "approved"]
NAMES = ["Pfizer", "vắc xin Mỹ", "NANOCOVAX", "COVISHIELD", "CORONAVAC", "gì đó"]
START = date(2021, 3, 1)

days = st.integers(0, 680).map(lambda at: START + timedelta(days=at))
births = st.one_of(
    st.dates(date(1940, 1, 1), date(2021, 6, 1)).map(str),
    st.dates(date(2003, 1, 1), date(2018, 12, 31)).map(str),
    st.integers(1950, 2018).map(str),
    st.tuples(st.integers(1970, 2012), st.integers(1, 12)).map(lambda ym: f"{ym[0]}-{ym[1]:02d}"),
)
products = st.one_of(st.sampled_from(APPROVED), st.sampled_from(["AZ", "PF", "MO", "VC"]), st.sampled_from(NAMES))
conditions = st.sets(
    st.sampled_from(["immunocompromised", "health_worker", "teacher", "breastfeeding", "no_consent_to_mix"]), max_size=2
)


@st.composite
def courses(draw: st.DrawFn) -> tuple[GivenDose, ...]:
    """Doses that mostly follow each other as in life: often of one product, weeks or months apart."""
    day = draw(days)
    product = draw(products)
    doses = []
    for _ in range(draw(st.integers(0, 4))):
        doses.append(GivenDose(product, day))
        day += timedelta(days=draw(st.sampled_from([0, 3, 14, 20, 21, 28, 30, 42, 56, 84, 90, 92, 120, 150, 183])))
        product = draw(st.one_of(st.just(product), products))
    return tuple(draw(st.permutations(doses)))


people = st.builds(
    Person,
    st.builds(
        Subject,
        births,
        st.just("unknown"),
        conditions.map(frozenset),
        st.one_of(st.just(()), days.map(lambda day: (day,))),
    ),
    courses(),
    st.sampled_from(["79", "01", "48", "48", None, "99"]),
)


def _single(rules: Rules, person: Person, day: date) -> tuple[int, ...]:
    return row_of_answer(rules, rules.assess(person.subject, person.given, area=person.area, as_of=day))


@settings(max_examples=40, deadline=None)
@given(st.lists(people, min_size=1, max_size=20), st.one_of(days, st.just(date(2023, 1, 15))))
def test_set_answers_equal_the_single_answer_of_every_history(histories: list[Person], day: date) -> None:
    answers = assess_all(RULES, Histories.of_people(RULES, histories), day, smallest=1)
    for at, person in enumerate(histories):
        assert answers.row(at) == _single(RULES, person, day), person
