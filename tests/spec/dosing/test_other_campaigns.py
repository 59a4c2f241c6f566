"""Other campaigns are other rule files: HPV and measles, without a line of code of their own."""

import pytest

from tiemchung.dosing import GivenDose, Rules, Subject
from tiemchung.dosing.rules import REFERENCE
from tiemchung.dosing.sets import Histories, Person, assess_all, row_of_answer

HPV = Rules.load(REFERENCE / "dose_rules" / "hpv.yaml")
MEASLES = Rules.load(REFERENCE / "dose_rules" / "measles.yaml")


def _due(rules: Rules, birth: str, doses: list[GivenDose], day: str, **facts: object) -> tuple[object, ...]:
    subject = Subject(birth, str(facts.get("sex", "female")), frozenset(facts.get("conditions", ())))  # type: ignore[arg-type]
    answer = rules.assess(subject, doses, as_of=day)
    due = answer.due
    return (answer.card, due and due.number, due and due.from_.isoformat(), due and due.rule)


@pytest.mark.parametrize(
    ("birth", "doses", "day", "facts", "expected"),
    [
        ("2010-03-01", [], "2019-02-28", {}, ("none", 1, "2019-03-01", "girls-2017")),
        ("2010-03-01", [], "2019-06-01", {}, ("none", 1, "2019-03-01", "girls-2017")),
        ("2010-03-01", [], "2019-06-01", {"sex": "male"}, ("none", None, None, None)),
        ("2010-03-01", ["2019-06-01"], "2019-07-01", {}, ("yellow", 2, "2019-12-01", "two-2017")),
        ("2010-03-01", ["2019-06-01", "2019-12-01"], "2020-01-01", {}, ("green", None, None, None)),
        ("2003-03-01", ["2019-06-01"], "2019-06-15", {}, ("yellow", 2, "2019-07-01", "three-second")),
        ("2003-03-01", ["2019-06-01", "2019-07-01"], "2019-07-15", {}, ("yellow", 3, "2019-12-01", "three-third")),
        ("2003-03-01", ["2019-06-01", "2019-11-01"], "2019-11-15", {}, ("yellow", 3, "2020-02-01", "three-third")),
        ("2003-03-01", ["2023-01-10"], "2023-02-01", {}, ("yellow", 2, "2023-07-10", "two-2022")),
        (
            "2010-03-01",
            ["2019-06-01"],
            "2019-06-15",
            {"conditions": ["immunocompromised"]},
            ("yellow", 2, "2019-07-01", "three-second"),
        ),
    ],
)
def test_hpv_course_depends_on_sex_age_group_and_year(
    birth: str, doses: list[str], day: str, facts: dict[str, object], expected: tuple[object, ...]
) -> None:
    assert _due(HPV, birth, [GivenDose("Gardasil", one) for one in doses], day, **facts) == expected


def test_hpv_asks_the_sex_when_it_is_not_known() -> None:
    answer = HPV.assess(Subject("2010-03-01"), [], as_of="2019-06-01")
    assert answer.due is None
    assert [unknown.field for unknown in answer.unknown] == ["sex"]


@pytest.mark.parametrize(
    ("doses", "day", "expected"),
    [
        ([], "2020-09-30", ("none", 1, "2020-10-01", "at-9-months")),
        ([], "2020-10-01", ("none", 1, "2020-10-01", "at-9-months")),
        ([], "2021-08-01", ("none", 1, "2021-07-01", "missed-until-18-months")),
        ([("MVVAC", "2020-10-05")], "2020-12-01", ("yellow", 2, "2021-07-01", "at-18-months")),
        ([("MVVAC", "2021-06-20")], "2021-07-05", ("yellow", 2, "2021-07-20", "at-18-months")),
        ([("MVVAC", "2020-10-05"), ("MRVAC", "2021-07-01")], "2021-08-01", ("green", None, None, None)),
    ],
)
def test_measles_follows_age_in_months(doses: list[tuple[str, str]], day: str, expected: tuple[object, ...]) -> None:
    assert _due(MEASLES, "2020-01-01", [GivenDose(*one) for one in doses], day)[:3] == expected[:3]


def test_measles_dose_before_nine_months_is_found_out() -> None:
    answer = MEASLES.assess(Subject("2020-01-01"), [GivenDose("MVVAC", "2020-08-01")], as_of="2020-12-01")
    assert [found.code for found in answer.doses[0].findings] == ["product_not_for_age"]
    assert answer.held


def test_sets_answer_another_campaign_as_the_single_answer_does() -> None:
    people = [
        Person(
            Subject(f"{2003 + at % 8}-0{1 + at % 9}-11", sex), tuple(GivenDose("GARDASIL", day) for day in doses), None
        )
        for at in range(24)
        for sex in ("female", "male")
        for doses in ((), ("2019-06-01",), ("2019-06-01", "2019-09-01"), ("2023-01-10",))
    ]
    answers = assess_all(HPV, Histories.of_people(HPV, people), "2023-03-01", smallest=1)
    single = [
        row_of_answer(HPV, HPV.assess(one.subject, one.given, area=one.area, as_of="2023-03-01")) for one in people
    ]
    assert [answers.row(at) for at in range(len(people))] == single
