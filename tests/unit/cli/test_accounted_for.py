"""What a played day says that does not add up."""

from typing import Any

import pytest

from tiemchung.cli.demo import Result

SITE = {"code": "01001", "ledger": 10, "stock": 10, "tally": 10}


def day(**changes: dict[str, int]) -> Result:
    parts: dict[str, dict[str, Any]] = {
        "line_down": {"in_a_batch": 2},
        "morning": {"injected": 10},
        "first_doses": {"late_entries": 5},
        "identity": {"unchecked": 2},
        "batch": {"unchecked": 0},
        "clean": {"unchecked": 0},
        "look_up": {"good_ok": 3},
        "figures": {"given": 15, "recorded": 15},
        "audit": {"problems": 0},
    }
    return Result(parts=parts | changes, sites=[SITE])


def test_a_day_in_which_all_adds_up_has_no_problems() -> None:
    assert day().problems == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"identity": {"unchecked": 9}}, "2 wait in a batch, but 9 are unchecked"),
        ({"batch": {"unchecked": 1}}, "after the batch still 1 unchecked"),
        ({"clean": {"unchecked": 1}}, "after the cleaning still 1 unchecked"),
        ({"morning": {"injected": 11}}, "11 injected, 10 in the ledger"),
        ({"look_up": {"forged_ok": 1}}, "forged_ok: 1"),
        ({"audit": {"problems": 1}}, "audit verify: 1 problems"),
    ],
)
def test_what_does_not_add_up_is_named(changes: dict[str, dict[str, int]], said: str) -> None:
    assert said in day(**changes).problems
