"""Every product, age and day of the campaign has an answer that names its dispatch; silences are listed."""

from datetime import date
from itertools import pairwise

import pytest

from tiemchung.dosing import GivenDose, Rules, Subject
from tiemchung.dosing.coverage import Cell, Silence, ages, born, cover, silences
from tiemchung.dosing.dates import Days, following

RULES = Rules.load()


@pytest.fixture(scope="module")
def cells() -> list[Cell]:
    return list(cover(RULES))


def test_every_first_dose_is_answered_by_a_rule_and_its_dispatch(cells: list[Cell]) -> None:
    assert [cell for cell in cells if not cell.rule or not cell.dispatch] == []


def test_days_of_a_product_and_age_follow_each_other_without_a_break(cells: list[Cell]) -> None:
    for code in {cell.product for cell in cells}:
        for months in ages(RULES):
            days = [cell.days for cell in cells if (cell.product, cell.months) == (code, months)]
            assert days[0].start == date(2021, 3, 8)
            assert days[-1].end == date(2022, 12, 31)
            assert all(following(one.end) == other.start for one, other in pairwise(days))


@pytest.mark.parametrize("code", [code for code, product in RULES.products.items() if product.status == "approved"])
@pytest.mark.parametrize("months", ages(RULES))
def test_every_history_of_one_product_is_answered_by_a_dispatch(code: str, months: int) -> None:
    for day in (date(2021, 3, 8), date(2021, 8, 15), date(2021, 12, 10), date(2022, 3, 30), date(2022, 12, 31)):
        subject = Subject(born(day, months))
        for doses in ([], ["2021-02-01"], ["2021-02-01", "2021-03-08"]):
            answer = RULES.assess(subject, [GivenDose(code, one) for one in doses], area="48", as_of=day)
            assert answer.dispatch
            assert answer.reason.vi
            assert answer.reason.en


def test_silences_are_listed() -> None:
    assert Silence("MO", 144, Days(date(2021, 10, 29), date(2022, 12, 31))) in silences(RULES)
    assert {name for name, _ in RULES.known_gaps} >= {"no-number", "no-full-text", "mo-12-17", "other-mixing"}
