"""A campaign day that was played once for the whole run of tests, whoever asks first."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tiemchung.cli.installation import Installation
from tiemchung.cli.stack import Stack, free_port

PEOPLE = 48


@dataclass(frozen=True)
class PlayedDay:
    """The day's installation, and the numbers that `tiemchung demo --json` printed."""

    folder: Path
    result: dict[str, Any]

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve the installation as it stands after the day; yields the address of its pages."""
        installation = Installation(self.folder)
        server = installation.start_database()
        population_port = free_port()
        environment = {
            **installation.environment(),
            "TIEMCHUNG_POPULATION_URL": f"http://127.0.0.1:{population_port}",
        }
        stack = Stack(environment, installation.logs, free_port(), population_port)
        try:
            stack.start()
            yield stack.url
        finally:
            stack.stop()
            server.release()


@pytest.fixture(scope="session")
def played_day(tmp_path_factory: pytest.TempPathFactory) -> PlayedDay:
    """A small day whose server was killed with SIGKILL in the middle of the morning and started again."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "played"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        numbers = shared / "numbers.json"
        if not numbers.exists():
            numbers.write_text(play_day(shared / "run"))
    return PlayedDay(shared / "run", json.loads(numbers.read_text()))


def play_day(folder: Path) -> str:
    """Play a small day in a folder of its own, the server killed in its middle; gives the numbers as JSON."""
    ports = ["--port", str(free_port()), "--population-port", str(free_port())]
    command = [sys.executable, "-m", "tiemchung.cli.main", "demo", "--folder", str(folder), *ports]
    run = subprocess.run(
        [*command, "--people", str(PEOPLE), "--kill-server", "--json"], capture_output=True, text=True, timeout=900
    )
    assert run.returncode == 0, run.stderr[-3000:] + _logs(folder)
    return run.stdout


def _logs(folder: Path) -> str:
    return "".join(f"\n{path.name}:\n{path.read_text()[-1500:]}" for path in sorted((folder / "logs").glob("*.log")))
