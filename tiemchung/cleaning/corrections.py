"""How does a person read with one field put right? And which value follows from the kind of error by itself?"""

from datetime import date

from tiemchung.cleaning import refusals
from tiemchung.linkage.kinds import DateKind, NameKind, SexKind
from tiemchung.people import personal_qr
from tiemchung.people.models import Person, Sex
from tiemchung.people.restating import restated
from tiemchung.people.statement import Statement
from tiemchung.vietnam.mojibake import repair_mojibake

OTHER_SEX = {Sex.MALE: Sex.FEMALE.value, Sex.FEMALE: Sex.MALE.value}


def statement_with(person: Person, field: str, value: str) -> Statement:
    """The person as he stands, but for one field (number, full_name, birth_date, sex). Raises InvalidInputError.

    Numbers that are not stated anew stay; a phone is not stated.
    """
    if not value.strip():
        raise refusals.value_needed()
    return restated(person, **{"identity_number" if field == "number" else field: value.strip()})


def value_now(person: Person, field: str) -> str:
    """What stands in a field, as a form takes it."""
    if field == "number":
        return personal_qr.number_of(person)
    return personal_qr.born(person).vi if field == "birth_date" else str(getattr(person, field))


def proposal(person: Person, field: str, kind: str) -> str | None:
    """The value that follows from the kind of difference alone, where it does; a person decides whether it is taken."""
    if field == "birth_date" and person.birth_precision == Person.Precision.DAY:
        return _date_proposal(person.birth_date, kind)
    if field == "sex" and kind == SexKind.OTHER:
        return OTHER_SEX.get(Sex(person.sex))
    if field == "full_name" and kind == NameKind.WRONG_ENCODING:
        repaired = repair_mojibake(person.full_name)
        return repaired if repaired != person.full_name else None
    return None


def follows(field: str, kind: str) -> bool:
    """Say whether the right value follows from a kind of difference."""
    return (field, kind) in {
        ("birth_date", DateKind.DAY_MONTH_SWAP),
        ("birth_date", DateKind.CENTURY),
        ("sex", SexKind.OTHER),
        ("full_name", NameKind.WRONG_ENCODING),
    }


def _date_proposal(born: date, kind: str) -> str | None:
    if kind == DateKind.DAY_MONTH_SWAP and born.day <= 12:
        return f"{born.month:02}/{born.day:02}/{born.year}"
    if kind == DateKind.CENTURY:
        return f"{born.day:02}/{born.month:02}/{born.year + (100 if born.year < 1950 else -100)}"
    return None
