"""What does the population side answer over the wire? Verdicts and signed notices, to one known asker.

Every word that goes out is written down first, as it goes (`Sent`): who wants to know what ever left can read it there.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tiemchung.ground import clock
from tiemchung.ground.signed_request import HEADER, is_genuine
from tiemchung.linkage.verdict import Asked
from tiemchung.population import actions, actions_records
from tiemchung.population.actions_records import Said
from tiemchung.population.models import Confirmation, Notice, Sent
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError

MAX_QUESTIONS = 500
NUMBER_LENGTH = 60  # as in batches: what is no number of the nation is nobody's, and not unreadable
NOTICES_AT_ONCE = 200
ADDRESS_LENGTH = 250


def _wire(view: Callable[[Any], JsonResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A view that the health side calls; what it is told is written down word for word.

    401 without its signature, of which nothing is written: a stranger is told nothing, and must not fill the store.

    The view gets the parsed body. No browser and no cookie: the signature stands for the asker.
    """

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        signature = request.headers.get(HEADER, "")
        if not is_genuine(signature, request.body, secret=settings.POPULATION_SECRET, at=clock.now()):
            return JsonResponse({"code": "not_signed", "field": "signature"}, status=401)
        response = view(_parsed(request.body))
        Sent.objects.create(at=clock.now(), what=request.path, body=response.content.decode())
        return response

    return csrf_exempt(require_POST(answer))


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


@_wire
def check(content: Any) -> JsonResponse:
    """Answer a batch `{"questions": [{id, number, full_name, birth_date, sex, record, asker}]}` in its order.

    `record` and `asker` are the health side's own handles of whom it asks about and of who stated it; they may be left
    out.

    422 when the body cannot be read; a question that cannot be read is answered «unreadable» with its field, and
    spoils no other.
    """
    questions = _rows(content, "questions")
    if questions is None:
        return JsonResponse({"code": "unreadable", "field": "questions"}, status=422)
    return JsonResponse({"answers": [_answer(question) for question in questions]})


@_wire
def confirmations(content: Any) -> JsonResponse:
    """Take records for commune police, each with the one `field` in doubt.

    `{"records": [{id, commune, field, number, full_name, birth_date, sex, address}], "withdrawn": [id]}`: about those
    withdrawn no answer is needed any more. Each record is answered «taken», «conflict» or «unreadable» with its field.
    """
    records, withdrawn = _rows(content, "records"), _rows(content, "withdrawn", optional=True)
    if records is None or withdrawn is None:
        return JsonResponse({"code": "unreadable", "field": "records"}, status=422)
    answers = [_received(record) for record in records]
    actions_records.withdraw(ids=[one for one in map(_uuid_or_none, withdrawn) if one])
    return JsonResponse({"answers": answers})


@_wire
def notices(content: Any) -> JsonResponse:
    """Give the signed notices after a number: `{"after": 17}`, at most 200, in their order."""
    after = content.get("after") if isinstance(content, dict) else None
    if not isinstance(after, int) or not 0 <= after < 2**63:
        return JsonResponse({"code": "unreadable", "field": "after"}, status=422)
    found = Notice.objects.filter(id__gt=after).order_by("id")[:NOTICES_AT_ONCE]
    told = [{"number": one.id, "body": one.body, "signature": one.signature, "key": one.key} for one in found]
    return JsonResponse({"notices": told})


def _rows(content: Any, name: str, *, optional: bool = False) -> list[Any] | None:
    rows = content.get(name, [] if optional else None) if isinstance(content, dict) else None
    return rows if isinstance(rows, list) and len(rows) <= MAX_QUESTIONS else None


class _UnreadableError(ValueError):
    """A field of a question is absent, of another type, or too long."""


def _answer(question: Any) -> dict[str, object]:
    try:
        question_id, asked = _read(question)
        handles = {name: _handle(question, name) for name in ("record", "asker")}
    except (InputError, _UnreadableError) as error:
        field = error.field if isinstance(error, InputError) else str(error)
        return {"verdict": "unreadable", "fields": {field: "unreadable"}}
    return {"id": str(question_id), **actions.ask(question_id=question_id, asked=asked, **handles).as_json()}


def _read(question: Any) -> tuple[UUID, Asked]:
    asked = Asked(
        number=_text(question, "number", NUMBER_LENGTH),
        full_name=_text(question, "full_name", 250),
        birth_date=PartialDate.parse(_text(question, "birth_date", 10)),
        sex=actions.read_sex(_text(question, "sex", 7)),
    )
    try:
        return UUID(_text(question, "id", 36)), asked
    except ValueError:
        raise _UnreadableError("id") from None


def _handle(question: Any, name: str) -> str:
    """A handle of the asker's own; he may leave it out, and is bounded the more narrowly."""
    return _text(question, name, 64) if question.get(name) is not None else ""


def _received(record: Any) -> dict[str, object]:
    try:
        said = _read_record(record)
    except _UnreadableError as error:
        return {"answer": "unreadable", "field": str(error)}
    return {"id": str(said.id), "answer": actions_records.receive(said=said)}


def _read_record(record: Any) -> Said:
    said = {
        "commune_code": _text(record, "commune", 5),
        "number": _text(record, "number", 12),
        "full_name": _text(record, "full_name", 250),
        "birth_date": _text(record, "birth_date", 10),
        "sex": _text(record, "sex", 7),
        "address": _text(record, "address", ADDRESS_LENGTH),
        "field": _text(record, "field", 10),
    }
    record_id = _uuid_or_none(record.get("id"))
    if record_id is None:
        raise _UnreadableError("id")
    if not actions_records.is_commune(said["commune_code"]):
        raise _UnreadableError("commune")
    if said["field"] not in Confirmation.Field.values:
        raise _UnreadableError("field")
    return Said(id=record_id, **said)


def _uuid_or_none(text: Any) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _text(question: Any, name: str, limit: int) -> str:
    value = question.get(name) if isinstance(question, dict) else None
    if not isinstance(value, str) or len(value) > limit or not value.isprintable():
        raise _UnreadableError(name)  # half characters and control characters are not printable
    return value
