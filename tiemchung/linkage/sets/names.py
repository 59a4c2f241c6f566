"""Names that differ as written: most are told apart by statements, the rest one distinct pair at a time."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

from tiemchung.linkage.alike import by_ear, home_names, may_be_doublets
from tiemchung.linkage.edits import one_slip
from tiemchung.linkage.name_kinds import name_kind, words_agreeing
from tiemchung.linkage.verdict import WORDS_KNOWN, same_family
from tiemchung.vietnam.names import COMPOUND_BEGINNINGS, fold

Named = tuple[str, bool, bool]  # kind, at least two words agree, same family name
WordKinds = tuple[bool, bool, bool]  # sounds alike, may be a doublet, one slip apart
AT_ONCE = 4000  # pairs that go to a process together
WORTH_PROCESSES = 20_000  # below this many pairs starting them costs more than they save


def letters() -> str:
    """The letters of Vietnamese in both cases, as a character class of a pattern holds them."""
    plain = "abcdefghijklmnopqrstuvwxyz"
    toned = {
        *"àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ",
    }
    return "".join(sorted({*plain, *toned, *plain.upper(), *(each.upper() for each in toned)}))


def special_words() -> list[str]:
    """First words, folded, after which a family name does not simply stand first and alone."""
    return sorted({*COMPOUND_BEGINNINGS, "Y"})


def home_words() -> list[str]:
    """Words that people are called at home, folded."""
    return sorted(set(map(fold, home_names())))


def word_kinds(pairs: Iterable[tuple[str, str]]) -> list[WordKinds]:
    """Compare pairs of unlike folded words."""
    ear = cache(by_ear)
    return [(ear(one) == ear(other), may_be_doublets(one, other), one_slip(one, other)) for one, other in pairs]


def name_all(pairs: Sequence[tuple[str, str]], processes: int) -> list[Named]:
    """Name the difference of each pair (asked, known) as the record-by-record check does, in some processes."""
    if processes < 2 or len(pairs) < WORTH_PROCESSES:
        return _name_some(pairs)
    parts = [pairs[at : at + AT_ONCE] for at in range(0, len(pairs), AT_ONCE)]
    # DuckDB has threads of its own, so the processes must not be copies of this one.
    with ProcessPoolExecutor(processes, get_context("forkserver")) as pool:
        return [named for part in pool.map(_name_some, parts) for named in part]


def _name_some(pairs: Sequence[tuple[str, str]]) -> list[Named]:
    return [_named(asked, known) for asked, known in pairs]


def _named(asked: str, known: str) -> Named:
    two_words = words_agreeing(asked, known) >= WORDS_KNOWN
    return name_kind(asked, known).value, two_words, same_family(asked, known)
