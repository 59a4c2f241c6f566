"""May this person be injected today? What is asked and measured, and the outcome that the answers propose.

Questions and limits are dated reference data (`reference_data/screening.yaml`, by 5785/QĐ-BYT and what it replaced).
The worst answer decides. Whoever screens confirms the proposal or chooses a worse outcome, never a better one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from tiemchung.campaigns.screening_questions import SCREENING_ADULT, Question, vital_signs
from tiemchung.campaigns.screening_questions import questions as questions_of
from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.visits.models import Screening
from tiemchung.visits.vitals import Vitals

Outcome = Screening.Outcome
SEVERITY = {each: rank for rank, each in enumerate(Outcome)}  # the model lists them from best to worst
ALLOWS_INJECTION = frozenset({Outcome.ELIGIBLE, Outcome.CAUTION})
PRESSURE_FROM_AGE = 65  # years: «trên 65 tuổi», 4355/QĐ-BYT
_DISPATCH = re.compile(r"\d+/QĐ-BYT")


@dataclass(frozen=True, slots=True)
class Limit:
    """Between which values a vital sign needs no caution; both ends are good."""

    code: str
    vi: str
    en: str
    unit: str
    lowest: Decimal | None
    highest: Decimal | None

    def holds(self, value: Decimal | int | None) -> bool:
        if value is None:
            return True
        return not (self.lowest is not None and value < self.lowest) and not (
            self.highest is not None and value > self.highest
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason of a proposal, in words."""

    code: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The outcome that answers and signs lead to, with every ground for it; none: nothing speaks against injecting."""

    outcome: Outcome
    grounds: tuple[Ground, ...]
    at_hospital: bool


@cache
def limits() -> tuple[Limit, ...]:
    """The signs that are measured, with their limits."""
    return tuple(_limit(row) for row in vital_signs())


@cache
def dispatch() -> str:
    """The number of the decision that the form of today rests on."""
    found = _DISPATCH.search(vital_signs()[0]["source"])
    return found[0] if found else ""


def questions(*, sex: str, on: date) -> list[Question]:
    """What is asked of an adult of that sex on that day, in the order of the form."""
    return [question for question in questions_of(SCREENING_ADULT, on) if question.is_asked_of(sex)]


def needs_pressure(age: int) -> bool:
    """Say whether blood pressure is measured for the age alone, in years."""
    return age > PRESSURE_FROM_AGE


def open_questions(answers: Mapping[str, str], asked: list[Question]) -> list[InvalidInputError]:
    """What is still to be answered, by the field of each question's code."""
    return [_open(question) for question in asked if answers.get(question.code) not in ("yes", "no")]


def missing_pressure(vitals: Vitals, age: int) -> list[InvalidInputError]:
    """What is still to be measured of a person of that age in years."""
    if vitals.systolic is not None or not needs_pressure(age):
        return []
    return [
        InvalidInputError(
            "pressure_missing",
            field="systolic",
            vi="Người trên 65 tuổi cần đo huyết áp. Đo rồi gõ như mẫu 132/80.",
            en="Blood pressure is measured of everyone over 65. Measure it and type it like 132/80.",
        )
    ]


def propose(answers: Mapping[str, str], vitals: Vitals, asked: list[Question]) -> Proposal:
    """Give the worst outcome that an answer or a sign leads to, with every ground. An open one leads nowhere."""
    yes = [question for question in asked if answers.get(question.code) == "yes"]
    outside = [limit for limit in limits() if not limit.holds(getattr(vitals, limit.code))]
    outcomes = [Outcome(question.leads_to) for question in yes] + [Outcome.CAUTION for _ in outside]
    grounds = [Ground(each.code, each.vi, each.en) for each in yes]
    grounds += [Ground(each.code, each.vi, each.en) for each in outside]
    return Proposal(
        outcome=max(outcomes, key=SEVERITY.__getitem__, default=Outcome.ELIGIBLE),
        grounds=tuple(grounds),
        at_hospital=any(question.at_hospital for question in yes),
    )


def objections_to(outcome: Outcome, proposal: Proposal) -> list[ConflictError]:
    """What speaks against confirming this outcome: one that is better than the answers allow."""
    if SEVERITY[outcome] >= SEVERITY[proposal.outcome]:
        return []
    ground = proposal.grounds[0]
    return [
        ConflictError(
            "outcome_better_than_proposed",
            field="outcome",
            vi=f"Câu trả lời dẫn đến «{proposal.outcome.label}»: {ground.vi}. Chọn mức đó hoặc nặng hơn.",
            en=f"The answers lead to “{proposal.outcome}”: {ground.en}. Choose that or a graver outcome.",
        )
    ]


def _open(question: Question) -> InvalidInputError:
    return InvalidInputError(
        "question_open",
        field=question.code,
        vi=f"Chưa trả lời: {question.vi}. Chọn Không hoặc Có.",
        en=f"Not answered: {question.en}. Choose No or Yes.",
    )


def _limit(row: Mapping[str, Any]) -> Limit:
    lowest, highest = (None if row[end] is None else Decimal(str(row[end])) for end in ("lowest", "highest"))
    return Limit(row["code"], row["vi"], row["en"], row["unit"], lowest, highest)
