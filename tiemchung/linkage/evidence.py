"""What speaks for and against two records being one person's: bits by field, and vetoes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tiemchung.linkage.kinds import HARMLESS, DateKind, Kind, NameKind
from tiemchung.linkage.self_check import contradicts
from tiemchung.linkage.verdict import PARENT_YEARS, Asked, Known, compare
from tiemchung.linkage.weights import LEVELS_BY_SHARE, Weights, default_weights, name_share
from tiemchung.vietnam.names import fold, split_name

# These three are shared by too many people to correct a record on their own.
COMMON_FIELDS = frozenset({"full_name", "birth_date", "sex"})
STRONG_BITS = 5.0


class Veto(StrEnum):
    """What forbids an automatic link; a person may still decide."""

    NUMBER_CONTRADICTS = "number_contradicts"
    PARENT_AND_CHILD = "parent_and_child"
    TWINS = "twins"
    CLAIMED_BY_ANOTHER = "claimed_by_another"
    DECEASED = "deceased"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one field adds: bits above 0 speak for one person, below 0 against."""

    field: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The contributions of all compared fields, and the vetoes."""

    contributions: tuple[Contribution, ...]
    vetoes: frozenset[Veto] = frozenset()

    @property
    def bits(self) -> float:
        """The sum; without vetoes the odds for one person grow by two to this power."""
        return sum(each.bits for each in self.contributions)

    @property
    def strong_fields(self) -> frozenset[str]:
        """The fields that speak for one person by at least five bits (odds of 32)."""
        return frozenset(each.field for each in self.contributions if each.bits >= STRONG_BITS)

    @property
    def may_correct(self) -> bool:
        """Whether a record may be corrected on it: two strong fields, one of them none of name, birth date and sex."""
        return len(self.strong_fields) > 1 and bool(self.strong_fields - COMMON_FIELDS) and not self.vetoes

    @property
    def reasons(self) -> tuple[str, ...]:
        """«field:level» in the order of the fields, then the vetoes: for staff, without a value."""
        return (
            *(f"{each.field}:{each.level}" for each in self.contributions),
            *sorted(f"veto:{v}" for v in self.vetoes),
        )


def weigh(asked: Asked, known: Known, weights: Weights | None = None) -> Evidence:
    """Weigh a pair by its kinds of difference; the name's share counts where it agrees. Missing fields weigh 0."""
    kinds = compare(asked, known)
    used = weights or default_weights()
    levels = {field: used.level(field, kind) for field, kind in kinds.items()}
    contributions = (
        Contribution(field, level, used.bits(field, level, _share(field, level, known)))
        for field, level in levels.items()
        if level is not None
    )
    return Evidence(tuple(contributions), vetoes_of(asked, known, kinds))


def vetoes_of(asked: Asked, known: Known, kinds: Mapping[str, Kind]) -> frozenset[Veto]:
    """Find what forbids an automatic link by the two records alone; claims and deaths are known to the caller."""
    tests = (
        (Veto.NUMBER_CONTRADICTS, all(contradicts(asked))),
        (Veto.PARENT_AND_CHILD, _generation_apart(asked, known) and _same_family(asked, known)),
        (Veto.TWINS, _like_twins(asked, known, kinds)),
    )
    return frozenset(veto for veto, holds in tests if holds)


def _share(field: str, level: str, known: Known) -> float | None:
    return name_share(known.full_name, known.sex) if field == "full_name" and level in LEVELS_BY_SHARE else None


def _generation_apart(asked: Asked, known: Known) -> bool:
    return asked.birth_date is not None and abs(asked.birth_date.year - known.birth_date.year) >= PARENT_YEARS


def _same_family(asked: Asked, known: Known) -> bool:
    return fold(split_name(asked.full_name).family) == fold(split_name(known.full_name).family) != ""


def _like_twins(asked: Asked, known: Known, kinds: Mapping[str, Kind]) -> bool:
    """One birth date and one family name, and another given name; or a name nearly alike that no same number backs."""
    if kinds["birth_date"] is not DateKind.RIGHT or not _same_family(asked, known):
        return False
    if kinds["full_name"] in (NameKind.PART_DIFFERS, NameKind.LETTER_SLIP, NameKind.SOUND_ALIKE):
        return kinds["number"] not in HARMLESS or not _same_given(asked, known)
    return kinds["full_name"] in (NameKind.NICKNAME, NameKind.OTHER) and not _same_given(asked, known)


def _same_given(asked: Asked, known: Known) -> bool:
    return fold(split_name(asked.full_name).given) == fold(split_name(known.full_name).given)
