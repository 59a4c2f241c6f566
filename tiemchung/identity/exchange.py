"""How is the population side asked? One signed batch over HTTP; no answer is an answer of its own."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings

from tiemchung.ground import clock
from tiemchung.ground.signed_request import HEADER, sign

TIMEOUT = 5.0  # seconds; the person may be standing there
MAX_QUESTIONS = 500  # what the population side takes at once
VERDICTS = frozenset({"right", "wrong", "unknown"})


@dataclass(frozen=True)
class Question:
    """What is asked of one person: the fields go out, only a verdict comes back."""

    id: UUID
    number: str
    full_name: str
    birth_date: str
    sex: str

    def as_json(self) -> dict[str, str]:
        """As it goes over the wire."""
        return {
            "id": str(self.id),
            "number": self.number,
            "full_name": self.full_name,
            "birth_date": self.birth_date,
            "sex": self.sex,
        }


@dataclass(frozen=True)
class Reply:
    """What came back for one question: a verdict, or the fault for which there is none."""

    verdict: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    handle: str = ""
    fault: str = ""


def ask(questions: list[Question]) -> list[Reply]:
    """Ask at most 500 questions at once. Never raises: a side that is down, slow or talks nonsense is a fault."""
    try:
        answers = _post({"questions": [question.as_json() for question in questions]})["answers"]
        if len(answers) != len(questions):
            return [Reply(fault="nonsense")] * len(questions)
        return [_reply(question, answer) for question, answer in zip(questions, answers, strict=True)]
    except httpx.TimeoutException:
        return [Reply(fault="slow")] * len(questions)
    except httpx.HTTPError:
        return [Reply(fault="down")] * len(questions)
    except (ValueError, KeyError, TypeError, AttributeError):
        return [Reply(fault="nonsense")] * len(questions)


def _post(content: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps(content, ensure_ascii=False).encode()
    signature = sign(body, secret=settings.POPULATION_SECRET, at=clock.now())
    response = httpx.post(
        f"{settings.POPULATION_URL}/check",
        content=body,
        headers={HEADER: signature, "Content-Type": "application/json"},
        timeout=TIMEOUT,
    )
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    return answer


def _reply(question: Question, answer: dict[str, Any]) -> Reply:
    """Believe an answer only when it is whole: of this question, a known verdict, a handle on right alone."""
    verdict = answer["verdict"]
    if verdict not in VERDICTS:
        return Reply(fault=str(verdict)[:30] or "nonsense")
    handle = str(answer.get("handle") or "")
    if answer.get("id") != str(question.id) or (verdict == "right") != bool(handle):
        return Reply(fault="nonsense")
    fields = {str(name)[:30]: str(kind)[:30] for name, kind in answer.get("fields", {}).items()}
    return Reply(verdict=verdict, fields=fields, handle=handle[:64])
