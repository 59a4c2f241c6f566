"""What do people say of themselves? Mostly the truth; some of it goes wrong in the shares that the Ministry counted.

The table of 22/3/2022: of 76,625,823 people sent 95.4 % had an identity number; of these 70.4 % were right, 26.0 %
wrong and 3.5 % not checked yet.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tiemchung.cleaning.funnel import NATION_2022
from tiemchung.simulator.residents import Resident
from tiemchung.vietnam.names import fold


class Slip(StrEnum):
    """What went wrong between the person and the record."""

    NONE = "none"
    NO_NUMBER = "no_number"
    ACCENTS_LOST = "accents_lost"
    FIRST_OF_JANUARY = "first_of_january"
    DAY_MONTH_SWAPPED = "day_month_swapped"
    DIGIT_SLIP = "digit_slip"
    CARD_JUST_ISSUED = "card_just_issued"  # the register does not know it yet: nobody said anything wrong


SLIP_WEIGHTS = {
    Slip.ACCENTS_LOST: 4,
    Slip.FIRST_OF_JANUARY: 3,
    Slip.DAY_MONTH_SWAPPED: 2,
    Slip.DIGIT_SLIP: 1,
    Slip.CARD_JUST_ISSUED: 1,
}
# In place of a slip that cannot happen to somebody (no accent to lose, no day to swap): the next that can.
_ALWAYS_POSSIBLE = (Slip.FIRST_OF_JANUARY, Slip.ACCENTS_LOST, Slip.DIGIT_SLIP)


@dataclass(frozen=True)
class Declaration:
    """What is typed or scanned about one resident, and the slip that happened on the way."""

    resident: Resident
    full_name: str
    birth_date: str  # ISO
    sex: str
    number: str
    slip: Slip

    def mended(self) -> "Declaration":
        """The same person as his card has him."""
        return truthful(self.resident)


@dataclass(frozen=True)
class Shares:
    """How many of some people stand where before anything is put right: the table's shares, to the person."""

    without_number: int
    queued: int  # with a number, and not checked yet
    wrong: int  # of the checked
    wrong_of_queued: int

    @classmethod
    def of(cls, people: int) -> "Shares":
        """The shares of so many people."""
        numbered = round(people * NATION_2022.share("with_number"))
        queued, wrong = (round(numbered * NATION_2022.share(name)) for name in ("unchecked", "wrong"))
        return cls(people - numbered, queued, wrong, round(queued * wrong / max(numbered - queued, 1)))


def truthful(resident: Resident) -> Declaration:
    """What a card scan gives: everything right."""
    return Declaration(
        resident, resident.full_name, resident.born.isoformat(), str(resident.sex), resident.number, Slip.NONE
    )


def declared(residents: Sequence[Resident], slips: Sequence[Slip], chance: random.Random) -> list[Declaration]:
    """What each of these residents, or who typed for him, says, in their order; each slip befalls one of them."""
    befallen = [*slips, *[Slip.NONE] * (len(residents) - len(slips))]
    chance.shuffle(befallen)
    return [with_slip(truthful(one), slip, chance) for one, slip in zip(residents, befallen, strict=True)]


def slips(count: int) -> Iterator[Slip]:
    """So many slips, each kind by its weight, to the person: the first hundred of them are a tenth of a thousand."""
    whole, given = sum(SLIP_WEIGHTS.values()), dict.fromkeys(SLIP_WEIGHTS, 0)
    for number in range(1, count + 1):
        owed = max(SLIP_WEIGHTS, key=lambda slip: number * SLIP_WEIGHTS[slip] / whole - given[slip])
        given[owed] += 1
        yield owed


def with_slip(true: Declaration, slip: Slip, chance: random.Random) -> Declaration:
    """Let the slip happen, or the next that can happen to this person."""
    if slip in (Slip.NONE, Slip.CARD_JUST_ISSUED):
        return replace(true, slip=slip)
    for each in (slip, *_ALWAYS_POSSIBLE):
        said = _slipped(true, each, chance)
        if said != true:
            return replace(said, slip=each)
    raise AssertionError("a digit can always be another")


def _slipped(true: Declaration, slip: Slip, chance: random.Random) -> Declaration:
    born = true.resident.born
    changed: dict[Slip, dict[str, str]] = {
        Slip.NO_NUMBER: {"number": ""},
        Slip.ACCENTS_LOST: {"full_name": fold(true.full_name).title()},
        Slip.FIRST_OF_JANUARY: {"birth_date": born.replace(month=1, day=1).isoformat()},
        Slip.DAY_MONTH_SWAPPED: {"birth_date": _swapped(true)},
        Slip.DIGIT_SLIP: {"number": _with_another_digit(true.number, chance)},
    }
    return replace(true, **changed[slip])  # type: ignore[arg-type]


def _swapped(true: Declaration) -> str:
    born = true.resident.born
    return born.replace(month=born.day, day=born.month).isoformat() if born.day <= 12 else true.birth_date


def _with_another_digit(number: str, chance: random.Random) -> str:
    """Another digit among the last six, which no rule checks."""
    place = chance.randrange(6, 12)
    other = str((int(number[place]) + chance.randrange(1, 10)) % 10)
    return number[:place] + other + number[place + 1 :]
