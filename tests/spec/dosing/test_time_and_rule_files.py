"""Answers over time, and rule files that contradict themselves."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
import yaml

from tiemchung.dosing import (
    GivenDose,
    RuleFileError,
    RuleGap,
    RuleOverlap,
    Rules,
    Subject,
    SupersededTwice,
)
from tiemchung.dosing.changes import Asked, changes, days_between
from tiemchung.dosing.files import read
from tiemchung.dosing.rules import DEFAULT

ADULT = Subject("1985-06-15")
AZ_IN_JULY = (GivenDose("AZ", "2021-07-01"),)


def _content() -> dict[str, Any]:
    """The rule file with its catalogue and dispatches written into it, to be spoilt by a test."""
    content = deepcopy(read(DEFAULT, "rules"))
    content["catalogue"] = deepcopy(read(DEFAULT.parent / content["catalogue"], "catalogue"))
    content["dispatches"] = deepcopy(read(DEFAULT.parent / content["dispatches"], "dispatches"))
    return content


def _row(content: dict[str, Any], id: str) -> dict[str, Any]:
    tables = ("first", "next", "later", "bars", "approvals")
    return next(row for table in tables for row in content[table] if row["id"] == id)


def _before_the_rule_of_12_december() -> Rules:
    content = _content()
    content["next"] = [row for row in content["next"] if row["id"] != "az-mo"]
    del _row(content, "az-mo-notice")["to"]
    return Rules.read(content)


LATE = _row(_content(), "az-mo")


def test_rule_entered_late_changes_later_answers_only() -> None:
    rules = _before_the_rule_of_12_december().enter(LATE, "next", date(2021, 12, 20))

    def asked(on: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
        due = rules.assess(ADULT, AZ_IN_JULY, area="48", as_of="2021-12-15", asked_on=on).due
        assert due is not None
        return due.products, due.contested

    assert asked(date(2021, 12, 16)) == (("AZ", "PF"), ("MO",))
    assert asked(date(2021, 12, 21)) == (("AZ", "PF", "MO"), ())


def test_rule_entered_late_lists_whose_past_answers_it_changes() -> None:
    before = _before_the_rule_of_12_december()
    after = before.enter(LATE, "next", date(2021, 12, 20))
    asked = [
        Asked("waits for dose 2 after AZ", ADULT, AZ_IN_JULY, "48"),
        Asked("waits for dose 2 after VC", ADULT, (GivenDose("VC", "2021-11-01"),), "48"),
        Asked("is complete", ADULT, (*AZ_IN_JULY, GivenDose("AZ", "2021-08-26")), "48"),
    ]
    found = list(changes(before, after, asked, days_between(date(2021, 12, 8), date(2021, 12, 20))))
    assert {one.key for one in found} == {"waits for dose 2 after AZ"}
    assert [one.as_of for one in found] == days_between(date(2021, 12, 12), date(2021, 12, 20))


def test_same_question_gives_each_day_that_days_answer() -> None:
    dates = ("2021-07-20", "2021-08-26", "2021-09-24", "2021-12-12", "2022-02-01")
    rules = [Rules.load().assess(ADULT, AZ_IN_JULY, area="79", as_of=day).rule for day in dates]
    assert rules == ["az-az-label", "az-az", "az-az-79", "az-az-79", "az-az-79"]


def test_answer_after_the_last_rule_says_so_and_is_unconfirmed() -> None:
    answer = Rules.load().assess(ADULT, (), area="48", as_of="2023-01-15")
    assert answer.mark == "unconfirmed"
    assert any("31/12/2022" in note.en for note in answer.notes)


def _two_rows_for_hcmc(content: dict[str, Any]) -> None:
    content["next"].append({**_row(content, "az-az-79"), "id": "az-az-79-again", "min": "4w"})


def _superseded_twice(content: dict[str, Any]) -> None:
    later = next(one for one in content["dispatches"]["dispatches"] if one["id"] == "3309")
    later["replaces"].append("10225")


def _gap(content: dict[str, Any]) -> None:
    _row(content, "booster1-10225")["to"] = date(2021, 12, 10)


def _outlives_its_dispatch(content: dict[str, Any]) -> None:
    _row(content, "additional-3309")["from"] = date(2022, 7, 1)
    _row(content, "additional-10722")["to"] = date(2022, 6, 30)


def _unknown_dispatch(content: dict[str, Any]) -> None:
    _row(content, "pf-pf")["dispatch"] = "5555"


def _unknown_product(content: dict[str, Any]) -> None:
    _row(content, "pf-pf")["give"] = ["PFX"]


def _unknown_province(content: dict[str, Any]) -> None:
    _row(content, "az-az-79")["area"] = "97"


def _ends_before_it_begins(content: dict[str, Any]) -> None:
    _row(content, "az-az-label")["to"] = date(2021, 3, 1)


def _span_that_is_none(content: dict[str, Any]) -> None:
    _row(content, "pf-pf")["min"] = "three weeks"


def _row_without_dispatch(content: dict[str, Any]) -> None:
    del _row(content, "pf-pf")["dispatch"]


def _key_misspelt(content: dict[str, Any]) -> None:
    _row(content, "pf-pf")["conditon"] = "x"


def _same_id_twice(content: dict[str, Any]) -> None:
    _row(content, "vc-vc")["id"] = "mo-mo"


def _dispatch_twice(content: dict[str, Any]) -> None:
    content["dispatches"]["dispatches"].append(content["dispatches"]["dispatches"][0])


SPOILT: list[tuple[Callable[[dict[str, Any]], None], type[RuleFileError], str]] = [
    (_two_rows_for_hcmc, RuleOverlap, "az-az-79-again"),
    (_superseded_twice, SupersededTwice, "10225"),
    (_gap, RuleGap, "booster1-10225"),
    (_outlives_its_dispatch, RuleFileError, "additional-10722"),
    (_unknown_dispatch, RuleFileError, "pf-pf"),
    (_unknown_product, RuleFileError, "pf-pf"),
    (_unknown_province, RuleFileError, "az-az-79"),
    (_ends_before_it_begins, RuleFileError, "az-az-label"),
    (_span_that_is_none, RuleFileError, "pf-pf"),
    (_row_without_dispatch, RuleFileError, "pf-pf"),
    (_key_misspelt, RuleFileError, "pf-pf"),
    (_same_id_twice, RuleFileError, "mo-mo"),
    (_dispatch_twice, RuleFileError, "1210"),
]


@pytest.mark.parametrize(("spoil", "error", "place"), SPOILT, ids=lambda one: getattr(one, "__name__", ""))
def test_rule_file_that_contradicts_itself_is_refused(
    spoil: Callable[[dict[str, Any]], None], error: type[RuleFileError], place: str
) -> None:
    content = _content()
    spoil(content)
    with pytest.raises(error) as refused:
        Rules.read(content)
    assert place in refused.value.field
    assert refused.value.text.vi
    assert refused.value.text.en


def test_overlap_names_both_rows_and_the_day() -> None:
    content = _content()
    _two_rows_for_hcmc(content)
    with pytest.raises(RuleOverlap) as refused:
        Rules.read(content)
    assert "az-az-79" in refused.value.field
    assert "24/09/2021" in refused.value.text.en


def test_late_row_is_checked_as_the_file_is() -> None:
    with pytest.raises(RuleFileError):
        Rules.load().enter({**LATE, "id": "az-mo-late", "dispatch": "nowhere"}, "next", date(2022, 1, 1))


def test_file_that_is_no_yaml_is_refused(tmp_path: Any) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("first: [", encoding="utf-8")
    with pytest.raises(RuleFileError):
        Rules.load(path)


def test_known_gap_may_be_declared() -> None:
    content = _content()
    _gap(content)
    content["unfilled"] = [["booster1-10225", "booster1-10722"]]
    assert Rules.read(yaml.safe_load(yaml.safe_dump(content))).campaign == "covid19"
