from datetime import date
from pathlib import Path

from tiemchung.dosing import Rules
from tiemchung.dosing.timetable import page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "dosing.md"


def test_timetable_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(Rules.load()), "run: tiemchung dosing timetable"


def test_timetable_of_an_earlier_day_shows_that_days_rules() -> None:
    text = page(Rules.load(), date(2021, 9, 1))
    assert "| AstraZeneca (AZ) | 18 y and over | 3355/QĐ-BYT | 8 weeks" in text
    assert "booster" not in text.split("## Products")[0].split("## What postpones")[0]
