"""Worked cases of the campaign of 2021-22, chapter by chapter, in `cases/`: each line is a specification."""

from pathlib import Path

import pytest

from tests.spec.dosing.worked import Case, cases, check
from tiemchung.dosing import Rules

CHAPTERS = sorted((Path(__file__).parent / "cases").glob("*.txt"))
CASES = [pytest.param(case, id=f"{path.stem}-{case.id}") for path in CHAPTERS for case in cases(path)]


@pytest.mark.parametrize("case", CASES)
def test_worked_case(case: Case) -> None:
    assert check(case, Rules.load()) == []
