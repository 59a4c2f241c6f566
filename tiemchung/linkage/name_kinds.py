"""How does a written name stand to the known one? The first kind that explains the whole difference is named."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable

from tiemchung.linkage.alike import are_doublets, by_ear, is_home_name
from tiemchung.linkage.edits import is_part, one_slip
from tiemchung.linkage.keyboard import readings
from tiemchung.linkage.kinds import NameKind
from tiemchung.vietnam.mojibake import repair_mojibake
from tiemchung.vietnam.names import clean, fold, match_key, split_name, written_key

# Kinds that explain every letter of the difference; the others are the likeliest of several explanations.
CERTAIN_NAME_KINDS = frozenset(NameKind) - {
    *(NameKind.SOUND_ALIKE, NameKind.LETTER_SLIP, NameKind.NICKNAME, NameKind.PART_DIFFERS, NameKind.OTHER),
    *(NameKind.REGIONAL_DOUBLET, NameKind.ACCENTS_DIFFER),
}
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|\".*?\"|«.*?»")


def name_kind(asked: str, known: str) -> NameKind:
    """Name the difference between two full names; RIGHT where they are one spelling."""
    if not fold(asked):
        return NameKind.MISSING
    if written_key(asked) == written_key(known):
        return _kind_of_writing(asked, known)
    if match_key(asked) == match_key(known):
        return NameKind.Y_OR_I
    return next((kind for kind, explains in _EXPLANATIONS if explains(asked, known)), NameKind.OTHER)


def _kind_of_writing(asked: str, known: str) -> NameKind:
    plain, there = (" ".join(unicodedata.normalize("NFC", each).split()) for each in (asked, known))
    if plain == there:
        return NameKind.RIGHT
    if plain.lower() == there.lower():
        return NameKind.LETTER_CASE
    if clean(asked).lower() == clean(known).lower():
        return NameKind.ETH_FOR_D
    return NameKind.TONE_PLACEMENT


def _wrong_encoding(asked: str, known: str) -> bool:
    repaired = repair_mojibake(asked)
    return repaired != asked and written_key(repaired) == written_key(known)


def _typing_residue(asked: str, known: str) -> bool:
    return any(match_key(reading) == match_key(known) for reading in readings(asked))


def _accents_lost(asked: str, known: str) -> bool:
    return fold(asked) == fold(known) and clean(asked).isascii()


def _accents_partly_lost(asked: str, known: str) -> bool:
    if fold(asked) != fold(known):
        return False
    one, other = (Counter(unicodedata.normalize("NFD", match_key(each))) for each in (_plain_d(asked), _plain_d(known)))
    return one < other


def _plain_d(text: str) -> str:
    """Write đ as d and a mark, so that losing its stroke counts like losing any other."""
    return text.replace("đ", "d\u0335").replace("Đ", "D\u0335")


def _accents_differ(asked: str, known: str) -> bool:
    return fold(asked) == fold(known)


def _spacing(asked: str, known: str) -> bool:
    return fold(asked).replace(" ", "") == fold(known).replace(" ", "")


def _order(asked: str, known: str) -> bool:
    return sorted(fold(asked).split()) == sorted(fold(known).split())


def _words(asked: str, known: str) -> list[tuple[str, str]] | None:
    """Pair the words of two names of equal length that are unlike; None where the lengths differ."""
    one, other = clean(asked).split(), clean(known).split()
    if len(one) != len(other):
        return None
    return [(a, b) for a, b in zip(one, other, strict=True) if fold(a) != fold(b)]


def _each_unlike(explains: Callable[[str, str], bool]) -> Callable[[str, str], bool]:
    """Make a test that holds when every pair of unlike words is explained."""

    def test(asked: str, known: str) -> bool:
        unlike = _words(asked, known)
        return bool(unlike) and all(explains(one, other) for one, other in unlike or ())

    return test


def _initials(asked: str, known: str) -> bool:
    """«N. V. An» and «NV An» for Nguyễn Văn An; at least one whole word must agree."""
    one, other = fold(asked).split(), fold(known).split()
    if one and 1 < len(one[0]) == len(other) - len(one) + 1:
        one = [*one[0], *one[1:]]
    pairs = list(zip(one, other, strict=False))
    whole = sum(a == b for a, b in pairs)
    return len(one) == len(other) and whole > 0 and all(a in (b, b[:1]) for a, b in pairs)


def _part_missing(asked: str, known: str) -> bool:
    return is_part(fold(asked).split(), fold(known).split())


def _part_added(asked: str, known: str) -> bool:
    """Two words too many at most: a long list of words would fit many names."""
    one, other = fold(asked).split(), fold(known).split()
    return len(one) <= len(other) + 2 and is_part(other, one)


def words_agreeing(asked: str, known: str) -> int:
    """Count the words that two names share, diacritics set aside."""
    return (Counter(fold(asked).split()) & Counter(fold(known).split())).total()


def _letter_slip(asked: str, known: str) -> bool:
    unlike = _words(asked, known)
    return unlike is not None and len(unlike) == 1 and one_slip(*map(fold, unlike[0]))


def _nickname(asked: str, known: str) -> bool:
    """A note in brackets beside the known name, or a home name where the given name should be."""
    bare = _BRACKETS.sub(" ", asked)
    if bare != asked and fold(bare) == fold(known):
        return True
    given = split_name(asked).given
    return is_home_name(given) and fold(given) != fold(split_name(known).given) and _same_family(asked, known)


def _same_family(asked: str, known: str) -> bool:
    return fold(split_name(asked).family) == fold(split_name(known).family) != ""


def _part_differs(asked: str, known: str) -> bool:
    one, other = Counter(fold(asked).split()), Counter(fold(known).split())
    shared = words_agreeing(asked, known)
    return shared * 2 >= max(one.total(), other.total()) and shared > 0


_EXPLANATIONS: tuple[tuple[NameKind, Callable[[str, str], bool]], ...] = (
    (NameKind.WRONG_ENCODING, _wrong_encoding),
    (NameKind.TYPING_RESIDUE, _typing_residue),
    (NameKind.ACCENTS_LOST, _accents_lost),
    (NameKind.ACCENTS_PARTLY_LOST, _accents_partly_lost),
    (NameKind.ACCENTS_DIFFER, _accents_differ),
    (NameKind.SPACING, _spacing),
    (NameKind.ORDER, _order),
    (NameKind.REGIONAL_DOUBLET, _each_unlike(are_doublets)),
    (NameKind.INITIALS, _initials),
    (NameKind.PART_MISSING, _part_missing),
    (NameKind.NICKNAME, _nickname),
    (NameKind.PART_ADDED, _part_added),
    (NameKind.SOUND_ALIKE, _each_unlike(lambda one, other: by_ear(one) == by_ear(other))),
    (NameKind.LETTER_SLIP, _letter_slip),
    (NameKind.PART_DIFFERS, _part_differs),
)
