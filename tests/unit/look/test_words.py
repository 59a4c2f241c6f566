"""Figures and dates in the reader's language."""

import datetime
from types import SimpleNamespace

import pytest
from django.utils import translation

from tiemchung.look import words


@pytest.mark.parametrize(
    ("value", "places", "vietnamese", "english"),
    [
        (1248, 0, "1.248", "1,248"),
        (71.64, 1, "71,6", "71.6"),
        (215_900_000, 0, "215.900.000", "215,900,000"),
        (0, 0, "0", "0"),
    ],
)
def test_numbers_have_the_languages_separators(value: float, places: int, vietnamese: str, english: str) -> None:
    assert words.number(value, places) == vietnamese
    with translation.override("en"):
        assert words.number(value, places) == english


def test_millions_and_shares() -> None:
    assert words.millions(215_900_000) == "215,9"
    assert words.percent(0.993) == "99,3%"


def test_dates() -> None:
    day = datetime.date(2022, 5, 14)
    assert (words.day(day), words.short_day(day), words.tick(day)) == ("14/05/2022", "14/05", "14/5")
    with translation.override("en"):
        assert (words.day(day), words.short_day(day), words.tick(day)) == ("14 May 2022", "14 May", "14 May")


def test_moments_are_told_in_viet_nams_time() -> None:
    moment = datetime.datetime(2022, 5, 13, 18, 50, tzinfo=datetime.UTC)
    assert words.hour(moment) == "01:50"
    assert words.day(moment) == "14/05/2022"


def test_an_error_is_said_in_the_readers_language() -> None:
    error = SimpleNamespace(vi="Còn sớm 9 ngày.", en="9 days too early.")
    assert words.said(error) == "Còn sớm 9 ngày."
    with translation.override("en"):
        assert words.said(error) == "9 days too early."


@pytest.mark.parametrize(
    ("text", "wrong", "cure"),
    [
        ("Mới có 10 số, cần đủ 12. Quét mã QR trên thẻ.", "Mới có 10 số, cần đủ 12.", "Quét mã QR trên thẻ."),
        ("Còn sớm 9 ngày.", "Còn sớm 9 ngày.", ""),
        ("Tối đa 1.248 mũi. Chia làm hai.", "Tối đa 1.248 mũi.", "Chia làm hai."),
    ],
)
def test_the_cure_is_what_follows_the_first_sentence(text: str, wrong: str, cure: str) -> None:
    assert words.wrong_and_cure(text) == (wrong, cure)
