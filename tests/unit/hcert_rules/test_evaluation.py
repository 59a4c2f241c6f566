"""What rules say of a certificate: passed, failed or could not tell, in words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.hcert_rules.examples import NOON, rule
from tiemchung.hcert.rules import Circumstances, Outcome, evaluate_rule, judge

EXTERNAL = Circumstances(NOON).as_external()
COMPLETE = {"ver": "1.3.0", "v": [{"dn": 2, "sd": 2, "mp": "BBIBP-CorV"}]}
HALF = {"ver": "1.3.0", "v": [{"dn": 1, "sd": 2}]}


def test_rule_that_is_met_is_explained_with_the_countrys_words_and_the_fields() -> None:
    result = evaluate_rule(rule(AffectedFields=["v.0", "v.0.mp", "v.0.dn"]), COMPLETE, EXTERNAL)
    assert result.outcome is Outcome.PASSED
    assert result.vi == (
        "Đạt quy tắc VR-VN-0001: Phải tiêm đủ liệu trình vắc xin. "
        "Chứng nhận ghi: vắc xin Vero Cell (Bắc Kinh); mũi số 2."
    )
    assert result.en == (
        "Rule VR-VN-0001 is met: The vaccination course must be complete. "
        "The certificate says: vaccine BBIBP-CorV; dose number 2."
    )


def test_rule_that_is_not_met_is_explained() -> None:
    result = evaluate_rule(rule(), HALF, EXTERNAL)
    assert result.outcome is Outcome.FAILED
    assert result.vi.startswith(
        "Không đạt quy tắc VR-VN-0001: Phải tiêm đủ liệu trình vắc xin. Chứng nhận ghi: mũi số 1"
    )
    assert "is not met" in result.en


def test_description_without_a_full_stop_gets_one() -> None:
    described = rule(Description=[{"lang": "en", "desc": "The course must be complete "}])
    assert ": The course must be complete. The certificate says" in evaluate_rule(described, HALF, EXTERNAL).en


def test_fields_that_the_certificate_lacks_are_left_out_of_the_words() -> None:
    result = evaluate_rule(rule(Logic={"!": [{"var": "payload.v.0.xx"}]}, AffectedFields=["v.0.xx"]), HALF, EXTERNAL)
    assert result.vi.endswith("liệu trình vắc xin.")


@pytest.mark.parametrize(
    ("change", "payload", "vi", "en"),
    [
        ({"EngineVersion": "1.4.0"}, COMPLETE, "Quy tắc cần CERTLOGIC 1.4.0.", "It needs CERTLOGIC 1.4.0"),
        ({"Engine": "OTHER"}, COMPLETE, "Quy tắc cần OTHER 0.7.5.", "It needs OTHER 0.7.5"),
        ({"SchemaVersion": "1.3.1"}, COMPLETE, "từ phiên bản 1.3.1", "schema 1.3.1 or later"),
        ({}, {**COMPLETE, "ver": "2.0.0"}, "từ phiên bản 1.0.0", "schema 1.0.0 or later"),
        ({}, {**COMPLETE, "ver": "new"}, "từ phiên bản 1.0.0", "schema 1.0.0 or later"),
        ({}, {"v": [{"dn": 1}]}, "Thiếu dữ liệu: số mũi của liệu trình (v.0.sd).", "doses in the series (v.0.sd)."),
        ({}, {"v": [{"dn": "1", "sd": 2}]}, "cần số nguyên", "needs an integer"),
        ({}, None, "Thiếu dữ liệu", "Data is missing"),
        ({"Logic": {"+": [1, 1]}}, COMPLETE, "không trả lời đúng hay sai", "neither true nor false"),
        ({"Logic": {"!": [{"var": "external.valueSets.none"}]}}, COMPLETE, "bộ mã (valueSets.none)", "value set"),
    ],
)  # fmt: skip
def test_it_is_said_why_a_rule_could_not_be_told(change: dict[str, Any], payload: Any, vi: str, en: str) -> None:
    result = evaluate_rule(rule(**change), payload, EXTERNAL)
    assert result.outcome is Outcome.CANNOT_TELL
    assert vi in result.vi
    assert en in result.en
    assert "VR-VN-0001" in result.vi


def test_rule_is_evaluated_where_the_certificate_names_no_version() -> None:
    assert evaluate_rule(rule(), {"v": [{"dn": 2, "sd": 2}]}, EXTERNAL).outcome is Outcome.PASSED


def test_moment_of_the_check_must_be_known() -> None:
    clock = rule(Logic={"if": [{"var": "external.validationClock"}, True, False]})
    assert evaluate_rule(clock, COMPLETE, {"valueSets": {}}).outcome is Outcome.CANNOT_TELL


def test_rules_are_told_the_circumstances() -> None:
    circumstances = Circumstances(
        NOON, country="VN", issuer="LA", region="HN", kid="abc", issued=NOON, expires=datetime(2023, 1, 1, tzinfo=UTC)
    )
    external = circumstances.as_external()
    assert external["validationClock"] == "2022-05-11T12:00:00.000Z"
    assert external["exp"] == "2023-01-01T00:00:00.000Z"
    assert (external["countryCode"], external["issuerCountryCode"], external["region"]) == ("VN", "LA", "HN")
    assert "BBIBP-CorV" in external["valueSets"]["vaccines-covid-19-names"]


def test_circumstances_that_are_not_known_are_left_out() -> None:
    assert set(Circumstances(NOON).as_external()) == {"validationClock", "valueSets"}


@pytest.mark.parametrize(
    ("payload", "rules", "outcome", "vi"),
    [
        (COMPLETE, [rule()], Outcome.PASSED, "Đạt cả 1 quy tắc."),
        (HALF, [rule(), rule(Engine="OTHER")], Outcome.FAILED, "Không đạt 1 trên 2 quy tắc."),
        (COMPLETE, [rule(), rule(Engine="OTHER")], Outcome.CANNOT_TELL, "Chưa kết luận được 1 trên 2 quy tắc."),
        (COMPLETE, [], Outcome.CANNOT_TELL, "Chưa có quy tắc nào để đối chiếu."),
    ],
)
def test_one_failure_decides_and_then_one_doubt(payload: Any, rules: Any, outcome: Outcome, vi: str) -> None:
    judgement = judge(rules, payload, Circumstances(NOON))
    assert (judgement.outcome, judgement.vi) == (outcome, vi)
    assert len(judgement.results) == len(rules)
    assert judgement.en
