"""By which words may a record be found in the register? The parameters of `queries/candidates.sql`."""

from functools import cache
from itertools import chain
from typing import Any

from tiemchung.population.models import Confirmation
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.names import fold

MOST = 200  # citizens that are weighed for one record
SERIAL = 6  # last digits of a number, which no rule ties to anything
_NUMBER_LENGTHS = (9, 12)


def keys(record: Confirmation, born: PartialDate | None) -> dict[str, Any]:
    """The keys of a record, its birth date read as far as it can be."""
    words = fold(record.full_name).split()
    letters, plain = alphabet()
    return {
        "commune": record.commune_code,
        "letters": letters,
        "plain": plain,
        "words": sorted(words),
        "given": words[-1] if words else "",
        "births": _births(born),
        "year": f"{born.year:04}" if born else "",
        "near": near(record.number),
        "serial": record.number[-SERIAL:] if len(record.number) > SERIAL else "",
        "limit": MOST,
    }


def near(number: str) -> list[str]:
    """A number and all that one slip of a digit makes of it, or one digit lost or too many, if they can be numbers."""
    if not number.isdecimal():
        return [number] if number else []
    cut = {(number[:place], number[place:]) for place in range(len(number) + 1)}
    made = chain(
        (head + digit + tail[1:] for head, tail in cut if tail for digit in "0123456789"),
        (head + tail[1] + tail[0] + tail[2:] for head, tail in cut if len(tail) > 1),
        (head + digit + tail for head, tail in cut for digit in "0123456789"),
        (head + tail[1:] for head, tail in cut if tail),
    )
    return sorted({number, *(each for each in made if len(each) in _NUMBER_LENGTHS)})


@cache
def alphabet() -> tuple[str, str]:
    """The letters with marks of Latin script, and what each is without; apostrophes at the end, which are dropped."""
    marked = [chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))]
    plain = {letter: fold(letter) for letter in marked}
    single = {letter: found for letter, found in plain.items() if len(found) == 1 and found.isascii()}
    return "".join(single) + "-'’ʼ", "".join(single.values()) + " "


def _births(born: PartialDate | None) -> list[str]:
    """The birth date, and with day and month changed over."""
    if born is None:
        return []
    if born.day is None or born.month is None or born.day > 12:
        return [born.iso]
    return [born.iso, PartialDate(born.year, born.day, born.month).iso]
