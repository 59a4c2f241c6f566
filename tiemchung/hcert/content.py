"""Reading what a certificate says about a person, tolerantly: normalise what is clear, note what is odd.

Issuers of the world deviated from the schema in many small ways (empty strings, null groups, dates with a time,
decimals for dose numbers, text not in NFC); none of these makes a certificate untrue. What is refused here is
only what cannot be understood: no entry, several entries, an entry that is not a map.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple
from unicodedata import is_normalized, normalize

from tiemchung.hcert.errors import DecodeError
from tiemchung.hcert.valuesets import Product, value_sets

KINDS = ("v", "t", "r")
"""Vaccination, test, recovery."""

_DATES = frozenset(("dt", "fr", "df", "du"))
_DOSES = frozenset(("dn", "sd"))
_KEYS = frozenset(("ver", "nam", "dob", "v", "t", "r"))
_CODED = {"v": ("tg", "vp", "mp", "ma", "co"), "t": ("tg", "tt", "tr", "co"), "r": ("tg", "co")}
_PLAIN = frozenset(("tg", "vp", "mp", "ma", "co", "is", "ci", "tt", "tr", "nm", "tc", "sc"))
"""Fields of text that is neither a date nor a number."""

_GENERIC_TYPE = "J07BX03"
_FULL_DATE = re.compile(r"\d{4}-\d\d-\d\d").fullmatch
_DATE_WITH_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ].*", re.DOTALL).fullmatch
_VERSION = re.compile(r"1\.\d+\.\d+").fullmatch


_VACCINATION = ("dt", *_CODED["v"], "is", "ci")
_texts_of = itemgetter(*_VACCINATION)
_LISTS = (list, tuple)
_USUAL_KEYS = frozenset(("ver", "nam", "dob", "v"))
_USUAL_NAMES = frozenset(("fn", "fnt", "gn", "gnt"))
_USUAL_ENTRY = frozenset((*_VACCINATION, "dn", "sd"))
_LINES = [r"1\.\d+\.\d+", r"\d{4}-\d\d-\d\d", r"\d{4}-\d\d-\d\d"] + [r"(?!\s).*+(?<!\s)"] * 7
_USUAL_TEXT = tuple(re.compile(r"\n".join(_LINES + _LINES[-1:] * names)).fullmatch for names in range(5))
"""Version, birth date, date, and what has no blanks around it, a line each; by the number of names."""


class Content(NamedTuple):
    """One vaccination, test or recovery, normalised; `raw` is the content as the issuer wrote it."""

    kind: str
    version: str
    names: Mapping[str, str]
    date_of_birth: str
    entry: Mapping[str, Any]
    raw: Mapping[str, Any]
    notes: tuple[str, ...]


def read(raw: Any) -> Content:
    """Read sub-claim 1, an EU DCC; DecodeError C|DCC, C|CNT or C|VER where it cannot be understood."""
    return _usual(raw) or _of_any_shape(raw)


def _usual(raw: Any) -> Content | None:
    """Read a vaccination in which nothing is odd but, at most, its codes; None for all else, which takes the long way.

    Its texts are looked at as one, which takes a third of the time.
    """
    try:
        group, names = raw["v"], raw["nam"]
        if type(group) not in _LISTS:  # a map of one key would come apart as well
            return None
        (entry,) = group
        if raw.keys() != _USUAL_KEYS or entry.keys() != _USUAL_ENTRY or not _USUAL_NAMES.issuperset(names):
            return None
        texts = _texts_of(entry)
        text = "\n".join((raw["ver"], raw["dob"], *texts, *names.values()))
    except (TypeError, ValueError, KeyError, AttributeError):
        return None
    if not (_USUAL_TEXT[len(names)](text) and _is_tidy(text) and _is_dose(entry["dn"]) and _is_dose(entry["sd"])):
        return None
    return Content("v", raw["ver"], names, raw["dob"], entry, raw, _code_notes("v", texts[1:6]))


def _is_dose(value: Any) -> bool:
    return type(value) is int and 1 <= value <= 9


def _is_tidy(text: str) -> bool:
    return text.isascii() or is_normalized("NFC", text)


def _of_any_shape(raw: Any) -> Content:
    if not isinstance(raw, Mapping):
        raise DecodeError("C|DCC", "the content is not a map")
    notes: set[str] = set()
    kind, entry = _entry(raw, notes)
    names = raw.get("nam")
    if not isinstance(names, Mapping):
        raise DecodeError("C|DCC", "nam is absent or not a map")
    version = _text(raw.get("ver"), notes)
    if not _VERSION(version):
        raise DecodeError("C|VER", f"ver is {version[:20]!r}")
    if not _KEYS.issuperset(raw):
        notes.add("N|EXT")
    named = {str(key): _text(value, notes) for key, value in names.items() if value is not None}
    tidy = _tidy(entry, notes)
    birth = _birth(raw.get("dob"), notes)
    _look_up(kind, tidy, notes)
    return Content(kind, version, named, birth, tidy, raw, tuple(sorted(notes)))


def _tidy(entry: Mapping[Any, Any], notes: set[str]) -> dict[str, Any]:
    tidy: dict[str, Any] = {}
    for key, value in entry.items():
        if type(value) is str and key in _PLAIN and value.isascii() and value.strip() == value:
            tidy[key] = value  # what nearly all are: taken as they stand
        elif value is not None:
            tidy[str(key)] = _value(key, value, notes)
    return tidy


def _look_up(kind: str, entry: Mapping[str, Any], notes: set[str]) -> None:
    codes = tuple(map(entry.get, _CODED[kind]))
    if not _are_texts(codes):
        codes = tuple(code if isinstance(code, str) else None for code in codes)
    notes.update(_code_notes(kind, codes))


def _are_texts(codes: tuple[Any, ...]) -> bool:
    return set(map(type, codes)) == {str}


@lru_cache(maxsize=4096)
def _code_notes(kind: str, codes: tuple[str | None, ...]) -> tuple[str, ...]:
    """Tell of codes that no value set has, and of a product with another's maker or vaccine type; few are in use.

    In the order in which notes are told.
    """
    sets, entry = value_sets(), dict(zip(_CODED[kind], codes, strict=True))
    unknown = any(code and sets[name].values.get(code) is None for name, code in entry.items())
    product = sets["mp"].products.get(str(entry.get("mp"))) if kind == "v" else None
    odd = product is not None and (entry["ma"] != product.ma or entry["vp"] not in _types(product))
    return tuple(code for code, applies in (("N|PRD", odd), ("N|VAL", unknown)) if applies)


def _types(product: Product) -> tuple[str, ...]:
    """The vaccine types that may stand beside a product, the generic ones of former years included."""
    return (*product.vp, _GENERIC_TYPE)


def _entry(raw: Mapping[Any, Any], notes: set[str]) -> tuple[str, Mapping[Any, Any]]:
    groups = {kind: raw[kind] for kind in KINDS if kind in raw}
    filled = {kind: group for kind, group in groups.items() if group}
    if len(filled) < len(groups):
        notes.add("N|NUL")
    if not filled:
        raise DecodeError("C|DCC", "none of v, t, r")
    if len(filled) > 1:
        raise DecodeError("C|CNT", "groups " + ", ".join(filled))
    kind, group = filled.popitem()
    if not isinstance(group, list | tuple):
        raise DecodeError("C|DCC", f"{kind} is not a list")
    if len(group) > 1:
        raise DecodeError("C|CNT", f"{len(group)} entries in {kind}")
    if not isinstance(group[0], Mapping):
        raise DecodeError("C|DCC", f"{kind}[0] is not a map")
    return kind, group[0]


def _text(value: Any, notes: set[str]) -> str:
    """Text in NFC without white space around it; what is no text becomes what it would print as."""
    if not isinstance(value, str):
        return "" if value is None else str(value)
    tidy = value.strip()
    if tidy is value and value.isascii():
        return value
    if not tidy.isascii() and not is_normalized("NFC", tidy):
        tidy = normalize("NFC", tidy)
    if tidy is not value and tidy != value:
        notes.add("N|NFC")
    return tidy


def _birth(value: Any, notes: set[str]) -> str:
    """Date of birth as YYYY, YYYY-MM, YYYY-MM-DD or empty."""
    text = _date(_text(value, notes), notes)
    if not _FULL_DATE(text):
        notes.add("N|DOB")
    return text


def _date(text: str, notes: set[str]) -> str:
    with_time = len(text) > 10 and _DATE_WITH_TIME(text)
    if not with_time:
        return text
    notes.add("N|DAT")
    return with_time[1]


def _value(key: Any, value: Any, notes: set[str]) -> Any:
    if isinstance(value, str):
        text = _text(value, notes)
        return _date(text, notes) if key in _DATES else text
    return _dose(value, notes) if key in _DOSES else value


def _dose(value: Any, notes: set[str]) -> Any:
    if isinstance(value, float) and value.is_integer():
        notes.add("N|NUM")
        value = int(value)
    if type(value) is not int or not 1 <= value <= 9:
        notes.add("N|NUM")
    return value
