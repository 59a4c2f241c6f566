"""Names of people: kept as written, with the forms that searching, matching and sorting need.

`fold`, `match_key`, `written_key`, `sort_key` and `split_name` take any text, never raise, and are fast enough
for millions: each works word by word and remembers the words it has seen. `NormalisedName.parse` refuses what
cannot be a name. The spelling classes are those seen in the field: NFC and NFD, Đ (U+0110) against the Eth
Ð (U+00D0) and Ɖ (U+0189), the place of the tone mark (hòa, hoà), y and i (Lý, Lí), case, white space, invisible
characters.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tiemchung.vietnam import name_order
from tiemchung.vietnam.errors import Cure, InputError

MAX_NAME_LENGTH = 250
_REMEMBERED_WORDS = 1 << 16

_APOSTROPHES = "'’‘ʼʻ`´＇"
_DASHES = "-‐‑‒–—−"
_D_STROKES = {"Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Ɖ": "D", "ɖ": "d"}
_LATIN = str.maketrans(
    _D_STROKES
    | {"Ø": "O", "ø": "o", "Ł": "L", "ł": "l", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Þ": "TH", "þ": "th"}
    | {"ı": "i", "Ħ": "H", "ħ": "h", "ẞ": "SS"}
    | dict.fromkeys(_APOSTROPHES, "")
)
_SIGNS = str.maketrans(dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_DASHES, "-"))
_TONES = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_FINAL_Y = re.compile(r"(?:[bcdđghklmnpqrstvx]+y|quy(?:nh|ch|[ntp])?)(?=\d|$)")


def clean(text: str) -> str:
    """Compose to NFC, drop invisible characters, make white space single: what a page shows.

    An Eth that begins a word becomes the Đ it was meant to be; inside a word (Icelandic Guðrún) it stays.
    """
    composed = unicodedata.normalize("NFC", text)
    return " ".join(filter(None, map(_clean_word, composed.split())))


def fold(text: str) -> str:
    """Reduce to upper-case words without diacritics for search: «Đặng Thuý-Vy» gives «DANG THUY VY».

    Latin letters come out as ASCII; letters of other scripts are kept, so that no name folds to nothing.
    Apostrophes vanish (H'Hen → HHEN), all else that is no letter or digit separates words. Idempotent.
    """
    return " ".join(filter(None, map(_fold_word, text.split())))


def search_tokens(text: str) -> tuple[str, ...]:
    """Give the folded words of a text, each once, in order: what a token index holds."""
    return tuple(dict.fromkeys(fold(text).split()))


def written_key(text: str) -> str:
    """Give a key that is equal for one spelling however it is encoded, cased, spaced and toned.

    The tone stands at the end of its word as a VNI digit, so «hòa» and «hoà» are both «hoa2».
    """
    return " ".join(filter(None, map(_written_word, text.split())))


def match_key(text: str) -> str:
    """Give a key that is equal for spellings of one name: as `written_key`, and y as i (Lý, Lí; Quý, Quí)."""
    return " ".join(filter(None, map(_match_word, text.split())))


def sort_key(text: str) -> str:
    """Give a text whose byte order (PostgreSQL's C collation) is the Vietnamese order of names.

    Names sort by given name, then family name, then middle; letters as a ă â b … d đ e ê …, tones as ngang
    huyền hỏi ngã sắc nặng, each syllable before the next. The key is ASCII for Vietnamese names.
    """
    family, middle, given = _partition(clean(text).split())
    return name_order.key((given, family, middle))


class NameMatch(StrEnum):
    """How two written names stand to each other, from the same to not the same."""

    SAME = "same"
    SPELLING_VARIANT = "spelling_variant"
    ACCENTS_DIFFER = "accents_differ"
    DIFFERENT = "different"


def compare_names(one: str, other: str) -> NameMatch:
    """Say how two names agree: same writing, y/i variant, same but for diacritics, or different."""
    if written_key(one) == written_key(other):
        return NameMatch.SAME
    if match_key(one) == match_key(other):
        return NameMatch.SPELLING_VARIANT
    return NameMatch.ACCENTS_DIFFER if fold(one) == fold(other) else NameMatch.DIFFERENT


@dataclass(frozen=True, slots=True)
class NameParts:
    """Family name (họ), middle names (đệm), given name (tên); a single name is a given name alone."""

    family: str
    middle: str
    given: str


# Family names of more than one word; linguistic common knowledge, not from a legal list.
_COMPOUND_FAMILIES = (
    ("CONG", "TANG", "TON", "NU"),
    ("CONG", "HUYEN", "TON", "NU"),
    ("HUYEN", "TON", "NU"),
    ("TON", "THAT"),
    ("TON", "NU"),
    ("AU", "DUONG"),
    ("TU", "MA"),
)


def split_name(text: str) -> NameParts:
    """Split a written name into family, middle and given parts by Vietnamese order; never raises.

    Ê Đê and M'Nông names that begin with Y or H' carry the family name last. Whoever matches names should
    compare the whole as well: no rule splits every name of 54 peoples rightly.
    """
    family, middle, given = _partition(clean(text).split())
    return NameParts(" ".join(family), " ".join(middle), " ".join(given))


def _partition(words: list[str]) -> tuple[list[str], list[str], list[str]]:
    if len(words) < 2:
        return [], [], words
    if _family_comes_last(words):
        return words[-1:], [], words[:-1]
    size = _family_size(words)
    return words[:size], words[size:-1], words[-1:]


@dataclass(frozen=True, slots=True)
class NormalisedName:
    """A name that was accepted: `as_written` to the last code point, every other form derived from it.

    `parse` is for what people type. What a card states is made directly: there a first word that looks like a
    title (Anh, Bé) is part of the name.
    """

    as_written: str

    def __post_init__(self) -> None:
        _refuse_what_is_no_name(self.as_written)

    @classmethod
    def parse(cls, text: str, field: str = "full_name") -> "NormalisedName":
        """Accept a name or raise InputError naming `field`.

        Codes: name_empty, name_too_long, name_digits, name_symbol, name_title.
        """
        try:
            name = cls(text)
            _refuse_title(name.display.split())
        except InputError as error:
            raise error.at(field) from None
        return name

    @property
    def display(self) -> str:
        """The name for a page; letters and case as written."""
        return clean(self.as_written)

    @property
    def parts(self) -> NameParts:
        """Family, middle and given name."""
        return split_name(self.as_written)

    @property
    def fold(self) -> str:
        """See the function `fold`."""
        return fold(self.as_written)

    @property
    def search_tokens(self) -> tuple[str, ...]:
        """See the function `search_tokens`."""
        return search_tokens(self.as_written)

    @property
    def match_key(self) -> str:
        """See the function `match_key`."""
        return match_key(self.as_written)

    @property
    def sort_key(self) -> str:
        """See the function `sort_key`."""
        return sort_key(self.as_written)


@lru_cache(_REMEMBERED_WORDS)
def _clean_word(word: str) -> str:
    visible = "".join(each for each in word if unicodedata.category(each) != "Cf")
    if visible[:1] in ("Ð", "Ɖ"):
        return "Đ" + visible[1:]
    return "đ" + visible[1:] if visible[:1] in ("ð", "ɖ") else visible


@lru_cache(_REMEMBERED_WORDS)
def _fold_word(word: str) -> str:
    folded = _fold_once(word)
    while (again := _fold_once(folded)) != folded:
        # Some characters need a second round: upper-casing ŉ leaves a mark that only then can be dropped.
        folded = again
    return folded


def _fold_once(word: str) -> str:
    plain = unicodedata.normalize("NFC", word).translate(_LATIN)
    upper = unicodedata.normalize("NFKD", plain).translate(_LATIN).upper()
    decomposed = unicodedata.normalize("NFKD", upper)
    kept = (each for each in decomposed if unicodedata.category(each) not in ("Mn", "Me", "Cf"))
    return " ".join("".join(each if each.isalnum() else " " for each in kept).split())


@lru_cache(_REMEMBERED_WORDS)
def _written_word(word: str) -> str:
    """Give a word in lower case, its tones moved to its end; đ and the letters with â, ă, ơ, ư stay apart."""
    plain = _clean_word(unicodedata.normalize("NFC", word).translate(_SIGNS))
    lowered = unicodedata.normalize("NFKD", plain.lower())
    tones = "".join(_TONES.get(each, "") for each in lowered)
    letters = "".join(each for each in lowered if each not in _TONES)
    return unicodedata.normalize("NFC", letters) + tones


@lru_cache(_REMEMBERED_WORDS)
def _match_word(word: str) -> str:
    written = _written_word(word)
    return written.replace("y", "i") if _FINAL_Y.match(written) else written


def _family_comes_last(words: list[str]) -> bool:
    first = words[0]
    if first[0] in "Hh" and len(first) > 1:
        return first[1] in _APOSTROPHES
    return first in ("Y", "y") and len(words) > 2


COMPOUND_BEGINNINGS = {each[0] for each in _COMPOUND_FAMILIES}


def _family_size(words: list[str]) -> int:
    if _fold_word(words[0]) not in COMPOUND_BEGINNINGS:
        return 1
    folded = tuple(map(_fold_word, words))
    sizes = (len(each) for each in _COMPOUND_FAMILIES if folded[: len(each)] == each and len(each) < len(words))
    return next(sizes, 1)


def _refuse_what_is_no_name(text: str) -> None:
    if len(text) > MAX_NAME_LENGTH:
        raise _refusal(
            "name_too_long",
            f"Họ tên dài quá {MAX_NAME_LENGTH} ký tự. Chỉ ghi họ tên như trên giấy tờ.",
            f"The name is longer than {MAX_NAME_LENGTH} characters. Write only the name on the document.",
        )
    name = clean(text)
    if not any(map(str.isalpha, name)):
        raise _refusal(
            "name_empty",
            "Chưa có họ tên. Ghi họ tên như trên giấy tờ.",
            "The name is missing. Write it as on the document.",
        )
    if any(map(str.isdigit, name)):
        raise _refusal(
            "name_digits",
            "Họ tên có chữ số. Gõ lại họ tên; nếu bộ gõ để kiểu VNI, đổi kiểu gõ.",
            "The name has digits in it. Type it again; check the keyboard's VNI mode.",
            Cure.SWITCH_KEYBOARD,
        )
    _refuse_symbols(text)


def _refuse_symbols(text: str) -> None:
    strange = next((each for each in text if not _may_stand_in_name(each)), None)
    if strange is None:
        return
    shown = f" «{strange}»" if strange.isprintable() else ""
    raise _refusal(
        "name_symbol",
        f"Họ tên có ký tự lạ{shown}. Chỉ ghi chữ cái, bỏ biệt danh và ghi chú.",
        f"The name has a sign{shown} that no name has. Write letters only, no nickname or note.",
    )


def _may_stand_in_name(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Cf" or character.isspace() or character in _NAME_SIGNS


_NAME_SIGNS = frozenset(_APOSTROPHES + _DASHES + ".·")
# «Ông» is missing on purpose: it is a family name too (Ông Ích Khiêm).
_KIN_WORDS = {"bà", "cô", "chị", "bác", "chú", "cụ", "cháu", "thầy", "mợ", "dì", "dượng"}
_TITLES = _KIN_WORDS | {"bs", "ths", "ts", "pgs", "gs", "mr", "mrs", "ms", "miss", "dr"}
_TITLES_OR_NAMES = {"anh", "em", "bé"}


def _refuse_title(words: list[str]) -> None:
    first = words[0].lower().rstrip(".")
    if (first in _TITLES and len(words) > 1) or (first in _TITLES_OR_NAMES and len(words) > 2):
        raise _refusal(
            "name_title",
            f"Bỏ chữ «{words[0]}» ở đầu, chỉ ghi họ tên.",
            f"Leave out «{words[0]}» and write only the name.",
        )


def _refusal(code: str, vi: str, en: str, cure: Cure = Cure.RETYPE) -> InputError:
    return InputError(code, "full_name", vi, en, cure)
