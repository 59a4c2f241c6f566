"""The test files of other countries: every question answered as they expect, or listed with its reason."""

import pytest

from tests.conformance import report
from tests.conformance.testfiles import disagreements, read_all
from tests.shared import shared

COUNTRIES = report.listed()["countries"]


def files(folder):
    return list(read_all(shared("testdata/dcc") / folder))


def test_all_common_cases_agree():
    common = files("common")
    assert len(common) == 38
    assert [row for file in common for row in disagreements(file)] == []


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_countrys_files_agree_but_for_what_is_listed(country):
    found = {row[:3] for file in files(country) for row in disagreements(file)}
    listed = report.listed()["disagreements"]
    assert found == {
        (row["file"], row["question"], row["expected"]) for row in listed if row["file"].startswith(f"{country}/")
    }


@pytest.mark.parametrize("country", ["common", *COUNTRIES])
def test_what_must_not_verify_is_never_valid(country):
    refusing = {"VERIFY", "EXPIRATIONCHECK", "B45DECODE", "COMPRESSION", "UNPREFIX", "DECODE"}
    asked = files(country)
    for file in asked:
        denied = {question for question, expected in file.expected.items() if not expected}
        if denied & {f"EXPECTED{question}" for question in refusing}:
            assert file.verdict().status != "valid", file.name
    assert asked


def test_most_files_of_the_countries_are_valid_at_their_own_clock():
    verdicts = [file.verdict() for country in COUNTRIES for file in files(country)]
    codes = {verdict.code for verdict in verdicts}
    assert len(verdicts) == 109
    assert codes == {"OK", "T|NYV"}
    assert sum(verdict.code == "OK" for verdict in verdicts) == 99


def test_the_page_lists_what_the_tests_list():
    page = report.PAGE.read_text("utf-8")
    assert "\n".join(report.rows()) in page
    tally = report.count([shared("testdata/dcc") / name for name in ("common", *COUNTRIES)])
    assert f"Of the {tally['asked']} questions of these files, {tally['lacking']} cannot be" in page
    assert tally["files"] == 38 + 109
