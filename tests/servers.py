"""Servers of their own for the tests of the embedded server, quickly made: a copy of a data folder made once."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tiemchung.ground.embedded import locks, processes
from tiemchung.ground.embedded.server import EmbeddedServer

PATIENCE = 60.0  # seconds that a loaded machine may take for what is awaited


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Wait for a condition; fail when it does not come true."""
    if not any(condition() for _ in locks.until(PATIENCE)):
        pytest.fail(f"{what}: did not happen in {PATIENCE:.0f} s")


def processes_of(server: EmbeddedServer) -> list[int]:
    """All that lives of a server."""
    keeper = [server.status().keeper_pid] if locks.is_held(server.place.keeper_lock) else []
    return [pid for pid in [*keeper, *processes.working_in(server.place.pgdata)] if pid]


def remember(server: EmbeddedServer, word: str) -> None:
    """Commit a word."""
    with psycopg.connect(server.url("postgres")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS remembered (word text)")
        connection.execute("INSERT INTO remembered VALUES (%s)", [word])


def remembered(server: EmbeddedServer) -> list[str]:
    """All words that were committed."""
    with psycopg.connect(server.url("postgres")) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM remembered")]


def starter(folder: Path, then: str = "") -> "subprocess.Popen[str]":
    """Another process that starts a server and then does something; it says `started` in between."""
    code = (
        "import sys; from pathlib import Path\n"
        "from tiemchung.ground.embedded.server import EmbeddedServer\n"
        "server = EmbeddedServer(Path(sys.argv[1]), durable=False, linger=0)\n"
        "server.start()\n"
        "print('started', server.status().pid, flush=True)\n" + then
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="session")
def made_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server's folder with data, stopped."""
    server = EmbeddedServer(tmp_path_factory.mktemp("made") / "server", durable=False)
    server.start()
    remember(server, "đã ghi")
    server.stop()
    server.release()
    return server.place.root


@pytest.fixture
def server(made_folder: Path, tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A server of the test's own, stopped, with one word remembered."""
    folder = tmp_path / "server"
    subprocess.run(["cp", "-a", made_folder, folder], check=True)
    found = EmbeddedServer(folder, durable=False, linger=0)
    yield found
    found.stop()
    found.release()


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A server whose folder is not there yet."""
    found = EmbeddedServer(tmp_path / "new", durable=False, linger=0)
    yield found
    found.stop()
    found.release()


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk or change accounts")
