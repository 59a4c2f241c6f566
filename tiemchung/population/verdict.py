"""What is answered over the wire? The library names each difference; here stands what of it may be said.

The rule of what may be said (docs/adr/0007): a field is right, or wrong with the kind of difference; a number that
plainly belongs to somebody else reads the same as a number that nobody has.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tiemchung.linkage import verdict as linkage
from tiemchung.linkage.verdict import Asked, Known, Verdict


@dataclass(frozen=True)
class Answer:
    """The verdict; a handle only on right; the kind of difference of each wrong field, never its value."""

    verdict: str
    fields: dict[str, str] = field(default_factory=dict)  # field → right, or the kind of difference
    handle: str = ""

    def as_json(self) -> dict[str, object]:
        """As it goes over the wire and into the store."""
        return {"verdict": self.verdict, "fields": self.fields, "handle": self.handle}


NOBODY = Answer(Verdict.UNKNOWN.value)


def answer(asked: Asked, known: Iterable[Known]) -> Answer:
    """Give the verdict about those who have the number; that of two citizens is right for the one whom all fits."""
    judgement = linkage.answer(asked, known)
    if judgement.verdict is Verdict.UNKNOWN:
        return NOBODY
    return Answer(judgement.verdict.value, judgement.kinds, judgement.handle)
