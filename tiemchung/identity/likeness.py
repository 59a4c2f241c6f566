"""How alike are two records? Their fields compared as the population check does, and what else they share.

Evidence holds codes and bits, never a value: it may be kept, logged and shown to staff in scope.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import yaml

from tiemchung.ground import sql
from tiemchung.identity.models import Duplicate
from tiemchung.linkage.evidence import Veto, weigh
from tiemchung.linkage.number_kinds import slip_kind
from tiemchung.linkage.verdict import Asked, Known
from tiemchung.people.numbers import opened
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.identity_numbers import IdentityNumber
from tiemchung.vietnam.reference import reference_file
from tiemchung.vietnam.sex import Sex

queries = sql.load(__package__)
Kind = Duplicate.Kind
PERSONAL = 12  # digits of a number that stays with a person for life
ANOTHER_HUMAN_BELOW = 10.0  # bits without the number: under it whoever shares a number is somebody else


@dataclass(frozen=True, slots=True)
class Described:
    """One record as it is compared; `doses`: «day lot» of each injection."""

    id: UUID
    full_name: str
    birth_date: date
    birth_precision: str
    sex: str
    residence: str | None
    phones: frozenset[str]
    doses: frozenset[str]
    numbers: tuple[str, ...]  # the one that speaks for the person first

    @property
    def born(self) -> PartialDate:
        """The birth date as far as it is known."""
        parts = self.birth_date.timetuple()[:3]
        return PartialDate(*parts[: {"year": 1, "month": 2, "day": 3}[self.birth_precision]])

    @property
    def known_sex(self) -> Sex | None:
        return Sex(self.sex) if self.sex in ("male", "female") else None

    @property
    def personal_number(self) -> str:
        """The 12-digit number, empty when there is none."""
        return next((number for number in self.numbers if len(number) == PERSONAL and number.isdecimal()), "")


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two records share and in what they differ: a kind, the evidence as it is kept, and its bits."""

    kind: str | None  # none: nothing to show to anybody
    evidence: dict[str, Any]
    bits: float


def describe(person_ids: list[UUID]) -> dict[UUID, Described]:
    """Read what records are compared by."""
    theirs: dict[UUID, list[str]] = {}
    for person_id, _, value in sql.fetch_tuples(queries.numbers_of, {"persons": person_ids}):
        theirs.setdefault(person_id, []).append(opened(bytes(value)))
    rows: list[Any] = sql.fetch_tuples(queries.described, {"persons": person_ids})
    return {
        row[0]: Described(row[0], row[1], row[2], row[3], row[4], row[5], frozenset(row[6]), frozenset(row[7]), numbers)
        for row in rows
        for numbers in [tuple(theirs.get(row[0], ()))]
    }


def compare(one: Described, other: Described, keys: list[str]) -> Likeness:
    """Weigh two records. `keys`: by what the scan found them together."""
    shared = next((number for number in one.numbers if number in other.numbers), "")
    found = weigh(_asked(one, shared), _known(other, shared))
    fields: list[dict[str, Any]] = [
        {"field": each.field, "level": each.level, "bits": round(each.bits, 1)} for each in found.contributions
    ]
    if not (one.numbers and other.numbers):
        fields = [each for each in fields if each["field"] != "number"]
    extra = _extra(one, other, keys)
    bits = sum(each["bits"] for each in fields) + sum(extra.values())
    vetoes = sorted(str(veto) for veto in found.vetoes)
    kind = _kind(shared, bits, _without_number(fields) + extra.get("phone", 0.0), vetoes, keys)
    return Likeness(kind, {"fields": fields, "extra": extra, "vetoes": vetoes, "keys": keys}, round(bits, 1))


def _extra(one: Described, other: Described, keys: list[str]) -> dict[str, float]:
    """What speaks beyond the four fields, in bits by its word."""
    tests: dict[str, bool] = {
        "handle": "handle" in keys,
        "phone": not one.phones.isdisjoint(other.phones),
        "commune": one.residence is not None and one.residence == other.residence,
        "same_lot": not one.doses.isdisjoint(other.doses),
        "numbers": _two_numbers(one.personal_number, other.personal_number),
    }
    return {name: float(table()["bits"][name]) for name, holds in tests.items() if holds}


def _two_numbers(one: str, other: str) -> bool:
    """Each has a number for life, and no slip of a key makes one of the other."""
    return "" not in (one, other) and one != other and slip_kind(one, other) is None


def _kind(shared: str, bits: float, without_number: float, vetoes: list[str], keys: list[str]) -> str | None:
    if shared and "handle" not in keys and (vetoes or without_number < ANOTHER_HUMAN_BELOW):
        return Kind.ISSUED_TWICE if _may_belong_to_two(shared) else Kind.SHARED_NUMBER
    likely = bits >= float(table()["propose_from_bits"]) and (not vetoes or "handle" in keys)
    return Kind.SAME_PERSON if likely else None


def _may_belong_to_two(number: str) -> bool:
    return len(number) < PERSONAL and IdentityNumber.parse(number).may_belong_to_two


def _without_number(fields: list[dict[str, Any]]) -> float:
    return sum(float(each["bits"]) for each in fields if each["field"] != "number")


def _asked(one: Described, shared: str) -> Asked:
    return Asked(shared or next(iter(one.numbers), ""), one.full_name, one.born, one.known_sex)


def _known(other: Described, shared: str) -> Known:
    first, *former = [shared, *other.numbers] if shared else [*other.numbers, ""]
    return Known("", other.full_name, other.born, other.known_sex, first, tuple(each for each in former if each))


@cache
def table() -> dict[str, Any]:
    """The weights and limits of reference_data/linkage/duplicates.yaml."""
    return dict(yaml.safe_load(reference_file("linkage/duplicates.yaml").read_text(encoding="utf-8")))


__all__ = ["Described", "Likeness", "Veto", "compare", "describe", "table"]
