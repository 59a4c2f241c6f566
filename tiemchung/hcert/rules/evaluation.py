"""Evaluate rules with a certificate: passed, failed, or could not tell, each in words that a traveller understands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from tiemchung.hcert.certlogic import SPECIFICATION, CertLogicError, evaluate
from tiemchung.hcert.rules.rule import Rule
from tiemchung.hcert.rules.words import affected, field_name, sentence
from tiemchung.hcert.valuesets import codes_for_rules


class Outcome(StrEnum):
    """What a rule says; not to be able to tell is no failure of the certificate."""

    PASSED = "passed"
    FAILED = "failed"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What rules may ask beside the certificate (`external`): the moment, with a time zone, and the rest as known.

    `value_sets` is id of the set → its codes; ours are used unless others are given. Names follow
    eu-dcc-business-rules, documentation/how-to.md, and dgc-certlogic-android, ExternalParameter.
    """

    at: datetime
    value_sets: Mapping[str, Sequence[str]] = field(default_factory=codes_for_rules)
    country: str | None = None
    issuer: str | None = None
    region: str | None = None
    kid: str | None = None
    issued: datetime | None = None
    expires: datetime | None = None

    def as_external(self) -> dict[str, Any]:
        """Give the object `external`; what is not known is left out."""
        values = {
            "validationClock": _iso(self.at),
            "valueSets": {name: list(codes) for name, codes in self.value_sets.items()},
            "countryCode": self.country,
            "issuerCountryCode": self.issuer,
            "region": self.region,
            "kid": self.kid,
            "iat": _iso(self.issued) if self.issued else None,
            "exp": _iso(self.expires) if self.expires else None,
        }
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule says of a certificate, in words: the country's own description within ours."""

    rule: Rule
    outcome: Outcome
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What all rules say together: one that failed decides, then one that could not tell."""

    outcome: Outcome
    results: tuple[RuleResult, ...]
    vi: str
    en: str


def judge(rules: Iterable[Rule], payload: Mapping[str, Any], circumstances: Circumstances) -> Judgement:
    """Evaluate the chosen rules (see `select_rules`) with a certificate's content. No rules: could not tell."""
    external = circumstances.as_external()
    results = tuple(evaluate_rule(rule, payload, external) for rule in rules)
    counts = {outcome: sum(one.outcome is outcome for one in results) for outcome in Outcome}
    if counts[Outcome.FAILED]:
        failed, total = counts[Outcome.FAILED], len(results)
        vi, en = f"Không đạt {failed} trên {total} quy tắc.", f"{failed} of {total} rules are not met."
        return Judgement(Outcome.FAILED, results, vi, en)
    if counts[Outcome.CANNOT_TELL]:
        open_, total = counts[Outcome.CANNOT_TELL], len(results)
        vi, en = f"Chưa kết luận được {open_} trên {total} quy tắc.", f"{open_} of {total} rules could not be told."
        return Judgement(Outcome.CANNOT_TELL, results, vi, en)
    if not results:
        vi, en = "Chưa có quy tắc nào để đối chiếu.", "There are no rules to check against."
        return Judgement(Outcome.CANNOT_TELL, results, vi, en)
    return Judgement(Outcome.PASSED, results, f"Đạt cả {len(results)} quy tắc.", f"All {len(results)} rules are met.")


def evaluate_rule(rule: Rule, payload: Mapping[str, Any] | None, external: Mapping[str, Any]) -> RuleResult:
    """Evaluate one rule; whatever forbids a clear true or false is said as "could not tell". Never raises.

    `external` is as `Circumstances.as_external` gives it.
    """
    unfit = _engine_unfit(rule) or _schema_unfit(rule, payload or {})
    if unfit:
        return _cannot_tell(rule, *unfit)
    missing: list[str] = []
    try:
        value = evaluate(rule.logic, {"payload": payload, "external": external}, missing=missing)
    except CertLogicError as error:
        return _cannot_tell(rule, *(_lacking(missing) or (error.vi, f"{error.en}.")))
    lacking = _lacking([path for path in missing if path.startswith(_NEEDED)])
    if lacking:
        return _cannot_tell(rule, *lacking)
    if not isinstance(value, bool):
        return _cannot_tell(rule, "Quy tắc không trả lời đúng hay sai.", "The rule answers neither true nor false.")
    return _told(rule, Outcome.PASSED if value else Outcome.FAILED, payload or {})


_NEEDED = ("external.validationClock", "external.valueSets")
"""Without these a rule's answer means nothing, even when it comes out as true or false."""


def _engine_unfit(rule: Rule) -> tuple[str, str] | None:
    """A rule for another engine, or for a newer one than this, is not guessed at."""
    if rule.engine == "CERTLOGIC" and rule.engine_version <= SPECIFICATION:
        return None
    needed = f"{rule.engine} {'.'.join(map(str, rule.engine_version))}"
    return f"Quy tắc cần {needed}. Cập nhật ứng dụng rồi thử lại.", f"It needs {needed}; update this program."


def _schema_unfit(rule: Rule, payload: Mapping[str, Any]) -> tuple[str, str] | None:
    """A rule counts for certificates of its schema's major version, from its own version on."""
    try:
        version = tuple(int(part) for part in str(payload.get("ver") or "").split(".") if part)
    except ValueError:
        version = (0,)
    if not version or (version[0] == rule.schema_version[0] and version >= rule.schema_version):
        return None
    shown = ".".join(map(str, rule.schema_version))
    return (
        f"Quy tắc dành cho chứng nhận từ phiên bản {shown}.",
        f"The rule is for certificates of schema {shown} or later.",
    )


def _lacking(missing: Sequence[str]) -> tuple[str, str] | None:
    if not missing:
        return None
    path = missing[-1].removeprefix("payload.").removeprefix("external.")
    return f"Thiếu dữ liệu: {field_name(path, 'vi')} ({path}).", f"Data is missing: {field_name(path, 'en')} ({path})."


def _cannot_tell(rule: Rule, vi: str, en: str) -> RuleResult:
    return RuleResult(
        rule,
        Outcome.CANNOT_TELL,
        vi=f"Chưa kết luận được quy tắc {rule.identifier} ({rule.description('vi')}) {vi}",
        en=f"Rule {rule.identifier} ({rule.description('en')}) could not be told. {en}",
    )


def _told(rule: Rule, outcome: Outcome, payload: Mapping[str, Any]) -> RuleResult:
    met = outcome is Outcome.PASSED
    return RuleResult(
        rule,
        outcome,
        vi=f"{'Đạt' if met else 'Không đạt'} quy tắc {rule.identifier}: {sentence(rule.description('vi'))}"
        + affected(rule.affected_fields, payload, "vi"),
        en=f"Rule {rule.identifier} is {'met' if met else 'not met'}: {sentence(rule.description('en'))}"
        + affected(rule.affected_fields, payload, "en"),
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
