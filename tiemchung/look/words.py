"""Figures, dates and messages in the reader's language.

Vietnamese: 1.248 and 14/05/2022. English: 1,248 and 14 May 2022.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Protocol

from django.utils import timezone, translation

Number = int | float | Decimal


class InTwoLanguages(Protocol):
    """What says itself in both languages, as the platform's errors and the rules' questions do."""

    @property
    def vi(self) -> str: ...
    @property
    def en(self) -> str: ...


def vietnamese() -> bool:
    """Is the reader's language Vietnamese? It is unless English was chosen."""
    return not (translation.get_language() or "vi").startswith("en")


def other_language() -> str:
    """Return the code of the language that the page is not in."""
    return "en" if vietnamese() else "vi"


def said(words: InTwoLanguages) -> str:
    """Return the text of an error in the reader's language."""
    return words.vi if vietnamese() else words.en


def number(value: Number, places: int = 0) -> str:
    """Write a number with the language's separators and `places` decimals."""
    written = f"{value:,.{places}f}"
    return written.translate(str.maketrans(",.", ".,")) if vietnamese() else written


def millions(value: Number) -> str:
    """Write a count as millions with one decimal: 215.900.000 reads 215,9."""
    return number(Decimal(value) / 1_000_000, 1)


def percent(value: Number, places: int = 1) -> str:
    """Write a share between 0 and 1 as a percentage."""
    return f"{number(Decimal(str(value)) * 100, places)}%"


def _local(moment: datetime.datetime) -> datetime.datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def day(value: datetime.date | datetime.datetime) -> str:
    """Write a date: 14/05/2022, in English 14 May 2022."""
    date = _local(value) if isinstance(value, datetime.datetime) else value
    return f"{date:%d/%m/%Y}" if vietnamese() else f"{date.day} {date:%B %Y}"


def short_day(value: datetime.date | datetime.datetime) -> str:
    """Write a date without its year: 14/05, in English 14 May."""
    date = _local(value) if isinstance(value, datetime.datetime) else value
    return f"{date:%d/%m}" if vietnamese() else f"{date.day} {date:%B}"


def tick(value: datetime.date) -> str:
    """Write a day on a chart's axis: 15/4, in English 15 Apr."""
    return f"{value.day}/{value.month}" if vietnamese() else f"{value.day} {value:%b}"


def hour(value: datetime.datetime | datetime.time) -> str:
    """Write a time of day: 08:50, in Viet Nam's time."""
    moment = _local(value) if isinstance(value, datetime.datetime) else value
    return f"{moment:%H:%M}"


def wrong_and_cure(text: str) -> tuple[str, str]:
    """Split a message into its first sentence (what is wrong) and the rest (the cure)."""
    wrong, stop, cure = text.partition(". ")
    return (f"{wrong}.", cure) if stop else (text, "")
