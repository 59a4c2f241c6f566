"""The campaign day holds when the server dies in its middle: nothing acknowledged is lost, nothing counted twice."""

from typing import Any

import pytest

from tests.played import PlayedDay


@pytest.fixture
def day(played_day: PlayedDay) -> dict[str, Any]:
    """The numbers of a day whose server was killed."""
    return played_day.result


def test_the_day_ends_although_the_server_was_killed(day: dict[str, Any]) -> None:
    assert day["server_killed"]
    assert day["retries"] > 0


def test_every_dose_is_in_ledger_stock_tally_and_figures(day: dict[str, Any]) -> None:
    assert day["problems"] == []
    injected = day["parts"]["morning"]["injected"]
    assert injected > 40
    for name in ("ledger", "stock", "tally"):
        assert sum(site[name] for site in day["sites"]) == injected
    with_first_doses = injected + day["parts"]["first_doses"]["late_entries"]
    assert day["parts"]["figures"]["given"] == with_first_doses
    assert day["parts"]["figures"]["recorded"] == with_first_doses


def test_what_was_sent_twice_was_known_already(day: dict[str, Any]) -> None:
    assert day["parts"]["catch_up"]["already_had"] > 0
    assert "conflict" not in day["parts"]["catch_up"]
    assert "quarantined" not in day["parts"]["catch_up"]


def test_the_backlog_of_a_late_device_goes_to_nil(day: dict[str, Any]) -> None:
    assert day["parts"]["catch_up"]["backlog_before"] > 0
    assert day["parts"]["catch_up"]["backlog_after"] == 0


def test_who_puts_his_data_right_gets_his_passport(day: dict[str, Any]) -> None:
    assert day["parts"]["mend"]["right"] > day["parts"]["identity"]["right"]
    assert day["people"]["passports"] >= day["parts"]["issue"]["passports"] > 0


def test_what_is_still_wrong_is_put_right_by_sheet_and_by_slip(day: dict[str, Any]) -> None:
    done, before = day["parts"]["clean"], day["parts"]["mend"]
    assert done["tasks"] == done["by_decision"] + done["by_sheet"] + done["to_police"] > 0
    assert done["slips"] == done["to_police"] > 0
    assert done["taken_twice"] == 0  # the same sheet again
    assert done["right"] > before["right"]
    assert done["left"] == 0
    assert day["parts"]["issue_again"]["passports"] > 0


def test_everything_is_as_it_was_sealed_though_the_server_was_killed(day: dict[str, Any]) -> None:
    sealed = day["parts"]["audit"]
    assert sealed["problems"] == 0
    assert sealed["seals"] > 0
    assert sealed["rows_as_they_were_sealed"] > 700


def test_the_verifier_tells_good_from_forged(day: dict[str, Any]) -> None:
    verdicts = day["parts"]["look_up"]
    assert verdicts["good_ok"] == day["people"]["passports"]
    assert verdicts["forged_stop"] > 0
    assert set(verdicts) <= {"good_ok", "forged_stop", "revoked_stop"}
