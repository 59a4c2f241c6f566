"""A sentence in both languages."""

from typing import NamedTuple


class Text(NamedTuple):
    """The same sentence in Vietnamese and English."""

    vi: str
    en: str

    def __add__(self, other: object) -> "Text":
        """Join two sentences with a space."""
        if not isinstance(other, Text):
            return NotImplemented
        return Text(f"{self.vi} {other.vi}".strip(), f"{self.en} {other.en}".strip())

    def to_json(self) -> dict[str, str]:
        """Give the pair as the command line prints it."""
        return {"vi": self.vi, "en": self.en}


EMPTY = Text("", "")
