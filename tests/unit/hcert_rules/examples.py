"""A rule to vary."""

from datetime import UTC, datetime
from typing import Any

from tiemchung.hcert.rules import Rule, read_rule

NOON = datetime(2022, 5, 11, 12, tzinfo=UTC)


def source(**change: Any) -> dict[str, Any]:
    """A rule of Viet Nam on vaccinations, as JSON."""
    return {
        "Identifier": "VR-VN-0001",
        "Type": "Acceptance",
        "Country": "VN",
        "Version": "1.0.0",
        "SchemaVersion": "1.0.0",
        "Engine": "CERTLOGIC",
        "EngineVersion": "0.7.5",
        "CertificateType": "Vaccination",
        "Description": [
            {"lang": "en", "desc": "The vaccination course must be complete."},
            {"lang": "vi", "desc": "Phải tiêm đủ liệu trình vắc xin."},
        ],
        "ValidFrom": "2022-05-01T00:00:00Z",
        "ValidTo": "2023-05-01T00:00:00+07:00",
        "AffectedFields": ["v.0.dn", "v.0.sd"],
        "Logic": {">=": [{"var": "payload.v.0.dn"}, {"var": "payload.v.0.sd"}]},
    } | change


def rule(**change: Any) -> Rule:
    return read_rule(source(**change))
