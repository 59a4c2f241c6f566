"""Digits as people and spreadsheets write them."""

import re
import unicodedata

_SEPARATORS = re.compile(r"[\s.\-‐-―−·_/\\,]+")
_INVISIBLE = re.compile("[­​-‏⁠﻿]")


def compact(text: str) -> str:
    """Drop spaces, dots, dashes and invisible characters; full-width characters become plain, letters upper."""
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return _SEPARATORS.sub("", plain).upper()


def all_digits(text: str) -> bool:
    """Whether the text is one or more of the ten ASCII digits."""
    return text.isascii() and text.isdigit()
