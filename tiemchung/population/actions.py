"""All writes of the population side: the questions that were answered, and the register itself."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from tiemchung.ground import clock
from tiemchung.linkage.verdict import Asked, Known
from tiemchung.population.keyed import keyed
from tiemchung.population.models import Citizen, CitizenNumber, Question
from tiemchung.population.verdict import Answer, answer
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.sex import Sex

CHECKS_A_DAY = 5
CARD_DIGITS = 12  # a personal number; an old CMND mostly has nine
TOO_MANY = Answer("too_many")
ANOTHER_QUESTION = Answer("conflict")


@transaction.atomic
def ask(*, question_id: UUID, asked: Asked) -> Answer:
    """Answer one question and remember it. The same question again is answered as before and not counted.

    «too_many» after five questions about one number in 24 hours; «conflict» for an id that asked something else.
    """
    digest = _digest(asked)
    about = keyed(asked.number)
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
    citizens = Citizen.objects.filter(numbers__value=number).prefetch_related("numbers").order_by("id")
    return [known_as(citizen) for citizen in citizens]


def known_as(citizen: Citizen) -> Known:
    """A citizen as the library that compares takes him."""
    today, *former = _numbers(citizen)
    return Known(
        handle=keyed(str(citizen.id)),
        full_name=citizen.full_name,
        birth_date=PartialDate.parse(citizen.birth_date),
        sex=read_sex(citizen.sex),
        number=today,
        former_numbers=tuple(former),
    )


def _numbers(citizen: Citizen) -> list[str]:
    """The number of today, then the former ones: twelve digits took the place of nine, whichever was entered first."""
    numbers = sorted(citizen.numbers.all(), key=lambda one: (len(one.value) != CARD_DIGITS, one.id))
    return [one.value for one in numbers]


def read_sex(value: str) -> Sex | None:
    """Read a sex as it is written on the wire and in the register; any other word is not stated."""
    return Sex(value) if value in set(Sex) else None


def _digest(asked: Asked) -> str:
    born = asked.birth_date.iso if asked.birth_date else ""
    return keyed(asked.number, asked.full_name, born, asked.sex or "")


@transaction.atomic
def enrol(citizens: Iterable[tuple[Citizen, list[str]]]) -> int:
    """Put citizens with their numbers, today's first, into the register. Gives how many."""
    rows = list(citizens)
    Citizen.objects.bulk_create([citizen for citizen, _ in rows], batch_size=2000)
    CitizenNumber.objects.bulk_create(
        [CitizenNumber(citizen=citizen, value=value) for citizen, values in rows for value in values], batch_size=2000
    )
    return len(rows)
