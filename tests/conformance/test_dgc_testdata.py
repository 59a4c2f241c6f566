"""The test files of other countries: every question answered as they expect, or listed with its reason."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.conformance import report
from tests.conformance.testfiles import disagreements, read_all
from tests.shared import shared
from tiemchung import hcert
from tiemchung.hcert import batch
from tiemchung.hcert.errors import KeyUnusable
from tiemchung.hcert.verdict import Policy

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


def test_a_batch_of_all_files_says_of_each_what_is_said_of_it_alone():
    asked = [file for folder in ("common", *COUNTRIES) for file in files(folder)]
    trust = hcert.TrustList.of_certificates(filter(None, map(certificate, asked)))
    texts = [str(file.data.get("PREFIX")) for file in asked]
    at, policy = datetime(2021, 8, 1, tzinfo=UTC), Policy(leeway=timedelta(days=400))
    with batch.verifying(trust, policy=policy, processes=1) as pool:
        together = list(pool.verify(texts, at=at))
    alone = [hcert.verify(text, trust, at=at, policy=policy) for text in texts]
    assert [(one.status, one.code, one.notes, one.content) for one in together] == [
        (one.status, one.code, one.notes, one.content) for one in alone
    ]
    assert [one.issuer for one in together] == [one.decoded and one.decoded.claims.issuer for one in alone]
    codes = Counter(one.code for one in together)
    assert codes["OK"] == sum(one.content is not None for one in together) == 110
    assert {"D|PRE", "D|ZLB", "D|B45", "D|COS", "K|UNK", "S|SIG"} <= set(codes)


def certificate(file):
    """The signer certificate of a file, or None where it cannot be read."""
    try:
        return file.certificate
    except (KeyUnusable, KeyError):
        return None


def test_the_page_lists_what_the_tests_list():
    page = report.PAGE.read_text("utf-8")
    assert "\n".join(report.rows()) in page
    tally = report.count([shared("testdata/dcc") / name for name in ("common", *COUNTRIES)])
    assert f"Of the {tally['asked']} questions of these files, {tally['lacking']} cannot be" in page
    assert tally["files"] == 38 + 109
