"""What a gateway demands of a rule that is published, beyond the form that every rule has."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from tiemchung.hcert.rules.rule import CertificateType, Rule, RuleType, RuleUnusable

SHORTEST_DESCRIPTION = 20
"""Characters (validation-rule.schema.json)."""

EARLIEST, LATEST = timedelta(hours=48), timedelta(days=14)
"""How long after its publication an acceptance rule comes into force (Gateway-constraints.adoc)."""

_PREFIXES = {
    "GR": CertificateType.GENERAL,
    "VR": CertificateType.VACCINATION,
    "TR": CertificateType.TEST,
    "RR": CertificateType.RECOVERY,
}


def publication_problems(rule: Rule, *, published: Iterable[Rule], now: datetime) -> tuple[RuleUnusable, ...]:
    """Say what forbids publishing a rule now, beside the versions of it that were `published` before.

    `now` must carry a time zone. Source: dgc-gateway, Gateway-constraints.adoc.
    """
    return tuple(_problems(rule, [one for one in published if one.identifier == rule.identifier], now))


def _problems(rule: Rule, earlier: list[Rule], now: datetime) -> Iterator[RuleUnusable]:
    if any(len(text) < SHORTEST_DESCRIPTION for text in rule.descriptions.values()):
        yield RuleUnusable(
            "Description",
            vi=f"Mô tả quá ngắn. Mỗi ngôn ngữ cần từ {SHORTEST_DESCRIPTION} ký tự.",
            en=f"a description is too short; each needs {SHORTEST_DESCRIPTION} characters",
        )
    expected = _PREFIXES.get(rule.identifier[:2])
    if expected not in (None, rule.certificate_type):
        yield RuleUnusable(
            "CertificateType",
            vi=f"Mã {rule.identifier} là quy tắc {expected}. Đổi mã hoặc đổi loại.",
            en=f"{rule.identifier} is the name of a rule on {expected}; change either",
        )
    lead = rule.valid_from - now
    if rule.type is RuleType.ACCEPTANCE and not EARLIEST <= lead <= LATEST:
        yield RuleUnusable(
            "ValidFrom",
            vi="Quy tắc phải có hiệu lực sau khi công bố từ 48 giờ đến 2 tuần.",
            en="the rule must come into force 48 hours to 2 weeks after it is published",
        )
    yield from _version_problems(rule, earlier)


def _version_problems(rule: Rule, earlier: list[Rule]) -> Iterator[RuleUnusable]:
    highest = max((one.version for one in earlier), default=None)
    if highest is not None and rule.version <= highest:
        shown = ".".join(map(str, highest))
        yield RuleUnusable(
            "Version",
            vi=f"Phiên bản phải cao hơn {shown} đã công bố.",
            en=f"the version must be higher than {shown}, which was published",
        )
