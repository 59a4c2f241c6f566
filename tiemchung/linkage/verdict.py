"""Are number, name, birth date and sex those of one known person; if not, which field differs, why, and what cures it?

Pure: the caller brings the known people who have the number. A judgement never holds a known value, but for some
kinds (day and month swapped) the kind tells it: so staff in scope see kinds, the holder sees only field and cure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from tiemchung.linkage.date_kinds import CERTAIN_DATE_KINDS, date_kind
from tiemchung.linkage.kinds import HARMLESS, DateKind, Kind, NameKind, NumberKind, SexKind
from tiemchung.linkage.name_kinds import CERTAIN_NAME_KINDS, name_kind, words_agreeing
from tiemchung.linkage.number_kinds import form_kind, number_kind
from tiemchung.linkage.wording import say
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.identity_numbers import IdentityNumber
from tiemchung.vietnam.names import fold, split_name
from tiemchung.vietnam.sex import Sex

# A card is issued from 14 on; someone so much older who bears the same family name is most likely a parent.
PARENT_YEARS = 14
WORDS_KNOWN = 2  # words of a name that the asker must have right to be told of the others


class Verdict(StrEnum):
    """The verdict of a population check."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody says of a person, as written; what he does not say is empty or None."""

    number: str
    full_name: str
    birth_date: PartialDate | None
    sex: Sex | None


@dataclass(frozen=True, slots=True)
class Known:
    """What a register knows of a person: `number` is the one of today, `former_numbers` those before it."""

    handle: str
    full_name: str
    birth_date: PartialDate
    sex: Sex | None
    number: str = ""
    former_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldVerdict:
    """What is to say of one field: the kind for staff, the sentences for the holder.

    `certain` is False where the kind is only the likeliest of several causes.
    """

    field: str
    kind: Kind
    certain: bool
    vi: str
    en: str

    @classmethod
    def of(cls, field: str, kind: Kind) -> "FieldVerdict":
        """Make the verdict of a field by its kind."""
        return cls(field, kind, _is_certain(kind), *say(field, kind))

    @property
    def right(self) -> bool:
        """Whether the field holds no difference of fact."""
        return self.kind in HARMLESS


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict of a population check and its fields (number, full_name, birth_date, sex); a handle only on right.

    `inside_only` is set where the fields would tell more than the asker has shown to know.
    """

    verdict: Verdict
    fields: Mapping[str, FieldVerdict] = field(default_factory=dict)
    handle: str = ""
    inside_only: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", MappingProxyType(dict(self.fields)))

    @property
    def kinds(self) -> dict[str, str]:
        """Field → kind, for staff in scope."""
        return {name: one.kind.value for name, one in self.fields.items()}

    @property
    def wrong_fields(self) -> tuple[FieldVerdict, ...]:
        """The fields that need a cure."""
        return tuple(one for one in self.fields.values() if not one.right)


class Facts(Protocol):
    """What a judgement rests on besides the kinds: of the record by itself, and of the record beside a known person."""

    @property
    def form(self) -> NumberKind | None:
        """What is wrong with the form of the number; None where it can be one."""

    @property
    def states_older(self) -> bool:
        """Whether the number itself states a birth at least 14 years before the birth date given with it."""

    @property
    def nameless(self) -> bool:
        """Whether no name is written."""

    @property
    def two_words(self) -> bool:
        """Whether at least two words of the names agree."""

    @property
    def parents_number(self) -> bool:
        """Whether the known person has the same family name and was born at least 14 years earlier."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """The facts of one record and one known person, each worked out only when it is needed."""

    asked: Asked
    known: Known | None

    @property
    def form(self) -> NumberKind | None:
        return form_kind(self.asked.number)

    @property
    def states_older(self) -> bool:
        return states_older_person(self.asked)

    @property
    def nameless(self) -> bool:
        return not fold(self.asked.full_name)

    @property
    def two_words(self) -> bool:
        return self.known is not None and words_agreeing(self.asked.full_name, self.known.full_name) >= WORDS_KNOWN

    @property
    def parents_number(self) -> bool:
        if self.known is None or self.asked.birth_date is None:
            return False
        younger = self.asked.birth_date.year - self.known.birth_date.year >= PARENT_YEARS
        return younger and same_family(self.asked.full_name, self.known.full_name)


def judge(asked: Asked, known: Known | None) -> Judgement:
    """Compare what is asked with one known person, for eyes on the register's own side.

    Tells another person's number and a parent's number apart from an unknown one. What goes out is `outward` of it.
    """
    facts = _Compared(asked, known)
    if known is None:
        return judge_kinds(None, facts)
    return judge_kinds(compare(asked, known), facts, known.handle)


def judge_kinds(kinds: Mapping[str, Kind] | None, facts: Facts, handle: str = "") -> Judgement:
    """Judge by the kinds of all fields and the facts; no kinds where nobody has the number."""
    if kinds is None:
        return _not_found(facts, facts.form or NumberKind.UNKNOWN)
    if _is_somebody_else(kinds):
        return _not_found(facts, NumberKind.PARENTS_NUMBER if facts.parents_number else NumberKind.OTHER_PERSONS_NUMBER)
    fields = {name: FieldVerdict.of(name, kind) for name, kind in kinds.items()}
    if all(one.right for one in fields.values()):
        return Judgement(Verdict.RIGHT, fields, handle)
    return Judgement(Verdict.WRONG, fields, inside_only=_tells_too_much(kinds, facts))


def compare(asked: Asked, known: Known) -> dict[str, Kind]:
    """Name the difference of each field, whoever they are; a known person without number has the one asked for."""
    number = number_kind(asked.number, known.number, known.former_numbers) if known.number else NumberKind.RIGHT
    return {
        "number": number,
        "full_name": name_kind(asked.full_name, known.full_name),
        "birth_date": date_kind(asked.birth_date, known.birth_date),
        "sex": _sex_kind(asked.sex, known.sex),
    }


def outward(judgement: Judgement, asked: Asked) -> Judgement:
    """Give what may leave the register's side: another person's number reads the same as one that nobody has.

    That it looks like a parent's is said only where the number's own digits say so, whoever has it or has it not.
    """
    return outward_by(judgement, _Compared(asked, None))


def outward_by(judgement: Judgement, facts: Facts) -> Judgement:
    """Give what may leave the register's side, by the facts of the record itself."""
    if judgement.verdict is not Verdict.UNKNOWN and not judgement.inside_only:
        return judgement
    return _not_found(facts, facts.form or (NumberKind.PARENTS_NUMBER if facts.states_older else NumberKind.UNKNOWN))


