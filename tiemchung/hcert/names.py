"""Names as a certificate carries them: as written (fn, gn), and with A-Z for machines (fnt, gnt).

The letters follow ICAO Doc 9303 part 3 section 6, kept as data in `reference_data/icao9303_transliteration.yaml`.
A letter for which there is no rule is refused, never dropped: readers that drop it turn Đỗ into O.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from tiemchung.hcert.problems import HcertProblem
from tiemchung.hcert.reference import read_reference

MAX_LENGTH = 80
"""Characters of each of fn, gn, fnt, gnt (certificate schema 1.3.3, definitions/person_name)."""

MAX_INPUT = 1_000
"""Characters of a name that are looked at; what is longer is no name, and normalising it could take long."""

FILLER = "<"
_WORD_BREAKS = frozenset("/,;&+<_")
_DROPPED_SYMBOLS = frozenset("´`^¨˜")


class NameUnusable(HcertProblem):
    """A name that cannot be put into a certificate."""

    code = "name"


@dataclass(frozen=True, slots=True)
class CertificateName:
    """The four name fields of a certificate; `cut` names those that were shortened to 80 characters."""

    fn: str
    fnt: str
    gn: str | None = None
    gnt: str | None = None
    cut: tuple[str, ...] = ()

    def as_claims(self) -> dict[str, str]:
        """Give the object `nam` of a certificate: fields without a value are left out."""
        fields = {"fn": self.fn, "fnt": self.fnt, "gn": self.gn, "gnt": self.gnt}
        return {field: value for field, value in fields.items() if value}


def vietnamese_name(full_name: str, *, surname_words: int = 1) -> CertificateName:
    """Make the name fields of a Vietnamese full name: họ becomes fn, đệm and tên become gn.

    `surname_words` is the number of words of the họ (2 for "Tôn Nữ ..."). A name of one word is all fn, without
    gn (ICAO Doc 9303 part 3, 4.6: the only name is the primary identifier). Raises NameUnusable.
    """
    words = full_name.split()
    if surname_words < 1:
        raise NameUnusable(
            "surname_words",
            vi="Số từ của họ phải từ 1 trở lên.",
            en="the surname has one word or more; give 1 unless it is a compound one",
        )
    return certificate_name(" ".join(words[:surname_words]), " ".join(words[surname_words:]) or None)


def certificate_name(family: str, given: str | None = None, *, language: str | None = None) -> CertificateName:
    """Make the name fields from a family name and, where there is one, a given name; text is normalised to NFC.

    What is longer than 80 characters is cut by `cut_name`. `language` (ISO 639-1) chooses the exceptions for Cyrillic
    names. Raises NameUnusable when nothing is left of a name, or when it holds a letter without a rule.
    """
    cut: list[str] = []
    fn, fnt = _written_and_machine("fn", family, language, cut)
    if given is None:
        return CertificateName(fn, fnt, cut=tuple(cut))
    gn, gnt = _written_and_machine("gn", given, language, cut)
    return CertificateName(fn, fnt, gn, gnt, cut=tuple(cut))


def _written_and_machine(field: str, name: str, language: str | None, cut: list[str]) -> tuple[str, str]:
    """Give the field as written and for machines, and add to `cut` the names of those that had to be shortened."""
    _check_length(name, field)
    whole = {field: " ".join(unicodedata.normalize("NFC", name).split())}
    whole[f"{field}t"] = transliterate(whole[field], field=field, language=language)
    if not whole[f"{field}t"]:
        raise NameUnusable(
            field,
            vi="Tên không còn chữ cái nào. Vui lòng nhập họ tên như trên giấy tờ.",
            en="no letter is left of the name; give it as it stands on the identity document",
        )
    cut.extend(key for key, value in whole.items() if len(value) > MAX_LENGTH)
    return cut_name(whole[field], " "), cut_name(whole[f"{field}t"], FILLER)


def cut_name(name: str, separator: str, limit: int = MAX_LENGTH) -> str:
    """Shorten a name to `limit` characters: whole words go, the last first; a first word that is too long is cut.

    Each field is shortened by itself from the whole name, so that the machine's form never depends on how much
    room the written one took.
    """
    if len(name) <= limit:
        return name
    words = name[: limit + 1].split(separator)
    if len(words) == 1:
        return name[:limit]
    return separator.join(words[:-1])


@lru_cache(maxsize=65_536)
def transliterate(name: str, *, field: str = "name", language: str | None = None) -> str:
    """Write a name with A-Z and `<` only, as ICAO Doc 9303 part 3 section 6 has it (Đ and Ð become D).

    Spaces and hyphens become `<`, apostrophes and other punctuation go (part 3, 4.6); of any length. Raises
    NameUnusable, naming `field`, at a letter without a rule, a digit, or an unknown `language`.
    """
    _check_length(name, field)
    table = _table(language)
    composed = unicodedata.normalize("NFC", name)
    text = "".join(part for letter in composed for part in _machine_letters(letter, table, field))
    return FILLER.join(part for part in text.split(FILLER) if part)


def _check_length(name: str, field: str) -> None:
    if len(name) > MAX_INPUT:
        raise NameUnusable(
            field,
            vi=f"Tên dài quá {MAX_INPUT} ký tự. Vui lòng kiểm tra lại.",
            en=f"the name has more than {MAX_INPUT} characters; check what was typed",
        )


def _machine_letters(letter: str, table: Mapping[str, str], field: str) -> Iterator[str]:
    if letter in table:
        yield table[letter]
    elif _separates_words(letter):
        yield FILLER
    elif not _leaves_no_trace(letter):
        yield from _decomposed(letter, table, field)


def _separates_words(letter: str) -> bool:
    return letter in _WORD_BREAKS or letter.isspace() or unicodedata.category(letter) in ("Zs", "Pd")


def _leaves_no_trace(letter: str) -> bool:
    """Marks, format characters, apostrophes and other punctuation are not written in the machine-readable zone."""
    category = unicodedata.category(letter)
    return category[0] in "MP" or category in ("Cf", "Lm") or letter in _DROPPED_SYMBOLS


def _decomposed(letter: str, table: Mapping[str, str], field: str) -> Iterator[str]:
    parts = unicodedata.normalize("NFKD", letter)
    for part in parts:
        if part in table:
            yield table[part]
        elif parts == letter or not _leaves_no_trace(part):
            raise _no_rule(letter, field)


def _no_rule(letter: str, field: str) -> NameUnusable:
    code = f"U+{ord(letter):04X}"
    if unicodedata.category(letter)[0] == "N":
        return NameUnusable(
            field,
            vi=f"Tên có chữ số {letter!r}. Vui lòng bỏ chữ số hoặc viết bằng số La Mã.",
            en=f"the name holds the digit {letter!r} ({code}); leave it out or write it in Roman numerals",
        )
    return NameUnusable(
        field,
        vi=f"Chữ {letter!r} ({code}) không có quy tắc phiên sang chữ Latinh. "
        "Vui lòng nhập tên Latinh như trên hộ chiếu.",
        en=f"no rule turns {letter!r} ({code}) into Latin letters; give the Latin spelling of the passport",
    )


@cache
def _table(language: str | None) -> Mapping[str, str]:
    """Build letter → A-Z, both cases, with the exceptions of the language."""
    data = read_reference("icao9303_transliteration.yaml")
    exceptions = data["cyrillic_exceptions"]
    if language is not None and language not in exceptions:
        known = ", ".join(sorted(exceptions))
        raise NameUnusable(
            "language",
            vi=f"Không có quy tắc riêng cho ngôn ngữ {language!r}. Chọn một trong: {known}, hoặc để trống.",
            en=f"there are no exceptions for the language {language!r}; choose one of {known}, or leave it out",
        )
    groups = [data["latin"], data["cyrillic"], exceptions.get(language, {})]
    table = {letter: letter.upper() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}
    for group in groups:
        for written, letters in group.items():
            table |= {form: written for letter in letters for form in (letter, *_lower(letter))}
    return table


def _lower(letter: str) -> tuple[str, ...]:
    """Give the small form where it is one character (that of İ is two: i and a dot)."""
    small = letter.lower()
    return (small,) if len(small) == 1 else ()
