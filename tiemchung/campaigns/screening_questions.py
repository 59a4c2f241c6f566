"""What is asked of a person's health, and what an answer leads to: reference_data/screening.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

import yaml

from tiemchung.ground.errors import InvalidInputError
from tiemchung.vietnam.reference import reference_file

REGISTRATION = "registration"
SCREENING_ADULT = "screening_adult"
ANSWERS = ("no", "yes", "unknown")


class LeadsTo(StrEnum):
    """The four outcomes, best first (Decision 5785/QĐ-BYT)."""

    ELIGIBLE = "eligible"
    CAUTION = "caution"
    POSTPONED = "postponed"
    CONTRAINDICATED = "contraindicated"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `leads_to` is what "yes" means on days from `effective_from` to `effective_to`, both included.

    `sex` is the one sex that is asked, empty for both. `at_hospital`: examine and inject at a hospital.
    """

    code: str
    vi: str
    en: str
    leads_to: LeadsTo
    source: str
    sex: str = ""
    at_hospital: bool = False
    effective_from: date = date.min
    effective_to: date = date.max

    def __post_init__(self) -> None:
        object.__setattr__(self, "leads_to", LeadsTo(self.leads_to))

    def holds_on(self, day: date) -> bool:
        """Say whether the rule is in force that day."""
        return self.effective_from <= day <= self.effective_to

    def is_asked_of(self, sex: str) -> bool:
        """Say whether a person of that sex (male, female, unknown) is asked."""
        return self.sex in ("", sex) or sex == "unknown"


def questions(section: str, on: date) -> tuple[Question, ...]:
    """The questions of a section (`REGISTRATION`, `SCREENING_ADULT`) in force on a day. Raises KeyError."""
    return tuple(question for question in _section(section) if question.holds_on(on))


def vital_signs() -> list[dict[str, Any]]:
    """The signs a screener measures, with lowest and highest (either may be None), unit and when they are measured."""
    return list(_content()["vital_signs"])


def check_history(answers: Mapping[str, str], sex: str, on: date) -> None:
    """Refuse a history that leaves a question open or answers what is not asked.

    A question for one sex may stay open where the sex is not known. Raises InvalidInputError on the
    field `history.<code>`.
    """
    asked = questions(REGISTRATION, on)
    for code in sorted(set(answers) - {question.code for question in asked}):
        raise _history_error(code, "history_unknown_question", "Câu này không còn được hỏi.", "This is not asked.")
    for question in asked:
        must_answer = question.code in answers or question.sex in ("", sex)
        if must_answer and answers.get(question.code) not in ANSWERS:
            raise _history_error(
                question.code,
                "history_unanswered",
                "Câu này chưa trả lời. Chọn Có, Không hoặc Không rõ.",
                "This question is open. Choose Yes, No or Not sure.",
            )


def _history_error(question: str, code: str, vi: str, en: str) -> InvalidInputError:
    return InvalidInputError(code, field=f"history.{question}", vi=vi, en=en)


@cache
def _section(name: str) -> tuple[Question, ...]:
    return tuple(Question(**row) for row in _content()[name])


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(reference_file("screening.yaml").read_text(encoding="utf-8"))
    return content
