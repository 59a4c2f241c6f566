"""The dated rows of the second primary dose: on each row's first and last day, the interval to the day."""

from datetime import date, timedelta

import pytest

from tiemchung.dosing import GivenDose, Rules, Subject, Verdict

LAST = "2022-12-31"

# first -> second | from | to | least interval, days | born | province | what it hangs on | mark | dispatch
ROWS = """
AZ>AZ     | 2021-05-03 | 2021-07-26 | 28 | 1985-06-15 | 48 |                      | unconfirmed | 1467
AZ>AZ     | 2021-07-27 | 2022-12-31 | 56 | 1985-06-15 | 48 |                      | confirmed   | 6030
AZ>PF     | 2021-07-27 | 2022-12-31 | 56 | 1985-06-15 | 48 | supply_short consent | confirmed   | 6030
AZ>AZ     | 2021-09-24 | 2022-12-31 | 42 | 1985-06-15 | 79 |                      | confirmed   | hcmc-2021-09-24
AZ>PF     | 2021-09-24 | 2022-12-31 | 42 | 1985-06-15 | 79 | supply_short consent | confirmed   | 7820
AZ>AZ     | 2021-11-15 | 2022-12-31 | 28 | 1985-06-15 | 01 |                      | confirmed   | hanoi-2021-11-15
AZ>PF     | 2021-11-15 | 2022-12-31 | 28 | 1985-06-15 | 01 | supply_short consent | confirmed   | 7820
AZ>PF     | 2021-07-13 | 2021-07-26 | 56 | 1985-06-15 | 48 | supply_short consent | unconfirmed | 5873
AZ>MO     | 2021-09-08 | 2021-12-11 | 56 | 1985-06-15 | 48 | supply_short consent | contested   | notice-2021-09-08
AZ>MO     | 2021-12-12 | 2022-12-31 | 56 | 1985-06-15 | 48 | supply_short         | confirmed   | mixing-2021-12-12
AZ>MO     | 2021-12-12 | 2022-12-31 | 42 | 1985-06-15 | 79 | supply_short         | confirmed   | mixing-2021-12-12
AZ>MO     | 2021-12-12 | 2022-12-31 | 28 | 1985-06-15 | 01 | supply_short         | confirmed   | mixing-2021-12-12
PF>PF     | 2021-07-15 | 2022-12-31 | 21 | 1985-06-15 | 48 |                      | confirmed   | 1209
PF>MO     | 2021-09-10 | 2021-12-11 | 21 | 1985-06-15 | 48 | supply_short consent | confirmed   | 7548
PF>MO     | 2021-12-12 | 2022-12-31 | 21 | 1985-06-15 | 48 | supply_short         | confirmed   | mixing-2021-12-12
MO>MO     | 2021-07-26 | 2022-12-31 | 28 | 1985-06-15 | 48 |                      | confirmed   |
MO>PF     | 2021-09-08 | 2022-12-31 | 28 | 1985-06-15 | 48 | supply_short consent | confirmed   |
VC>VC     | 2021-06-24 | 2022-12-31 | 21 | 1985-06-15 | 48 |                      | confirmed   | 2763
HV>HV     | 2021-10-01 | 2022-12-31 | 21 | 1985-06-15 | 48 |                      | unconfirmed | approval-hv
SV>SV     | 2021-04-13 | 2022-12-31 | 21 | 1985-06-15 | 48 |                      | confirmed   | 1654
AB>AB     | 2021-10-18 | 2022-12-31 | 14 | 1985-06-15 | 48 |                      | confirmed   | guidance-ab
CX>CX     | 2021-12-08 | 2022-12-31 | 28 | 1985-06-15 | 48 |                      | confirmed   | who-cx
PF>PF     | 2021-10-14 | 2022-12-31 | 21 | 2008-01-01 | 48 | guardian             | confirmed   | 8688
PF10>PF10 | 2022-04-18 | 2022-04-24 | 21 | 2014-01-01 | 48 | guardian             | unconfirmed | 1535
MO25>MO25 | 2022-04-25 | 2022-12-31 | 28 | 2014-01-01 | 48 | guardian             | unconfirmed   | 947
PF10>PF10 | 2022-04-25 | 2022-12-31 | 28 | 2014-01-01 | 48 | guardian             | confirmed   | 947
"""
PARSED = [[cell.strip() for cell in line.split("|")] for line in ROWS.strip().splitlines()]
EDGES = [(row, day) for row in PARSED for day in (row[1], row[2])]


def _ask(row: list[str], day: str, interval: int) -> Verdict:
    first, second = row[0].split(">")
    dose = GivenDose(first, date.fromisoformat(day) - timedelta(days=interval), area=row[5])
    return Rules.load().may_give(Subject(row[4]), [dose], product=second, area=row[5], on=day)


@pytest.mark.parametrize(("row", "day"), EDGES, ids=lambda one: one if isinstance(one, str) else "-".join(one[:2]))
def test_second_dose_is_allowed_on_the_day_of_the_least_interval(row: list[str], day: str) -> None:
    verdict = _ask(row, day, int(row[3]))
    assert verdict.allowed, verdict.reason.en
    assert set(verdict.needs) == set(row[6].split())
    assert verdict.mark == row[7]
    assert row[8] in ("", *(dispatch.id for dispatch in verdict.dispatch))


@pytest.mark.parametrize(("row", "day"), EDGES, ids=lambda one: one if isinstance(one, str) else "-".join(one[:2]))
def test_second_dose_is_too_early_the_day_before_the_least_interval(row: list[str], day: str) -> None:
    verdict = _ask(row, day, int(row[3]) - 1)
    assert not verdict.allowed
    assert verdict.code == "too_early"
    assert verdict.from_ == date.fromisoformat(day) + timedelta(days=1)


@pytest.mark.parametrize("day", ["2021-07-14", "2021-09-07"])
def test_moderna_after_astrazeneca_is_forbidden_at_any_interval(day: str) -> None:
    verdict = _ask(["AZ>MO", "", "", "", "1985-06-15", "48"], day, 90)
    assert not verdict.allowed
    assert verdict.rule == "az-mo-forbidden"


def test_abdala_keeps_its_interval_for_the_third_dose() -> None:
    doses = [GivenDose("AB", "2021-10-20"), GivenDose("AB", "2021-11-03")]
    verdicts = [
        Rules.load().may_give(Subject("1985"), doses, product="AB", area="48", on=day)
        for day in ("2021-11-16", "2021-11-17")
    ]
    assert [verdict.allowed for verdict in verdicts] == [False, True]


@pytest.mark.parametrize("second", ["AZ", "PF", "MO", "SV", "JJ", "AB", "HV", "CX"])
def test_nothing_but_vero_cell_follows_vero_cell_in_the_course(second: str) -> None:
    verdict = _ask([f"VC>{second}", "", "", "", "1985-06-15", "48"], LAST, 60)
    assert not verdict.allowed
    assert verdict.code == "mix_not_permitted"
    assert verdict.field == "product"
