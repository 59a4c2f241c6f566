"""How often may be asked? Bounds for whom is asked about, who asks, a number, and against walks (docs/adr/0026).

None of them lets a stranger use up what another may ask: he runs into his own bound first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tiemchung.population.keyed import keyed
from tiemchung.population.models import Question

RECORD_A_DAY = 5  # checks of one record, whatever it says
ASKER_A_DAY = 5  # checks of one number by what one account stated
NUMBER_A_DAY = 20  # checks of one number by whomever; four accounts at their bound
# A hundred neighbouring twelve-digit numbers belong to 1.2 people on average and to 9 in the fullest cells (12,000
# births a province, sex and year among a million numbers): nobody asks about so many of them but who walks.
BLOCK_A_DAY = 20
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
    if place.record and recent.filter(record=place.record).count() >= RECORD_A_DAY:
        return "record"
    # Without a handle of who asks, all such questions are one asker's.
    if (place.asker or not place.record) and number.filter(asker=place.asker).count() >= ASKER_A_DAY:
        return "asker"
    if number.count() >= NUMBER_A_DAY:
        return "number"
    return "walk" if place.block and _walks(place, now) else ""


def _walks(place: Place, now: datetime) -> bool:
    others = Question.objects.filter(asked_at__gt=now - timedelta(days=1), block=place.block).exclude(about=place.about)
    return others.values("about").distinct().count() >= BLOCK_A_DAY
