"""What a keyboard leaves behind when its Vietnamese mode is off: Telex («Nguyeenx») and VNI («Nguye64n»)."""

import unicodedata
from abc import ABC, abstractmethod
from functools import cache, lru_cache

from tiemchung.vietnam.name_tokens import NameRole, name_counts
from tiemchung.vietnam.names import clean, match_key
from tiemchung.vietnam.sex import Sex

_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = dict(zip("12345", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_SHAPES = {"6": ("aeo", "\u0302"), "7": ("uo", "\u031b"), "8": ("a", "\u0306"), "9": ("d", "")}
_VOWELS = "aeiouyăâêôơư"
_SHAPED = "ăâêôơư"
_REMEMBERED_WORDS = 1 << 16  # names of millions are made of few words


def readings(text: str) -> tuple[str, ...]:
    """Give the names that a text typed with the mode off was meant to be; none where it shows no such trace.

    A proposal, never a fact: «Thuys» is most likely Thúy, but only the person knows.
    """
    found = (_decode(text, "telex"), _decode(text, "vni"))
    return tuple(dict.fromkeys(each for each in found if each != clean(text)))


def meant_word(word: str) -> str | None:
    """Give the name word that was meant («dungx»: dũng); None for a name word, and for what is none either way."""
    if match_key(word) in known_words():
        return None
    return next((each for each in readings(word) if match_key(each) in known_words()), None)


@cache
def known_words() -> frozenset[str]:
    """The words of Vietnamese names, by match key."""
    tokens = (token for role in NameRole for sex in Sex for token in name_counts(role, sex))
    return frozenset(match_key(word) for token in tokens for word in token.split())


def _decode(text: str, mode: str) -> str:
    return " ".join(_decode_word(word, mode) for word in clean(text).split())


@lru_cache(_REMEMBERED_WORDS)
def _decode_word(word: str, mode: str) -> str:
    return _as_cased(word, _MODES[mode](word.lower()).text)


def _as_cased(word: str, decoded: str) -> str:
    if word.isupper():
        return decoded.upper()
    return decoded[:1].upper() + decoded[1:] if word[:1].isupper() else decoded


class _Word(ABC):
    """A word as it grows sign by sign, its tone kept apart until the end."""

    def __init__(self, word: str) -> None:
        self.letters: list[str] = []
        self.tone = ""
        for sign in word:
            if not self.take(sign):
                self.letters.append(sign)

    @abstractmethod
    def take(self, sign: str) -> bool:
        """Use the sign as a mark on what stands already; False where it is a letter of its own."""

    @property
    def text(self) -> str:
        """The word with its tone where the new spelling puts it."""
        place = _tone_place(self.letters)
        if not self.tone or place is None:
            return "".join(self.letters)
        toned = [*self.letters[: place + 1], self.tone, *self.letters[place + 1 :]]
        return unicodedata.normalize("NFC", "".join(toned))

    def shape(self, bases: str, mark: str) -> bool:
        """Put a mark on the last plain letter of `bases`; False where there is none."""
        place = next((at for at in reversed(range(len(self.letters))) if self.letters[at] in bases), None)
        if place is None:
            return False
        self.letters[place] = _marked(self.letters[place], mark)
        if mark == "\u031b" and place and self.letters[place] == "ơ" and self.letters[place - 1] == "u":
            self.letters[place - 1] = "ư"
        return True

    def has_vowel(self) -> bool:
        """Whether a vowel stands already, so that a tone has where to go."""
        return any(each in _VOWELS for each in self.letters)


class _Telex(_Word):
    def take(self, sign: str) -> bool:
        if sign in _TONES and not self.tone and self.has_vowel():
            self.tone = _TONES[sign]
            return True
        if sign == "w":
            return self.shape("uo", "\u031b") or self.shape("a", "\u0306")
        if sign == "d" and self.letters == ["d"]:
            self.letters = ["đ"]
            return True
        return sign in "aeo" and sign in self.letters and self.shape(sign, "\u0302")


class _Vni(_Word):
    def take(self, sign: str) -> bool:
        if sign in _VNI_TONES and not self.tone and self.has_vowel():
            self.tone = _VNI_TONES[sign]
            return True
        return sign in _VNI_SHAPES and self.shape(*_VNI_SHAPES[sign])


_MODES: dict[str, type[_Word]] = {"telex": _Telex, "vni": _Vni}


def _marked(letter: str, mark: str) -> str:
    return "đ" if letter == "d" else unicodedata.normalize("NFC", letter + mark)


def _tone_place(letters: list[str]) -> int | None:
    """Find the vowel that carries the tone: the last shaped one, else by the rule for open and closed syllables."""
    shaped = [place for place, letter in enumerate(letters) if letter in _SHAPED]
    if shaped:
        return shaped[-1]
    vowels = [place for place, letter in enumerate(letters) if letter in _VOWELS]
    if len(vowels) > 1 and "".join(letters[: vowels[0] + 1]) in ("qu", "gi"):
        vowels = vowels[1:]
    if not vowels:
        return None
    closed = vowels[-1] + 1 < len(letters)
    return vowels[-1] if closed or len(vowels) == 1 else vowels[-2]
