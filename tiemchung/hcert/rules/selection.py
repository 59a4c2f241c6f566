"""Which rules count for a certificate, at a place and a moment."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tiemchung.hcert.rules.rule import CertificateType, Rule, RuleType

_GROUPS = {"v": CertificateType.VACCINATION, "t": CertificateType.TEST, "r": CertificateType.RECOVERY}


def certificate_type(payload: Mapping[str, Any]) -> CertificateType:
    """Tell what a certificate is about from its group that holds an entry; General when none or several do."""
    groups = [kind for name, kind in _GROUPS.items() if payload.get(name)]
    return groups[0] if len(groups) == 1 else CertificateType.GENERAL


def select_rules(
    rules: Iterable[Rule],
    *,
    country: str,
    issuer: str,
    kind: CertificateType,
    at: datetime,
    region: str = "",
) -> list[Rule]:
    """Choose the rules that count, sorted by identifier: of each, the highest version in force at `at`.

    These are the acceptance rules of `country` (that is entered) and the invalidation rules of `issuer`, on this kind
    of certificate or on all; those without a region, and those of `region`. Source: dgc-gateway,
    Gateway-constraints.adoc. `at` must carry a time zone.
    """
    chosen: dict[str, Rule] = {}
    for rule in rules:
        if _counts(rule, country, issuer, kind, region) and rule.in_force(at):
            other = chosen.get(rule.identifier)
            if other is None or other.version < rule.version:
                chosen[rule.identifier] = rule
    return [chosen[identifier] for identifier in sorted(chosen)]


def _counts(rule: Rule, country: str, issuer: str, kind: CertificateType, region: str) -> bool:
    whose = country if rule.type is RuleType.ACCEPTANCE else issuer
    return (
        rule.country == whose
        and rule.certificate_type in (kind, CertificateType.GENERAL)
        and rule.region in ("", region)
    )
