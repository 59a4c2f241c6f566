"""How often may be asked? Bounds for whom is asked about, who asks, a number, and against walks (docs/adr/0026).

None of them lets a stranger use up what another may ask: he runs into his own bound first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet, Sum

from tiemchung.population.keyed import keyed
from tiemchung.population.models import Question, RecordsOfBatch

RECORD_A_DAY = 5  # checks of one record, whatever it says, by wire and in batches together
ASKER_A_DAY = 5  # checks of one number by what one account stated
NUMBER_A_DAY = 20  # checks of one number by whomever; four accounts at their bound
# A hundred neighbouring twelve-digit numbers belong to 1.2 people on average and to 9 in the fullest cells (12,000
# births a province, sex and year among a million numbers): nobody asks about so many of them but who walks.
BLOCK_A_DAY = 20  # of them by what one account stated
BLOCK_ALARM = 60  # of them by whomever: three walkers at their bound. It is told and closes nothing.
_BLOCK_DIGITS = 2
_CARD_DIGITS = 12


@dataclass(frozen=True)
class Place:
    """Where a question counts: all hashes, but for the asker's own handles."""

    about: str
    record: str
    asker: str
    block: str

    @classmethod
    def of(cls, number: str, *, record: str, asker: str) -> "Place":
        """The place of a question about a number."""
        block = keyed("block", number[:-_BLOCK_DIGITS]) if len(number) == _CARD_DIGITS else ""
        return cls(keyed(number), record, asker, block)

    def as_columns(self) -> Mapping[str, str]:
        """As the question's row keeps it."""
        return dict(self.__dict__)


def reached(place: Place, now: datetime) -> str:
    """The name of the first bound that a further question would pass; empty where none."""
    recent = Question.objects.filter(asked_at__gt=now - timedelta(days=1))
    number = recent.filter(about=place.about)
    if place.record and recent.filter(record=place.record).count() + _in_batches(place.record, now) >= RECORD_A_DAY:
        return "record"
    # Without a handle of who asks, all such questions are one asker's.
    if (place.asker or not place.record) and number.filter(asker=place.asker).count() >= ASKER_A_DAY:
        return "asker"
    if number.count() >= NUMBER_A_DAY:
        return "number"
    return "walk" if _walks(place, now) else ""


def _in_batches(record: str, now: datetime) -> int:
    asked = RecordsOfBatch.objects.filter(record=record, at__gt=now - timedelta(days=1))
    return int(asked.aggregate(all=Sum("questions"))["all"] or 0)


def alarms(place: Place, now: datetime) -> bool:
    """Say whether so many neighbours were asked about that several must be walking. Whose number it is, is answered."""
    return bool(place.block) and _neighbours(_of_block(place, now)) >= BLOCK_ALARM


def _walks(place: Place, now: datetime) -> bool:
    """Whether this asker walks: what others asked in the hundred, and records asked about before, do not count."""
    if not place.block or (place.record and not place.asker):  # who named no account has the bound of the record alone
        return False
    if place.record and Question.objects.filter(record=place.record, about=place.about).exists():
        return False
    return _neighbours(_of_block(place, now).filter(asker=place.asker)) >= BLOCK_A_DAY


def _of_block(place: Place, now: datetime) -> QuerySet[Question]:
    recent = Question.objects.filter(asked_at__gt=now - timedelta(days=1), block=place.block)
    return recent.exclude(about=place.about)


def _neighbours(questions: QuerySet[Question]) -> int:
    return questions.values("about").distinct().count()
