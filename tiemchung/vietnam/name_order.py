"""The Vietnamese order of words as texts that sort right byte by byte."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg"
_RANK_OF = dict(zip(_ALPHABET, _RANKS, strict=True)) | {"ð": _RANKS[_ALPHABET.index("đ")]}
_AFTER_ALL_LETTERS = "z"
# Dictionary order of the tones: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONE_ORDER = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_BETWEEN_PARTS, _BETWEEN_WORDS = " ", "!"


def key(parts: Iterable[Iterable[str]]) -> str:
    """Join parts, each a list of words, into a key: earlier parts weigh more, within a part earlier words.

    A part that ends sorts before one that goes on, as «An» stands before «An Bình».
    """
    return _BETWEEN_PARTS.join([_BETWEEN_WORDS.join(map(_word_key, part)) for part in parts])


@lru_cache(1 << 16)
def _word_key(word: str) -> str:
    """Rank the letters first and the tone after them: ma < mà < mả < mã < má < mạ < man."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = "".join(_TONE_ORDER.get(each, "") for each in decomposed)
    letters = unicodedata.normalize("NFC", "".join(each for each in decomposed if each not in _TONE_ORDER))
    return "".join(map(_letter_key, letters)) + (tones or "0")


def _letter_key(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    rank = _RANK_OF.get(letter) or _RANK_OF.get(base)
    if rank is None and letter.isalnum():
        return _AFTER_ALL_LETTERS + letter
    return rank or ""
