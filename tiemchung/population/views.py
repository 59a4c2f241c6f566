"""What does the population side answer over the wire? Verdicts, to one known asker."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tiemchung.ground import clock
from tiemchung.ground.signed_request import HEADER, is_genuine
from tiemchung.linkage.verdict import Asked
from tiemchung.population import actions
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError

MAX_QUESTIONS = 500


@csrf_exempt  # no browser and no cookie: the signature stands for the asker
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Answer a batch `{"questions": [{id, number, full_name, birth_date, sex}]}` in its order.

    401 without the asker's signature, 422 when the body cannot be read; a question that cannot be read is
    answered «unreadable» with its field, and spoils no other.
    """
    signature = request.headers.get(HEADER, "")
    if not is_genuine(signature, request.body, secret=settings.POPULATION_SECRET, at=clock.now()):
        return JsonResponse({"code": "not_signed", "field": "signature"}, status=401)
    questions = _questions(request.body)
    if questions is None:
        return JsonResponse({"code": "unreadable", "field": "questions"}, status=422)
    return JsonResponse({"answers": [_answer(question) for question in questions]})


def _questions(body: bytes) -> list[Any] | None:
    try:
        questions = json.loads(body)["questions"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return questions if isinstance(questions, list) and len(questions) <= MAX_QUESTIONS else None


class _UnreadableError(ValueError):
    """A field of a question is absent, of another type, or too long."""


def _answer(question: Any) -> dict[str, object]:
    try:
        question_id, asked = _read(question)
    except (InputError, _UnreadableError) as error:
        field = error.field if isinstance(error, InputError) else str(error)
        return {"verdict": "unreadable", "fields": {field: "unreadable"}}
    return {"id": str(question_id), **actions.ask(question_id=question_id, asked=asked).as_json()}


def _read(question: Any) -> tuple[UUID, Asked]:
    asked = Asked(
        number=_text(question, "number", 12),
        full_name=_text(question, "full_name", 250),
        birth_date=PartialDate.parse(_text(question, "birth_date", 10)),
        sex=actions.read_sex(_text(question, "sex", 7)),
    )
    try:
        return UUID(_text(question, "id", 36)), asked
    except ValueError:
        raise _UnreadableError("id") from None


def _text(question: Any, name: str, limit: int) -> str:
    value = question.get(name) if isinstance(question, dict) else None
    if not isinstance(value, str) or len(value) > limit or not value.isprintable():
        raise _UnreadableError(name)  # half characters and control characters are not printable
    return value
