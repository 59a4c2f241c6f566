"""Rules as countries publish them: read, refused, chosen, and what a gateway asks before it publishes one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.hcert_rules.examples import NOON, rule, source
from tiemchung.hcert.rules import (
    CertificateType,
    Rule,
    RuleType,
    RuleUnusable,
    certificate_type,
    publication_problems,
    read_rules,
    select_rules,
)


def test_rule_is_read() -> None:
    read = rule(Region="HN")
    assert (read.identifier, read.type, read.certificate_type) == (
        "VR-VN-0001", RuleType.ACCEPTANCE, CertificateType.VACCINATION,
    )  # fmt: skip
    assert (read.version, read.engine_version, read.region) == ((1, 0, 0), (0, 7, 5), "HN")
    assert read.valid_to == datetime(2023, 4, 30, 17, tzinfo=UTC)
    assert read.description("vi") == "Phải tiêm đủ liệu trình vắc xin."
    assert read.description("de") == "The vaccination course must be complete."


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Identifier", "VR-VN-1"),
        ("Identifier", "XX-VN-0001"),
        ("Identifier", "VR-LA-0001"),
        ("Identifier", "IR-VN-0001"),
        ("Identifier", None),
        ("Type", "Refusal"),
        ("Country", "Viet Nam"),
        ("Region", "hanoi!"),
        ("Version", "1.0"),
        ("Version", 1),
        ("EngineVersion", "v1"),
        ("SchemaVersion", ""),
        ("Engine", None),
        ("CertificateType", "Any"),
        ("Description", []),
        ("Description", "words"),
        ("Description", ["words"]),
        ("Description", [{"lang": "vi", "desc": "Không có tiếng Anh."}]),
        ("ValidFrom", "tomorrow"),
        ("ValidFrom", "2022-13-01T00:00:00Z"),
        ("ValidTo", "2022-04-01T00:00:00Z"),
        ("AffectedFields", "v.0"),
        ("AffectedFields", [1]),
        ("Logic", None),
        ("Logic", True),
        ("Logic", {"or": [True, True]}),
    ],
)
def test_rule_of_another_form_is_refused_by_the_name_of_its_field(field: str, value: Any) -> None:
    with pytest.raises(RuleUnusable) as refused:
        rule(**{field: value})
    assert refused.value.field == field
    assert field in refused.value.vi


@pytest.mark.parametrize("data", [None, 1, "rule", True])
def test_what_is_no_rule_is_refused(data: Any) -> None:
    with pytest.raises(RuleUnusable):
        read_rules(data)


def test_rules_come_alone_in_lists_and_by_identifier() -> None:
    one, two = source(), source(Version="1.0.1")
    assert [read.version for read in read_rules(one)] == [(1, 0, 0)]
    assert [read.version for read in read_rules([one, two])] == [(1, 0, 0), (1, 0, 1)]
    assert [read.version for read in read_rules({"VR-VN-0001": [one, two]})] == [(1, 0, 0), (1, 0, 1)]


def test_place_of_a_wrong_rule_is_told() -> None:
    with pytest.raises(RuleUnusable) as refused:
        read_rules({"VR-VN-0001": [source(), source(Country=None)]})
    assert refused.value.field == "VR-VN-0001[1].Country"


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        ({"v": [{}]}, CertificateType.VACCINATION),
        ({"t": [{}], "v": None}, CertificateType.TEST),
        ({"r": [{}], "v": []}, CertificateType.RECOVERY),
        ({"r": [{}], "v": [{}]}, CertificateType.GENERAL),
        ({}, CertificateType.GENERAL),
    ],
)
def test_group_with_an_entry_tells_what_a_certificate_is_about(payload: Any, kind: CertificateType) -> None:
    assert certificate_type(payload) is kind


def chosen(rules: list[Rule], region: str = "", at: datetime = NOON) -> list[tuple[str, tuple[int, int, int]]]:
    selected = select_rules(rules, country="VN", issuer="LA", kind=CertificateType.VACCINATION, at=at, region=region)
    return [(one.identifier, one.version) for one in selected]


def test_highest_version_in_force_is_chosen() -> None:
    later = rule(Version="2.0.0", ValidFrom="2022-06-01T00:00:00Z")
    assert chosen([rule(), rule(Version="1.10.0"), rule(Version="1.9.0"), later]) == [("VR-VN-0001", (1, 10, 0))]
    assert chosen([later]) == []
    assert chosen([rule()], at=datetime(2023, 5, 1, tzinfo=UTC)) == []


def test_general_rules_count_and_those_on_other_certificates_do_not() -> None:
    general = rule(Identifier="GR-VN-0001", CertificateType="General")
    test = rule(Identifier="TR-VN-0001", CertificateType="Test")
    assert chosen([test, rule(), general]) == [("GR-VN-0001", (1, 0, 0)), ("VR-VN-0001", (1, 0, 0))]


def test_acceptance_is_of_the_country_and_invalidation_of_the_issuer() -> None:
    theirs = rule(Identifier="IR-LA-0001", Country="LA", Type="Invalidation")
    assert chosen([theirs, rule(Identifier="VR-LA-0001", Country="LA")]) == [("IR-LA-0001", (1, 0, 0))]


def test_rules_of_a_region_count_there_only() -> None:
    assert chosen([rule(Region="HN")]) == []
    assert chosen([rule(Region="HN")], region="SG") == []
    assert chosen([rule(Region="HN"), rule(Identifier="VR-VN-0002")], region="HN") == [
        ("VR-VN-0001", (1, 0, 0)), ("VR-VN-0002", (1, 0, 0)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "lead", "field"),
    [
        ({}, timedelta(hours=47), "ValidFrom"),
        ({}, timedelta(days=15), "ValidFrom"),
        ({"Version": "0.9.9"}, timedelta(days=3), "Version"),
        ({"Version": "1.0.0"}, timedelta(days=3), "Version"),
        ({"CertificateType": "Test", "Version": "1.0.1"}, timedelta(days=3), "CertificateType"),
        ({"Description": [{"lang": "en", "desc": "Too short."}], "Version": "1.0.1"}, timedelta(days=3), "Description"),
    ],
)
def test_gateway_refuses(change: dict[str, Any], lead: timedelta, field: str) -> None:
    new = rule(**{"Version": "1.0.1"} | change)
    (problem,) = publication_problems(new, published=[rule()], now=new.valid_from - lead)
    assert problem.field == field
    assert problem.vi


def test_gateway_takes_a_higher_version_in_good_time() -> None:
    new = rule(Version="1.0.1")
    assert publication_problems(new, published=[rule()], now=new.valid_from - timedelta(hours=48)) == ()


def test_invalidation_rule_may_count_at_once() -> None:
    new = rule(Identifier="IR-VN-0001", Type="Invalidation")
    assert publication_problems(new, published=[rule(Version="9.0.0")], now=new.valid_from) == ()
