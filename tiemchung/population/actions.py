"""All writes of the population side: the questions that were answered, and the register itself."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from tiemchung.ground import clock
from tiemchung.population.models import Citizen, CitizenNumber, Question
from tiemchung.population.verdict import Answer, Asked, Known, answer
from tiemchung.vietnam.dates import PartialDate

CHECKS_A_DAY = 5
TOO_MANY = Answer("too_many")
ANOTHER_QUESTION = Answer("conflict")


@transaction.atomic
def ask(*, question_id: UUID, asked: Asked) -> Answer:
    """Answer one question and remember it. The same question again is answered as before and not counted.

    «too_many» after five questions about one number in 24 hours; «conflict» for an id that asked something else.
    """
    digest = _keyed(asked.number, asked.full_name, asked.birth_date.iso, asked.sex)
    about = _keyed(asked.number)
    _one_at_a_time(about)
    earlier = Question.objects.filter(pk=question_id).first()
    if earlier:
        return Answer(**earlier.answer) if earlier.digest == digest else ANOTHER_QUESTION
    if _asked_today(about) >= CHECKS_A_DAY:
        return TOO_MANY
    given = answer(asked, _known(asked.number))
    Question.objects.create(id=question_id, digest=digest, about=about, asked_at=clock.now(), answer=given.as_json())
    return given


def _one_at_a_time(about: str) -> None:
    """Two questions about one number must not both be the fifth."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(about[:15], 16)])


def _asked_today(about: str) -> int:
    return Question.objects.filter(about=about, asked_at__gt=clock.now() - timedelta(days=1)).count()


def _known(number: str) -> list[Known]:
    numbers = CitizenNumber.objects.filter(value=number).select_related("citizen")
    return [
        Known(
            _keyed(str(one.citizen_id)),
            one.citizen.full_name,
            PartialDate.parse(one.citizen.birth_date),
            one.citizen.sex,
        )
        for one in numbers
    ]


def _keyed(*parts: str) -> str:
    """A hash that only the population side can make: a handle or a digest must not be guessable from a number."""
    message = json.dumps(parts, ensure_ascii=False).encode()
    return hmac.new(settings.POPULATION_KEY.encode(), message, hashlib.sha256).hexdigest()


@transaction.atomic
def enrol(citizens: Iterable[tuple[Citizen, list[str]]]) -> int:
    """Put citizens with their numbers into the register. Gives how many."""
    rows = list(citizens)
    Citizen.objects.bulk_create([citizen for citizen, _ in rows], batch_size=2000)
    CitizenNumber.objects.bulk_create(
        [CitizenNumber(citizen=citizen, value=value) for citizen, values in rows for value in values], batch_size=2000
    )
    return len(rows)
