"""The rules by which a country accepts certificates: read, chosen, evaluated, and explained in words.

Sources: EU DCC business rules (ehn-dcc-development/eu-dcc-business-rules), validation-rule.schema.json and the
constraints of the gateway (dgc-gateway, Gateway-constraints.adoc).
"""

from tiemchung.hcert.rules.evaluation import (
    Circumstances,
    Judgement,
    Outcome,
    RuleResult,
    evaluate_rule,
    judge,
)
from tiemchung.hcert.rules.publication import publication_problems
from tiemchung.hcert.rules.rule import CertificateType, Rule, RuleType, RuleUnusable, read_rule, read_rules
from tiemchung.hcert.rules.selection import certificate_type, select_rules

__all__ = [
    "CertificateType",
    "Circumstances",
    "Judgement",
    "Outcome",
    "Rule",
    "RuleResult",
    "RuleType",
    "RuleUnusable",
    "certificate_type",
    "evaluate_rule",
    "judge",
    "publication_problems",
    "read_rule",
    "read_rules",
    "select_rules",
]
