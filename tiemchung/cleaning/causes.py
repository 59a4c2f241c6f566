"""Why is a record not right? The field and the kind of difference, and the Ministry's three classes of them.

2262/BYT-CNTT of 4 May 2022: no number; a number of the wrong form; wrong basic information (number, name, birth date,
sex). A cause is for staff in scope: the kind may tell the known value (day and month swapped).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from tiemchung.linkage.kinds import DateKind, Kind, NameKind, NumberKind, SexKind

TABLE = Path(__file__).with_name("kinds.yaml")
_KINDS: dict[str, Callable[[str], Kind]] = {
    "number": NumberKind,
    "full_name": NameKind,
    "birth_date": DateKind,
    "sex": SexKind,
}
FIELDS = tuple(_KINDS)


class ErrorClass(StrEnum):
    """The Ministry's classes."""

    NO_NUMBER = "no_number"
    MALFORMED_NUMBER = "malformed_number"
    WRONG_INFORMATION = "wrong_information"


OF_FORM = frozenset(
    {
        *(NumberKind.LOST_ZERO, NumberKind.MISSING_DIGITS, NumberKind.EXTRA_DIGITS, NumberKind.LETTERS_FOR_DIGITS),
        *(NumberKind.SPREADSHEET, NumberKind.HEALTH_INSURANCE, NumberKind.PLACEHOLDER, NumberKind.MALFORMED),
    }
)


@dataclass(frozen=True)
class Words:
    """What staff read of a kind, in both languages."""

    vi: str
    en: str


def error_class(field: str, kind: str) -> ErrorClass:
    """The Ministry's class of a cause."""
    if field == "number" and kind == NumberKind.MISSING:
        return ErrorClass.NO_NUMBER
    if field == "number" and kind in OF_FORM:
        return ErrorClass.MALFORMED_NUMBER
    return ErrorClass.WRONG_INFORMATION


def words(field: str, kind: str) -> Words:
    """What staff read: «Ngày và tháng đổi chỗ»."""
    table = _table()
    return table.get((field, kind)) or table[field, "general"]


def kind_of(field: str, kind: str) -> Kind:
    """The kind as the library that names it has it. Raises ValueError for a word that is no kind of the field."""
    return _KINDS[field](kind)


@cache
def _table() -> dict[tuple[str, str], Words]:
    read = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {(field, kind): Words(*pair) for field, kinds in read.items() for kind, pair in kinds.items()}
