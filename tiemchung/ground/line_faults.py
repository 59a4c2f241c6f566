"""What is wrong with a line of a list that somebody sends in."""

from dataclasses import dataclass

from tiemchung.ground.errors import RefusedError
from tiemchung.vietnam.errors import InputError


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line is not taken in: its number, the column to mend, reason and cure."""

    line: int
    column: str
    vi: str
    en: str

    @classmethod
    def of(cls, line: int, error: RefusedError | InputError, column: str = "") -> "Fault":
        """Give the fault of a line from what was said of it; `column` where that names no column of the list."""
        return cls(line, column or error.field, error.vi, error.en)
