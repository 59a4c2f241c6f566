"""What is answered over the wire? The library names each difference; here stands what of it may be said.

The rule of what may be said (docs/adr/0007): a field is right, or wrong with the kind of difference; a number that
plainly belongs to somebody else reads the same as a number that nobody has.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tiemchung.linkage import verdict as linkage
from tiemchung.linkage.kinds import HARMLESS, DateKind, Kind, NameKind
from tiemchung.linkage.name_kinds import words_agreeing
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
# In these every word of the name is known to the asker; a kind that is not among them might draw a name out.
WHOLE_NAME: frozenset[Kind] = HARMLESS | {
    *(NameKind.Y_OR_I, NameKind.ACCENTS_LOST, NameKind.ACCENTS_PARTLY_LOST, NameKind.ACCENTS_DIFFER),
    *(NameKind.TYPING_RESIDUE, NameKind.WRONG_ENCODING, NameKind.SPACING, NameKind.ORDER),
}


def answer(asked: Asked, known: Iterable[Known]) -> Answer:
    """Give the verdict about those who have the number; that of two citizens is right for the one whom all fits."""
    everybody = list(known)
    judgement = linkage.answer(asked, everybody)
    if judgement.verdict is Verdict.UNKNOWN:
        return NOBODY
    if judgement.verdict is Verdict.WRONG and not _may_be_told(judgement, asked, everybody[0]):
        return NOBODY
    return Answer(judgement.verdict.value, judgement.kinds, judgement.handle)


def _may_be_told(judgement: linkage.Judgement, asked: Asked, known: Known) -> bool:
    """Whether the asker knows the whole name, or the birth date and two words of it: nobody may guess word by word."""
    if judgement.fields["full_name"].kind in WHOLE_NAME:
        return True
    born_right = judgement.fields["birth_date"].kind is DateKind.RIGHT
    return born_right and words_agreeing(asked.full_name, known.full_name) > 1
