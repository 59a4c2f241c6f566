"""What serves does not hold the owner's address: who breaks into it finds no way to change the ledger."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.servers import wait_until
from tiemchung.cli.installation import Installation
from tiemchung.cli.stack import free_port

OWNER = b"DATABASE_OWNER_URL="


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation for practice, whose database runs."""
    found = Installation(tmp_path_factory.mktemp("owner"))
    found.make_practice(timedelta(0))
    server = found.start_database()
    yield found
    server.stop()
    server.release()


def environments(group: int) -> list[bytes]:
    """The environment of every process of a group, as it was started with."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == group:
                found.append((folder / "environ").read_bytes())
        except (ProcessLookupError, FileNotFoundError, PermissionError):  # gone meanwhile, or another's
            continue
    return found


def served(installation: Installation, *command: str, path: str) -> list[bytes]:
    """Start a command that serves, and give the environments of its processes once it answers."""
    port = free_port()
    place = ["--embedded", str(installation.folder), "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tiemchung.cli.main", *command, *place],
        process_group=0,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: process.poll() is not None or answers(f"http://127.0.0.1:{port}{path}"), "an answer")
        return environments(process.pid)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=2).status_code < 600
    except httpx.TransportError:
        return False


@pytest.mark.parametrize(("command", "path"), [(("serve",), "/song/"), (("population", "serve"), "/check")])
def test_no_process_that_serves_has_it(installation: Installation, command: tuple[str, ...], path: str) -> None:
    found = served(installation, *command, path=path)
    assert len(found) > 1  # the one that was started, and those that answer
    assert any(b"\0DATABASE_URL=" in each for each in found)
    assert [each for each in found if OWNER in each] == []


def test_a_worker_does_not_start_with_it() -> None:
    """Before it asks any database."""
    secrets = {"TIEMCHUNG_SECRET_KEY": "x", "TIEMCHUNG_DATA_KEYS": "x" * 32, "TIEMCHUNG_POPULATION_SECRET": "x"}
    addresses = {"DATABASE_URL": "postgresql:///nowhere", "DATABASE_OWNER_URL": "postgresql:///nowhere"}
    done = subprocess.run(
        [sys.executable, "-m", "tiemchung.cli.main", "worker"],
        env={**os.environ, **secrets, **addresses},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "DATABASE_OWNER_URL is for tiemchung migrate and data-keys rotate alone" in done.stderr