def answer(asked: Asked, known: Iterable[Known]) -> Judgement:
    """Judge against all who have the number, and give what may go out.

    A number of two people is right for the one whom all fields fit, else unknown.
    """
    judged = [judge(asked, one) for one in known]
    right = [one for one in judged if one.verdict is Verdict.RIGHT]
    if len(right) == 1:
        return right[0]
    alone = judged[0] if len(judged) == 1 else judge(asked, None)
    return outward(alone, asked)


def states_older_person(asked: Asked) -> bool:
    """Whether the number itself states a birth at least 14 years before the birth date given with it."""
    try:
        stated = IdentityNumber.parse(asked.number).birth_year
    except InputError:
        return False
    return stated is not None and asked.birth_date is not None and asked.birth_date.year - stated >= PARENT_YEARS


def same_family(one: str, other: str) -> bool:
    """Whether two names have the same family name, diacritics set aside."""
    return fold(split_name(one).family) == fold(split_name(other).family) != ""


def _not_found(facts: Facts, kind: NumberKind) -> Judgement:
    fields = {"number": FieldVerdict.of("number", kind)}
    if facts.nameless:
        fields["full_name"] = FieldVerdict.of("full_name", NameKind.MISSING)
    return Judgement(Verdict.UNKNOWN, fields)


def _sex_kind(asked: Sex | None, known: Sex | None) -> SexKind:
    if asked is None:
        return SexKind.MISSING
    return SexKind.RIGHT if known in (None, asked) else SexKind.OTHER


def _is_somebody_else(kinds: Mapping[str, Kind]) -> bool:
    """A wholly other name; or an unlike name and an unlike birth date; or two of three fields far off."""
    name, birth, sex = kinds["full_name"], kinds["birth_date"], kinds["sex"]
    if name is NameKind.OTHER or (name not in HARMLESS and birth is DateKind.OTHER):
        return True
    far = (
        name in (NameKind.PART_DIFFERS, NameKind.NICKNAME),
        birth in (DateKind.OTHER, DateKind.ONLY_YEAR_AGREES),
        sex is SexKind.OTHER,
    )
    return sum(far) > 1


def _tells_too_much(kinds: Mapping[str, Kind], facts: Facts) -> bool:
    """Whether names or birth dates could be drawn out of the register guess by guess (docs/adr/0007).

    Anything but the whole name, however written, is answered only to who has the birth date right and two words of it.
    """
    if kinds["full_name"] in WHOLE_NAME:
        return False
    return kinds["birth_date"] not in HARMLESS or not facts.two_words


# In these every word of the name is known to the asker; a kind that is not among them might draw a name out.
WHOLE_NAME: frozenset[Kind] = HARMLESS | {
    *(NameKind.Y_OR_I, NameKind.ACCENTS_LOST, NameKind.ACCENTS_PARTLY_LOST, NameKind.ACCENTS_DIFFER),
    *(NameKind.TYPING_RESIDUE, NameKind.WRONG_ENCODING, NameKind.SPACING, NameKind.ORDER),
}


_UNSURE_NUMBER_KINDS = {NumberKind.PARENTS_NUMBER, NumberKind.LOST_ZERO, NumberKind.LETTERS_FOR_DIGITS}


def _is_certain(kind: Kind) -> bool:
    if isinstance(kind, NameKind):
        return kind in CERTAIN_NAME_KINDS
    if isinstance(kind, DateKind):
        return kind in CERTAIN_DATE_KINDS
    return kind not in _UNSURE_NUMBER_KINDS
