"""How is the population side asked? One signed batch over HTTP; no answer is an answer of its own."""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings

from tiemchung.ground import clock
from tiemchung.ground.signed_request import HEADER, sign
from tiemchung.linkage.kinds import HARMLESS, DateKind, NameKind, NumberKind, SexKind

TIMEOUT = 5.0  # seconds for the whole exchange
# Reaching the other side, sending and each wait for a piece of the answer are bounded one by one: two waits before the
# first piece and one after the last moment at which a piece is still read keep the whole within its bound.
_EACH_WAIT, _READS_UNTIL = 0.33, 0.66
MAX_QUESTIONS = 500  # what the population side takes at once
MAX_ANSWER = 2 * 1024 * 1024  # bytes; 500 answers take a tenth of it
VERDICTS = frozenset({"right", "wrong", "unknown"})
# Only these words are believed and kept: no value of the population side can come in as a word of another kind.
FAULTS = frozenset({"unreadable", "too_many", "conflict"})
FIELDS = frozenset({"number", "full_name", "birth_date", "sex"})
KINDS = frozenset(kind.value for kinds in (NameKind, DateKind, NumberKind, SexKind) for kind in kinds) - {
    NumberKind.OTHER_PERSONS_NUMBER.value  # it never leaves the other side
}


@dataclass(frozen=True)
class Question:
    """What is asked of one person: the fields go out, only a verdict comes back."""

    id: UUID
    number: str
    full_name: str
    birth_date: str
    sex: str
    record: str = ""  # a handle of the person that means nothing to the other side
    asker: str = ""  # likewise of who stated what is asked

    def as_json(self) -> dict[str, str]:
        """As it goes over the wire."""
        return {
            "id": str(self.id),
            "number": self.number,
            "full_name": self.full_name,
            "birth_date": self.birth_date,
            "sex": self.sex,
            "record": self.record,
            "asker": self.asker,
        }


@dataclass(frozen=True)
class Reply:
    """What came back for one question: a verdict, or the fault for which there is none."""

    verdict: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    handle: str = ""
    fault: str = ""


NONSENSE = Reply(fault="nonsense")


class NoAnswerError(Exception):
    """The population side gave no answer that can be used. `fault`: down, slow, refused or nonsense."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def written_date(day: date, precision: str) -> str:
    """A birth date as it is asked: YYYY, YYYY-MM or YYYY-MM-DD, by what is known."""
    return day.isoformat()[: {"year": 4, "month": 7, "day": 10}[precision]]


def ask(questions: list[Question], *, within: float | None = None) -> list[Reply]:
    """Ask at most 500 questions at once. Never raises: a side that is down, slow or talks nonsense is a fault.

    `within` seconds for all of it, else TIMEOUT. Faults: down, slow, refused (it does not know us, or the clocks
    differ), nonsense, and those of single answers.
    """
    try:
        content = call("check", {"questions": [question.as_json() for question in questions]}, within=within)
        answers = _answers(content, len(questions))
    except NoAnswerError as error:
        return [Reply(fault=error.fault)] * len(questions)
    return [_reply(question, answer) for question, answer in zip(questions, answers, strict=True)]


def call(what: str, content: dict[str, Any], *, within: float | None = None) -> Any:
    """Send one signed request to the population side and give its JSON. Raises NoAnswerError.

    `what` is the address below the population side's own, `within` the seconds for all of it, else TIMEOUT.
    """
    try:
        return json.loads(_post(what, content, within or TIMEOUT))
    except httpx.TimeoutException:
        raise NoAnswerError("slow") from None
    except httpx.HTTPStatusError as error:
        raise NoAnswerError("refused" if error.response.is_client_error else "down") from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise NoAnswerError("down") from None
    except (ValueError, RecursionError):
        raise NoAnswerError("nonsense") from None


def _post(what: str, content: dict[str, Any], within: float) -> bytes:
    body = json.dumps(content, ensure_ascii=False).encode()
    signature = sign(body, secret=settings.POPULATION_SECRET, at=clock.now())
    headers = {HEADER: signature, "Content-Type": "application/json"}
    address, until = f"{settings.POPULATION_URL}/{what}", time.monotonic() + within * _READS_UNTIL
    waits = httpx.Timeout(within * _EACH_WAIT)
    # Its address is set on purpose: a proxy that the machine has for the internet is passed by.
    with httpx.stream("POST", address, content=body, headers=headers, timeout=waits, trust_env=False) as response:
        response.raise_for_status()
        return b"".join(_parts(response, until))


def _parts(response: httpx.Response, until: float) -> Iterator[bytes]:
    """The answer piece by piece: one that drips for ever, or has no end, is cut off."""
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > MAX_ANSWER:
            raise ValueError("the answer is too long")
        if time.monotonic() > until:
            raise httpx.ReadTimeout("the answer takes too long")
        yield part


def _answers(content: Any, asked: int) -> list[Any]:
    answers = content.get("answers") if isinstance(content, dict) else None
    if not isinstance(answers, list) or len(answers) != asked:
        raise NoAnswerError("nonsense")  # not one answer for each question
    return answers


def _reply(question: Question, answer: Any) -> Reply:
    """Believe an answer only when it is whole; one that is not spoils no other."""
    if not isinstance(answer, dict):
        return NONSENSE
    reply = believed(answer.get("verdict"), answer.get("fields", {}), answer.get("handle", ""))
    return reply if reply.fault in FAULTS or answer.get("id") == str(question.id) else NONSENSE


def believed(verdict: Any, fields: Any, handle: Any) -> Reply:
    """Believe an answer to a question that was asked, whatever its words are: else it is nonsense."""
    if isinstance(verdict, str) and verdict in FAULTS:
        return Reply(fault=verdict)
    if not isinstance(verdict, str) or not isinstance(handle, str) or not _are_fields(fields):
        return NONSENSE
    return Reply(verdict=verdict, fields=fields, handle=handle) if _is_consistent(verdict, fields, handle) else NONSENSE


def digest(text: str) -> str:
    """SHA-256 of a text that the other side has signed."""
    return hashlib.sha256(text.encode()).hexdigest()


def _are_fields(fields: Any) -> bool:
    return isinstance(fields, dict) and all(
        name in FIELDS and isinstance(kind, str) and kind in KINDS for name, kind in fields.items()
    )


def _is_consistent(verdict: str, fields: dict[str, str], handle: str) -> bool:
    """A handle on right alone, and no field that says otherwise than the verdict."""
    wrong = any(kind not in HARMLESS for kind in fields.values())
    if verdict == "right":
        return 0 < len(handle) <= 64 and not wrong
    return verdict in VERDICTS and not handle and (verdict == "unknown" or wrong)
