"""Matching measured on a country whose truth is known."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from tiemchung.cli.main import group
from tiemchung.linkage.kinds import NumberKind
from tiemchung.linkage.verdict import Asked, Known, judge
from tiemchung.simulator.evaluation import (
    Measured,
    is_false_alarm,
    is_told_right,
    kinds_told,
    measure,
    nation_config,
)
from tiemchung.simulator.evaluation_report import figures, fitted, in_words
from tiemchung.simulator.thresholds import FEBRL_F1, Thresholds, missed
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.sex import Sex

SAU = Known("1", "Trần Thị Sáu", PartialDate(1968, 8, 5), Sex.FEMALE, "079168004821")


@pytest.fixture(scope="module")
def measured() -> Measured:
    return measure(8_000, "by_site", seed=2, config=nation_config())


def test_every_record_is_settled_or_decided(measured: Measured) -> None:
    report = figures(measured)
    assert report["settled_by_exact_check"] + report["residue"] == report["records"]
    assert sum(report["decisions"].values()) == report["residue"]


def test_figures_of_a_small_country_are_near_those_that_are_published(measured: Measured) -> None:
    report = figures(measured)
    assert report["wrongly_settled"] == 0
    assert report["automatic"]["wrong"] == 0
    assert report["automatic"]["number"] > 2_000
    assert report["recall_of_proposals"]["recall"] > 0.98
    assert report["causes"]["of_told"] > 0.97
    assert missed(report, Thresholds()) == []
    assert report["calibration"]["error"] < 0.01


def test_strata_of_sites_hold_the_whole_residue(measured: Measured) -> None:
    report = figures(measured)
    assert sum(one["residue"] for name, one in report["strata"].items() if name.startswith("site")) == report["residue"]


def test_a_fitted_calibration_rises_from_nothing_and_never_says_certain(measured: Measured) -> None:
    points = fitted(measured).points
    assert points[0] == (0.0, 0.0)
    assert list(points) == sorted(points)
    assert points[-1][1] < 1


def test_the_page_of_text_has_every_figure(measured: Measured) -> None:
    text = in_words({"model": "by_site", "seed": 2, **figures(measured)})
    assert all(word in text for word in ("precision of automatics", "recall of proposals", "borne out", "lost_zero"))


def test_kinds_are_told_by_who_has_the_number() -> None:
    asked = Asked(SAU.number, "Tran Thi Sau", SAU.birth_date, SAU.sex)
    assert kinds_told(judge(asked, SAU), None)["full_name"] == "accents_lost"


def test_a_number_of_somebody_else_stays_one_when_the_person_is_found() -> None:
    asked = Asked("001099000001", SAU.full_name, SAU.birth_date, SAU.sex)
    stranger = Known("2", "Lê Văn Hùng", PartialDate(1999, 1, 2), Sex.MALE, asked.number)
    assert kinds_told(judge(asked, stranger), (asked, SAU))["number"] == NumberKind.OTHER_PERSONS_NUMBER
    assert kinds_told(None, (asked, SAU))["number"] == NumberKind.UNKNOWN
    assert kinds_told(None, None) == {}


@pytest.mark.parametrize(
    ("cause", "kind", "right", "alarm"),
    [
        ("none", "right", True, False),
        ("none", "old_number", True, False),
        ("none", "digit_slip", False, True),
        ("none", "not_said", False, False),
        ("not_in_register", "not_said", True, False),
        ("not_in_register", "unknown", True, False),
        ("not_in_register", "right", False, True),
        ("digit_slip", "not_said", False, False),
    ],
)
def test_a_cause_where_there_is_none_is_a_false_alarm(cause: str, kind: str, right: bool, alarm: bool) -> None:
    assert (is_told_right(cause, kind), is_false_alarm(cause, kind)) == (right, alarm)


def test_every_field_of_every_record_stands_in_the_confusion(measured: Measured) -> None:
    causes = figures(measured)["causes"]
    assert causes["fields"] == 4 * measured.records == sum(measured.causes.values())
    assert {"none", "not_in_register"} <= causes["confusion"]["number"].keys()
    assert causes["accuracy"] < 1
    assert causes["not_said"] > 0


def test_precision_is_told_of_links_beyond_plain_equality_and_of_all(measured: Measured) -> None:
    report = figures(measured)
    linked, beyond, whole = (
        report[name]["number"] for name in ("automatic", "beyond_plain_equality", "all_automatics")
    )
    assert (beyond, whole) == (linked + measured.settled - measured.plain, linked + measured.settled)
    assert 0 < measured.plain < measured.settled


def test_a_plain_equal_that_is_somebody_elses_counts_as_wrongly_settled(measured: Measured) -> None:
    spoilt = replace(measured, wrongly_settled=1, wrongly_plain=1)
    report = figures(spoilt)
    assert (report["all_automatics"]["wrong"], report["beyond_plain_equality"]["wrong"]) == (1, 0)
    assert "missed: wrongly settled by the exact check 1, at most 0 is asked for" in missed(report, Thresholds())


@pytest.mark.parametrize(
    ("cause", "kind", "right"),
    [("accents_lost", "accents_lost", True), ("accents_lost", "right", False), ("letter_case", "right", True)],
)
def test_what_does_no_harm_may_read_as_right(cause: str, kind: str, right: bool) -> None:
    assert is_told_right(cause, kind) is right


def test_evaluate_answers_in_json() -> None:
    words = ["identity", "evaluate", "--people", "2000", "--json", "--without-febrl"]
    answer = CliRunner().invoke(group, words)
    assert answer.exit_code == 0, answer.output
    report = json.loads(answer.output)
    assert (report["model"], report["people"]) == ("by_site", 2000)
    assert "the share whose person is named" in report["recall_of_proposals"]["means"]
    assert report["missed"] == []


def test_evaluate_fails_and_names_the_figure_that_misses_its_bound() -> None:
    words = ["identity", "evaluate", "--people", "1000", "--json", "--without-febrl", "--least-recall", "1.1"]
    answer = CliRunner().invoke(group, words)
    assert answer.exit_code == 1
    assert "missed: recall of proposals" in answer.stderr


def test_each_bound_can_be_missed(measured: Measured) -> None:
    """A bound that no figure could miss would be no check."""
    never = Thresholds(1.1, 1.1, -1, 1.1, 1.1, -1.0, -1.0)
    report = {**figures(measured), "febrl4": {name: {"f1": 0.5} for name in FEBRL_F1}}
    assert len(missed(report, never)) == 6 + 3 + 2
