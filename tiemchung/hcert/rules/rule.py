"""A rule as countries publish it (validation-rule.schema.json), checked as it is read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from tiemchung.hcert.certlogic import issues
from tiemchung.hcert.problems import HcertProblem

Version = tuple[int, int, int]

_IDENTIFIER = re.compile(r"(GR|VR|TR|RR|IR)-([A-Z]{2})-\d{4}", re.ASCII)
_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})", re.ASCII)
_COUNTRY = re.compile("[A-Z]{2}")
_REGION = re.compile("[A-Z0-9]{0,5}")


class RuleUnusable(HcertProblem):
    """A rule that is not of the published form."""

    code = "rule"


class RuleType(StrEnum):
    """Acceptance rules are those of the country that is entered, invalidation rules those of the issuer."""

    ACCEPTANCE = "Acceptance"
    INVALIDATION = "Invalidation"


class CertificateType(StrEnum):
    """What a rule is about; General is about every certificate."""

    GENERAL = "General"
    TEST = "Test"
    VACCINATION = "Vaccination"
    RECOVERY = "Recovery"


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule. Times are in UTC; `descriptions` go by language (always with "en")."""

    identifier: str
    type: RuleType
    country: str
    region: str
    version: Version
    schema_version: Version
    engine: str
    engine_version: Version
    certificate_type: CertificateType
    descriptions: Mapping[str, str]
    valid_from: datetime
    valid_to: datetime
    affected_fields: tuple[str, ...]
    logic: Mapping[str, Any]

    def description(self, language: str) -> str:
        """Give the country's own words in `language`, or else in English."""
        return self.descriptions.get(language) or self.descriptions["en"]

    def in_force(self, at: datetime) -> bool:
        """Tell whether the rule counts at a moment."""
        return self.valid_from <= at <= self.valid_to


def read_rules(data: Any) -> list[Rule]:
    """Read rules from JSON: one rule, a list of rules, or a mapping of identifiers to lists of versions.

    Raises RuleUnusable at the first that is not of the published form, naming its place.
    """
    return [read_rule(one, at=place) for place, one in _each(data, "")]


def _each(data: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(data, list):
        yield from ((f"{place}[{number}]", one) for number, one in enumerate(data))
    elif isinstance(data, dict) and data and all(isinstance(versions, list) for versions in data.values()):
        for identifier, versions in data.items():
            yield from _each(versions, f"{place}{identifier}")
    else:
        yield place, data


def read_rule(data: Any, *, at: str = "") -> Rule:
    """Read one rule from JSON. Raises RuleUnusable, naming the field (behind the place `at`, when that is given)."""
    if not isinstance(data, dict):
        raise _wrong(at or "rule", "cần một quy tắc dạng JSON", "a rule, as a JSON object, is needed here")
    source = _Source(data, f"{at}." if at else "")
    kind = source.one_of("Type", RuleType)
    rule = Rule(
        identifier=source.matched("Identifier", _IDENTIFIER)[0],
        type=RuleType(kind),
        country=source.matched("Country", _COUNTRY)[0],
        region=source.matched("Region", _REGION, absent="")[0],
        version=source.version("Version"),
        schema_version=source.version("SchemaVersion"),
        engine=source.text("Engine"),
        engine_version=source.version("EngineVersion"),
        certificate_type=CertificateType(source.one_of("CertificateType", CertificateType)),
        descriptions=source.descriptions(),
        valid_from=source.time("ValidFrom"),
        valid_to=source.time("ValidTo"),
        affected_fields=source.affected_fields(),
        logic=source.logic(),
    )
    source.check_together(rule)
    return rule


class _Source:
    """The JSON of a rule; its methods take one field each and refuse what is wrong, by its name."""

    def __init__(self, data: Mapping[str, Any], place: str) -> None:
        self._data = data
        self._place = place

    def text(self, field: str, absent: str | None = None) -> str:
        value = self._data.get(field)
        value = absent if value is None else value
        if not isinstance(value, str):
            raise self._wrong(field, "cần một chuỗi chữ", "a string is needed")
        return value

    def matched(self, field: str, pattern: re.Pattern[str], absent: str | None = None) -> re.Match[str]:
        value = self.text(field, absent)
        found = pattern.fullmatch(value)
        if found is None:
            raise self._wrong(field, f"{value[:40]!r} không đúng mẫu", f"{value[:40]!r} is not {pattern.pattern}")
        return found

    def version(self, field: str) -> Version:
        found = self.matched(field, _VERSION)
        return int(found[1]), int(found[2]), int(found[3])

    def one_of(self, field: str, choices: type[StrEnum]) -> str:
        value = self.text(field)
        if value not in list(choices):
            known = ", ".join(choices)
            raise self._wrong(field, f"{value[:40]!r} phải là một trong: {known}", f"{value[:40]!r} is none of {known}")
        return value

    def time(self, field: str) -> datetime:
        value = self.text(field)
        try:
            moment = datetime.fromisoformat(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self._wrong(
                field, f"{value[:40]!r} không phải ngày giờ", f"{value[:40]!r} is not an ISO 8601 time"
            ) from error

    def descriptions(self) -> dict[str, str]:
        match self._data.get("Description"):
            case [*entries] if all(isinstance(one, dict) for one in entries):
                texts = {str(one.get("lang")): str(one.get("desc")) for one in entries}
                if "en" in texts:
                    return texts
        raise self._wrong("Description", "thiếu mô tả tiếng Anh (en)", "a description in English (en) is missing")

    def affected_fields(self) -> tuple[str, ...]:
        match self._data.get("AffectedFields"):
            case [*fields] if all(isinstance(one, str) for one in fields):
                return tuple(fields)
        raise self._wrong("AffectedFields", "cần một dãy tên trường", "a list of field names is needed")

    def logic(self) -> Mapping[str, Any]:
        logic = self._data.get("Logic")
        found = issues(logic)
        if found:
            raise self._wrong("Logic", found[0].vi, found[0].message)
        if not isinstance(logic, dict):
            raise self._wrong("Logic", "cần một biểu thức", "an expression is needed")
        return logic

    def check_together(self, rule: Rule) -> None:
        """Check what fields say of one another (gateway constraints): prefix IR is for invalidation rules, only."""
        prefix, _, rest = rule.identifier.partition("-")
        if (prefix == "IR") != (rule.type is RuleType.INVALIDATION):
            raise self._wrong("Identifier", "IR chỉ dành cho quy tắc Invalidation", "IR is for invalidation rules only")
        if not rest.startswith(rule.country):
            raise self._wrong("Identifier", "mã nước khác với Country", "its country is not that of Country")
        if rule.valid_from > rule.valid_to:
            raise self._wrong("ValidTo", "sớm hơn ValidFrom", "it is earlier than ValidFrom")

    def _wrong(self, field: str, vi: str, en: str) -> RuleUnusable:
        return _wrong(f"{self._place}{field}", vi, en)


def _wrong(field: str, vi: str, en: str) -> RuleUnusable:
    return RuleUnusable(field, vi=f"Quy tắc sai ở {field}: {vi}.", en=f"{en}; have the publisher correct it")
