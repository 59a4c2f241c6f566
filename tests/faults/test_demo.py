"""The campaign day holds when the server dies in its middle: nothing acknowledged is lost, nothing counted twice."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tiemchung.cli.stack import free_port


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A small day whose server is killed with SIGKILL in the middle of the morning and started again."""
    folder = tmp_path_factory.mktemp("day") / "run"
    ports = ["--port", str(free_port()), "--population-port", str(free_port())]
    command = [sys.executable, "-m", "tiemchung.cli.main", "demo", "--folder", str(folder), *ports]
    run = subprocess.run(
        [*command, "--people", "48", "--kill-server", "--json"], capture_output=True, text=True, timeout=900
    )
    assert run.returncode == 0, run.stderr[-3000:] + _logs(folder)
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def _logs(folder: Path) -> str:
    return "".join(f"\n{path.name}:\n{path.read_text()[-1500:]}" for path in sorted((folder / "logs").glob("*.log")))


def test_the_day_ends_although_the_server_was_killed(day: dict[str, Any]) -> None:
    assert day["server_killed"]
    assert day["retries"] > 0


def test_every_dose_is_in_ledger_stock_tally_and_figures(day: dict[str, Any]) -> None:
    assert day["problems"] == []
    injected = day["parts"]["morning"]["injected"]
    assert injected > 40
    for name in ("ledger", "stock", "tally"):
        assert sum(site[name] for site in day["sites"]) == injected
    assert day["parts"]["figures"]["given"] == injected
    assert day["parts"]["figures"]["recorded"] == injected + day["parts"]["first_doses"]["late_entries"]


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


def test_the_verifier_tells_good_from_forged(day: dict[str, Any]) -> None:
    verdicts = day["parts"]["look_up"]
    assert verdicts["good_ok"] == day["people"]["passports"]
    assert verdicts["forged_stop"] > 0
    assert set(verdicts) <= {"good_ok", "forged_stop", "revoked_stop"}
