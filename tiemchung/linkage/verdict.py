"""Are number, name, birth date and sex those of one known person; if not, which field differs, why, and what cures it?

Pure: the caller brings the known people who have the number. A judgement never holds a known value, but for some
kinds (day and month swapped) the kind tells it: so staff in scope see kinds, the holder sees only field and cure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

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


def judge(asked: Asked, known: Known | None) -> Judgement:
    """Compare what is asked with one known person, for eyes on the register's own side.

    Tells another person's number and a parent's number apart from an unknown one. What goes out is `outward` of it.
    """
    if known is None:
        return _not_found(asked, form_kind(asked.number) or NumberKind.UNKNOWN)
    kinds = compare(asked, known)
    if _is_somebody_else(kinds):
        return _not_found(asked, _whose_number(asked, known))
    fields = {name: FieldVerdict.of(name, kind) for name, kind in kinds.items()}
    if all(one.right for one in fields.values()):
        return Judgement(Verdict.RIGHT, fields, known.handle)
    return Judgement(Verdict.WRONG, fields, inside_only=_tells_too_much(kinds, asked, known))


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
    if judgement.verdict is not Verdict.UNKNOWN and not judgement.inside_only:
        return judgement
    kind = form_kind(asked.number) or (NumberKind.PARENTS_NUMBER if states_older_person(asked) else NumberKind.UNKNOWN)
    return _not_found(asked, kind)


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


def _not_found(asked: Asked, kind: NumberKind) -> Judgement:
    fields = {"number": FieldVerdict.of("number", kind)}
    if not fold(asked.full_name):
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


def _tells_too_much(kinds: Mapping[str, Kind], asked: Asked, known: Known) -> bool:
    """Whether names or birth dates could be drawn out of the register guess by guess (docs/adr/0007).

    Anything but the whole name, however written, is answered only to who has the birth date right and two words of it.
    """
    if kinds["full_name"] in WHOLE_NAME:
        return False
    return kinds["birth_date"] not in HARMLESS or words_agreeing(asked.full_name, known.full_name) < 2


# In these every word of the name is known to the asker; a kind that is not among them might draw a name out.
WHOLE_NAME: frozenset[Kind] = HARMLESS | {
    *(NameKind.Y_OR_I, NameKind.ACCENTS_LOST, NameKind.ACCENTS_PARTLY_LOST, NameKind.ACCENTS_DIFFER),
    *(NameKind.TYPING_RESIDUE, NameKind.WRONG_ENCODING, NameKind.SPACING, NameKind.ORDER),
}


def _whose_number(asked: Asked, known: Known) -> NumberKind:
    if asked.birth_date is None or asked.birth_date.year - known.birth_date.year < PARENT_YEARS:
        return NumberKind.OTHER_PERSONS_NUMBER
    same_family = fold(split_name(asked.full_name).family) == fold(split_name(known.full_name).family) != ""
    return NumberKind.PARENTS_NUMBER if same_family else NumberKind.OTHER_PERSONS_NUMBER


_UNSURE_NUMBER_KINDS = {NumberKind.PARENTS_NUMBER, NumberKind.LOST_ZERO, NumberKind.LETTERS_FOR_DIGITS}


def _is_certain(kind: Kind) -> bool:
    if isinstance(kind, NameKind):
        return kind in CERTAIN_NAME_KINDS
    if isinstance(kind, DateKind):
        return kind in CERTAIN_DATE_KINDS
    return kind not in _UNSURE_NUMBER_KINDS
