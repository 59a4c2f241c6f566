"""Words of names that stand for one another: regional doublets, home names, spellings by ear."""

from functools import cache
from typing import Any

import yaml

from tiemchung.vietnam.names import clean, fold, match_key
from tiemchung.vietnam.reference import reference_file


@cache
def _tables() -> dict[str, Any]:
    text = reference_file("linkage/alike_names.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


@cache
def _doublets() -> tuple[dict[str, str], dict[str, str]]:
    """Map each doublet to its first form: by full spelling, and by folded one for records without diacritics."""
    pairs = [each["words"] for each in _tables()["regional_doublets"]["pairs"]]
    by_spelling = {match_key(other): match_key(first) for first, *others in pairs for other in others}
    return by_spelling, {fold(other): fold(first) for first, *others in pairs for other in others}


def are_doublets(asked: str, known: str) -> bool:
    """Whether two words are the northern and southern form of one name (Hoàng, Huỳnh), one of them maybe unaccented."""
    by_spelling, folded = _doublets()
    one, other = match_key(asked), match_key(known)
    if one != other and by_spelling.get(one, one) == by_spelling.get(other, other):
        return True
    bare, full = fold(asked), fold(known)
    return clean(asked).isascii() and bare != full and folded.get(bare, bare) == folded.get(full, full)


def may_be_doublets(one: str, other: str) -> bool:
    """Whether two folded words are written as doublets are; whether they are some, their accents decide."""
    classes = _doublet_classes()
    return one in classes and classes[one] == classes.get(other, other)


@cache
def _doublet_classes() -> dict[str, str]:
    """Every folded doublet word → the first of those that any chain of pairs ties it to."""
    classes: dict[str, str] = {}
    for words in (list(map(fold, pair["words"])) for pair in _tables()["regional_doublets"]["pairs"]):
        tied = {classes.get(word, word) for word in words}
        classes |= {word: min(tied) for word in (*words, *tied, *(w for w, c in classes.items() if c in tied))}
    return classes


def is_home_name(word: str) -> bool:
    """Whether a word is one of those that people are called at home (Tèo, Út); some are given names too."""
    return match_key(word) in _home_keys()


def home_names() -> tuple[str, ...]:
    """The names that people are called at home."""
    return tuple(_tables()["home_names"]["words"])


@cache
def _home_keys() -> frozenset[str]:
    return frozenset(map(match_key, home_names()))


def by_ear(word: str) -> str:
    """Reduce a word to what the dialects keep apart: Trinh and Chin come out equal."""
    bare = fold(word).lower()
    table = _tables()["sound_alike"]
    start = next((pair for pair in table["initials"] if bare.startswith(pair[0])), None)
    if start:
        bare = start[1] + bare[len(start[0]) :]
    end = next((pair for pair in table["finals"] if bare.endswith(pair[0])), None)
    return bare[: -len(end[0])] + end[1] if end else bare
