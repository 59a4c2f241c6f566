"""What is a lot's number? Letters and digits as on the vial, written one way."""

import re
from dataclasses import dataclass

from tiemchung.ground.errors import InvalidInputError

_WRITTEN = re.compile(r"[0-9A-Z][0-9A-Z./-]{1,28}[0-9A-Z]")


@dataclass(frozen=True, slots=True)
class LotNumber:
    """A lot number in capitals and without spaces, 3 to 30 characters."""

    value: str

    def __post_init__(self) -> None:
        if not _WRITTEN.fullmatch(self.value):
            raise InvalidInputError(
                "lot_number_unreadable",
                field="lot_number",
                vi="Số lô gồm 3 đến 30 chữ cái và chữ số. Gõ lại như trên lọ.",
                en="A lot number has 3 to 30 letters and digits. Type it as on the vial.",
            )

    @classmethod
    def read(cls, text: str) -> "LotNumber":
        """Read a number as somebody typed it. Raises InvalidInputError when it can be no lot number."""
        return cls("".join(text.split()).upper())

    def __str__(self) -> str:
        return self.value
