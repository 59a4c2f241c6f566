"""What can be said of what somebody wrote without asking any register: contradictions, and repairs to propose."""

from collections.abc import Iterator
from dataclasses import dataclass

from tiemchung.linkage.edits import replaced, transposed
from tiemchung.linkage.keyboard import known_words, readings
from tiemchung.linkage.kinds import DateKind, Kind, NameKind, NumberKind, SexKind
from tiemchung.linkage.number_kinds import form_kind
from tiemchung.linkage.verdict import Asked, FieldVerdict, states_older_person
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.identity_numbers import IdentityNumber
from tiemchung.vietnam.mojibake import repair_mojibake
from tiemchung.vietnam.name_tokens import words_lacking_diacritics
from tiemchung.vietnam.names import clean, match_key


@dataclass(frozen=True, slots=True)
class Proposal:
    """A repair for a person to accept, never to be taken silently: the field, its new value, and why."""

    field: str
    kind: Kind
    value: str


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What does not fit within what was written, and what may repair it; both empty where all fits."""

    findings: tuple[FieldVerdict, ...]
    proposals: tuple[Proposal, ...]


def self_check(asked: Asked) -> SelfCheck:
    """Check form and self-consistency of what was written; looks into no register and never raises."""
    proposals = (*_number_proposals(asked), *_name_proposals(asked.full_name), *_by_number_proposals(asked))
    kinds: tuple[tuple[str, Kind | None], ...] = (
        ("number", form_kind(asked.number) or _contradiction(asked)),
        ("full_name", _name_finding(asked.full_name)),
        ("birth_date", _date_finding(asked.birth_date)),
        ("sex", SexKind.MISSING if asked.sex is None else None),
    )
    findings = tuple(FieldVerdict.of(field, kind) for field, kind in kinds if kind is not None)
    return SelfCheck(findings, proposals)


def contradicts(asked: Asked) -> tuple[bool, bool]:
    """Whether the number states another sex, and whether it states another birth year, than is written."""
    number = _parsed(asked.number)
    if number is None:
        return False, False
    sex, year = number.sex, number.birth_year
    other_sex = sex is not None and asked.sex is not None and sex is not asked.sex
    return other_sex, year is not None and asked.birth_date is not None and year != asked.birth_date.year


def _contradiction(asked: Asked) -> NumberKind | None:
    if states_older_person(asked):
        return NumberKind.PARENTS_NUMBER
    return NumberKind.UNKNOWN if all(contradicts(asked)) else None


def _parsed(written: str) -> IdentityNumber | None:
    try:
        return IdentityNumber.parse(written)
    except InputError:
        return None


def _number_proposals(asked: Asked) -> Iterator[Proposal]:
    try:
        IdentityNumber.parse(asked.number)
    except InputError as error:
        if error.suggestion:
            yield Proposal("number", form_kind(asked.number) or NumberKind.MALFORMED, error.suggestion)


def _name_proposals(name: str) -> Iterator[Proposal]:
    if (repaired := repair_mojibake(name)) != name:
        yield Proposal("full_name", NameKind.WRONG_ENCODING, clean(repaired))
    yield from (Proposal("full_name", NameKind.TYPING_RESIDUE, reading) for reading in _likely_readings(name))


def _likely_readings(name: str) -> tuple[str, ...]:
    """Readings whose every word is a known name word, for a text of which some word is none."""
    if all(match_key(word) in known_words() for word in name.split()):
        return ()
    return tuple(each for each in readings(name) if all(match_key(word) in known_words() for word in each.split()))


def _name_finding(name: str) -> NameKind | None:
    words = clean(name).split()
    if not words:
        return NameKind.MISSING
    if repair_mojibake(name) != name:
        return NameKind.WRONG_ENCODING
    if _likely_readings(name):
        return NameKind.TYPING_RESIDUE
    # Y and H' begin names of the Central Highlands; any other lone letter is an abbreviation.
    if any(len(word.rstrip(".")) == 1 and word.rstrip(".") not in "Yy" for word in words):
        return NameKind.INITIALS
    if words_lacking_diacritics(name):
        return NameKind.ACCENTS_LOST if name.isascii() else NameKind.ACCENTS_PARTLY_LOST
    return None


def _date_finding(day: PartialDate | None) -> DateKind | None:
    if day is None:
        return DateKind.MISSING
    if day.month is None:
        return DateKind.YEAR_ONLY
    return DateKind.FIRST_OF_JANUARY if (day.day, day.month) == (1, 1) else None


def _by_number_proposals(asked: Asked) -> Iterator[Proposal]:
    """Take year or sex from the number where only one of them contradicts it; two contradictions blame the number."""
    other_sex, other_year = contradicts(asked)
    number = _parsed(asked.number)
    if number is None or other_sex == other_year:
        return
    if other_sex and number.sex is not None:
        yield Proposal("sex", SexKind.OTHER, number.sex.value)
    if other_year and asked.birth_date is not None and number.birth_year is not None:
        yield from _year_proposals(asked.birth_date, number.birth_year)


def _year_proposals(written: PartialDate, stated: int) -> Iterator[Proposal]:
    kind = _year_slip(written.year, stated)
    if kind is None:
        return
    try:
        yield Proposal("birth_date", kind, PartialDate(stated, written.month, written.day).iso)
    except InputError:
        return  # 29 February of a year that has none: the slip lies elsewhere


def _year_slip(written: int, stated: int) -> DateKind | None:
    by_distance = {1: DateKind.YEAR_OFF_BY_ONE, 10: DateKind.YEAR_OFF_BY_TEN, 100: DateKind.CENTURY}
    if (kind := by_distance.get(abs(written - stated))) is not None:
        return kind
    if transposed(str(written), str(stated)):
        return DateKind.TRANSPOSED_DIGITS
    return DateKind.DIGIT_SLIP if replaced(str(written), str(stated)) else None
