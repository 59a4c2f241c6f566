"""Dated dose rules: is this person due, for what, from when, why; is the course complete; which card.

rules = Rules.load()
answer = rules.assess(Subject("1984-05-02"), [GivenDose("AZ", "2021-07-01")], area="79", as_of="2021-09-01")
verdict = rules.may_give(Subject("1984"), [], product="Pfizer", area="79", on="2021-09-01")
"""

from tiemchung.dosing.answers import Answer, DoseAnswer, Due, Finding, Option, PassportDose, Unknown, Verdict
from tiemchung.dosing.engine import Rules
from tiemchung.dosing.errors import (
    DosingError,
    InputError,
    RuleFileError,
    RuleGap,
    RuleOverlap,
    SupersededTwice,
)
from tiemchung.dosing.history import GivenDose, Subject
from tiemchung.dosing.products import Product
from tiemchung.dosing.text import Text

__all__ = [
    "Answer",
    "DoseAnswer",
    "DosingError",
    "Due",
    "Finding",
    "GivenDose",
    "InputError",
    "Option",
    "PassportDose",
    "Product",
    "RuleFileError",
    "RuleGap",
    "RuleOverlap",
    "Rules",
    "Subject",
    "SupersededTwice",
    "Text",
    "Unknown",
    "Verdict",
]
