"""All writes of the population side: the questions that were answered, and the register itself."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction

from tiemchung.ground import clock
from tiemchung.linkage.verdict import Asked, Known
from tiemchung.population import acts, limits, refusals
from tiemchung.population.keyed import keyed
from tiemchung.population.models import Citizen, CitizenNumber, Question, QuestionOfBatch, RegisterChange
from tiemchung.population.verdict import Answer, answer
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.sex import Sex

CARD_DIGITS = 12  # a personal number; an old CMND mostly has nine
TOO_MANY = Answer("too_many")
ANOTHER_QUESTION = Answer("conflict")
_CHANGES = 7_314_002


@transaction.atomic
def ask(*, question_id: UUID, asked: Asked, record: str = "", asker: str = "") -> Answer:
    """Answer one question and remember it. The same question again is answered by the register of now, not counted.

    `record` and `asker` are the health side's own handles of whom it asks about and of who stated it. «too_many» where
    a limit of `limits` is reached in 24 hours; «conflict» for an id that asked something else.
    """
    digest = _digest(asked)
    where = limits.Place.of(asked.number, record=record, asker=asker)
    _one_at_a_time(where.about)
    earlier = Question.objects.filter(pk=question_id).first()
    if earlier:
        return _again(earlier, answer(asked, _known(asked.number))) if earlier.digest == digest else ANOTHER_QUESTION
    limit = limits.reached(where, clock.now())
    if limit:
        acts.note("limit", officer=None, limit=limit, record=record, asker=asker)
        return TOO_MANY
    if limits.alarms(where, clock.now()):
        acts.note("limit", officer=None, limit="walk_of_many", record=record, asker=asker)
    given = answer(asked, _known(asked.number))
    Question.objects.create(
        id=question_id, digest=digest, asked_at=clock.now(), answer=given.as_json(), **where.as_columns()
    )
    return given


def _again(earlier: Question, given: Answer) -> Answer:
    """The asker may have lost the first answer, and takes this one for what the register says today: it must be."""
    if earlier.answer != given.as_json():
        earlier.answer = given.as_json()
        earlier.save(update_fields=["answer"])
    return given


def _one_at_a_time(about: str) -> None:
    """Two questions about one number must not both be the last that is allowed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(about[:15], 16)])


def _known(number: str) -> list[Known]:
    citizens = Citizen.objects.filter(numbers__value=number).prefetch_related("numbers").order_by("id")
    return [known_as(citizen) for citizen in citizens]


def known_as(citizen: Citizen) -> Known:
    """A citizen as the library that compares takes him. Raises ConflictError for one who has no number yet."""
    numbers = _numbers(citizen)
    if not numbers:
        raise refusals.citizen_without_number()
    today, *former = numbers
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
    _note_awaited(rows)
    return len(rows)


def _note_awaited(rows: list[tuple[Citizen, list[str]]]) -> None:
    """Who was answered «wrong» about a number that one more citizen has now may be answered otherwise.

    A number that was «unknown» is told to nobody when it comes to be known (docs/adr/0049): it is asked about again.
    """
    about = {keyed(value): citizen for citizen, values in rows for value in values}
    asked = set(Question.objects.filter(about__in=about, answer__verdict="wrong").values_list("about", flat=True))
    asked |= set(QuestionOfBatch.objects.filter(about__in=about).values_list("about", flat=True))
    for citizen in {about[each].id: about[each] for each in sorted(asked)}.values():
        note_change(citizen=citizen)


def note_change(*, citizen: Citizen) -> None:
    """Write down, inside the transaction of the change, that something of a citizen changed that is compared."""
    with connection.cursor() as cursor:  # changes are numbered in the order in which they become visible
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHANGES])
    RegisterChange.objects.create(citizen=citizen, at=clock.now())
