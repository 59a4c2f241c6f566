"""dn/sd of the passport: what the last dose of each kind of history is numbered."""

import pytest

from tests.spec.dosing.worked import Case
from tiemchung.dosing import Rules

# history | conditions | kind of the last dose | dn/sd | product whose codes it carries
NUMBERS = """
AZ@2021-07-01                                                            | -                 | primary    | 1/2 | AZ
AZ@2021-07-01, AZ@2021-08-26                                             | -                 | primary    | 2/2 | AZ
AZ@2021-07-01, PF@2021-08-26                                             | -                 | primary    | 2/2 | PF
JJ@2021-12-01                                                            | -                 | primary    | 1/1 | JJ
AB@2021-10-20                                                            | -                 | primary    | 1/3 | AB
AB@2021-10-20, AB@2021-11-03                                             | -                 | primary    | 2/3 | AB
AB@2021-10-20, AB@2021-11-03, AB@2021-11-17                              | -                 | primary    | 3/3 | AB
PF@2021-08-01, PF@2021-08-22, PF@2022-01-05                              | -                 | booster1   | 3/3 | PF
JJ@2021-12-01, PF@2022-03-05                                             | -                 | booster1   | 2/1 | PF
AB@2021-10-20, AB@2021-11-03, AB@2021-11-17, PF@2022-02-20               | -                 | booster1   | 4/4 | PF
PF@2021-08-01, PF@2021-08-22, PF@2022-01-05, MO@2022-06-01               | health_worker     | booster2   | 4/4 | MO
JJ@2021-12-01, PF@2022-03-05, PF@2022-07-10                              | health_worker     | booster2   | 3/1 | PF
VC@2021-11-01, VC@2021-11-25, PF@2021-12-27                              | -                 | additional | 3/3 | PF
VC@2021-11-01, VC@2021-11-25, PF@2021-12-27, PF@2022-03-28               | -                 | booster1   | 4/4 | PF
JJ@2021-11-01, PF@2021-12-20                                             | immunocompromised | additional | 2/1 | PF
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in NUMBERS.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].replace(", ", "+"))
def test_last_dose_is_numbered(row: list[str]) -> None:
    answer = Case("", row[1], row[0], "2022-08-01", "", "", "").ask(Rules.load())
    last = answer.doses[-1]
    assert (last.kind, f"{last.dn}/{last.sd}", last.product) == (row[2], row[3], row[4])
    assert not answer.held


@pytest.mark.parametrize("row", [row for row in ROWS if row[3] not in ("1/2", "1/3", "2/3")], ids=lambda row: row[0])
def test_passport_carries_the_number_and_the_codes_of_the_last_product(row: list[str]) -> None:
    rules = Rules.load()
    passport = Case("", row[1], row[0], "2022-08-01", "", "", "").ask(rules).passport
    assert passport is not None
    assert f"{passport.dn}/{passport.sd}" == row[3]
    assert passport.eu == rules.products[row[4]].eu


def test_additional_dose_is_never_called_the_third() -> None:
    answer = Case("", "-", "VC@2021-11-01, VC@2021-11-25, PF@2021-12-27", "2022-02-01", "", "", "").ask(Rules.load())
    assert answer.doses[-1].label == ("bổ sung", "additional")
