"""Each word of a name as it comes out when something goes wrong; the word itself where that cannot happen to it."""

import unicodedata
from functools import cache

import yaml

from tiemchung.vietnam.names import clean, fold
from tiemchung.vietnam.reference import reference_file

FORMS = ("plain", "other_tone", "residue", "moved_tone", "other_i", "doublet", "by_ear", "misread")
_TELEX_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_TELEX_SHAPES = {"\u0302": "", "\u0306": "w", "\u031b": "w"}
_TONES = "\u0301\u0300\u0309\u0303\u0323"
# Hỏi and ngã are one tone to half the country; the others are mistaken by hand.
_MISTAKEN = dict(zip("\u0309\u0303\u0301\u0300\u0323", "\u0303\u0309\u0300\u0301\u0301", strict=True))
_BY_EAR = (("tr", "ch"), ("ch", "tr"), ("s", "x"), ("x", "s"), ("gi", "d"), ("d", "gi"), ("l", "n"))
_ENDS_BY_EAR = (("ng", "n"), ("n", "ng"), ("t", "c"), ("c", "t"))


def spoilt(word: str) -> tuple[str, ...]:
    """Give the forms of `FORMS` in their order."""
    word = unicodedata.normalize("NFC", word)
    forms = (fold(word).capitalize(), _other_tone(word), _residue(word), _moved_tone(word), _other_i(word))
    return (*forms, _doublet(word), _by_ear(word), _misread(word))


def _other_tone(word: str) -> str:
    swapped = "".join(_MISTAKEN.get(each, each) for each in unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", swapped)


def _residue(word: str) -> str:
    """As Telex leaves it when the mode is off: Nguyễn comes out as Nguyeenx, Đức as Dduwcs."""
    letters, tone = "", ""
    for each in unicodedata.normalize("NFD", word.replace("đ", "dd").replace("Đ", "Dd")):
        if each in _TELEX_TONES:
            tone = _TELEX_TONES[each]
        elif each in _TELEX_SHAPES:
            letters += _TELEX_SHAPES[each] or letters[-1].lower()
        else:
            letters += each
    return letters + tone


def _moved_tone(word: str) -> str:
    """Hòa as Hoà: the tone on the second vowel of oa, oe, uy at the end."""
    decomposed = unicodedata.normalize("NFD", word)
    for pair in ("oa", "oe", "uy"):
        for tone in _TONES:
            if decomposed.lower().endswith(pair[0] + tone + pair[1]) and not decomposed.lower().startswith("q"):
                return unicodedata.normalize("NFC", decomposed[:-3] + decomposed[-3] + decomposed[-1] + tone)
    return word


def _other_i(word: str) -> str:
    """Lý as Lí, Mỹ as Mĩ: a final y that alone is the vowel."""
    decomposed = unicodedata.normalize("NFD", word)
    bare = "".join(each for each in decomposed if each not in _TONES)
    if len(bare) > 1 and bare.lower().endswith("y") and bare[-2].lower() in "hklmst":
        return unicodedata.normalize("NFC", decomposed.replace("y", "i"))
    return word


@cache
def _doublets() -> dict[str, str]:
    content = yaml.safe_load(reference_file("linkage/alike_names.yaml").read_text(encoding="utf-8"))
    pairs = [pair["words"] for pair in content["regional_doublets"]["pairs"]]
    return {one: other for first, second, *_ in pairs for one, other in ((first, second), (second, first))}


def _doublet(word: str) -> str:
    return _doublets().get(clean(word), word)


def _by_ear(word: str) -> str:
    """As somebody writes who hears no difference between tr and ch, s and x, final n and ng."""
    lower = word.lower()
    for start, heard in _BY_EAR:
        if lower.startswith(start) and not (start == "d" and lower.startswith("đ")):
            return (heard + lower[len(start) :]).capitalize()
    for end, heard in _ENDS_BY_EAR:
        if lower.endswith(end) and not lower.endswith(("anh", "inh", "ênh")):
            return (lower[: -len(end)] + heard).capitalize()
    return word


def _misread(word: str) -> str:
    """UTF-8 that was read as Windows-1252; what that code page lacks comes through as control characters."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in word.encode())
