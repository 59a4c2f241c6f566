"""A server that is told to end ends: with connections open, and with a request half sent."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers import PATIENCE, wait_until
from tiemchung.cli.stack import free_port

ASK = b"GET /song/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
Connect = Callable[[], socket.socket | None]


@pytest.fixture
def serving(fresh_database: Callable[..., str], tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", Connect]]:
    """A server process with one worker, and how one connects to it; None before it listens."""
    port, opened = free_port(), list[socket.socket]()
    environment = {**os.environ, "DATABASE_URL": fresh_database(), "TIEMCHUNG_ANY_ROLE": "1"}
    command = [sys.executable, "-m", "tiemchung.cli.main", "serve", f"--port={port}", "--workers=1"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, start_new_session=True)

    def connect() -> socket.socket | None:
        try:
            opened.append(socket.create_connection(("localhost", port), timeout=PATIENCE))
        except OSError:
            return None
        return opened[-1]

    yield process, connect
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for one in opened:
        one.close()


def test_a_connection_that_stays_open_holds_up_no_end(
    serving: tuple["subprocess.Popen[bytes]", Connect],
) -> None:
    process, connect = serving
    kept: list[socket.socket | None] = []
    wait_until(lambda: kept.append(connect()) or kept[-1], "the server")
    connection = kept[-1]
    assert connection
    connection.sendall(ASK)
    assert connection.recv(12) == b"HTTP/1.1 200"
    process.terminate()
    assert process.wait(PATIENCE) is not None


def test_a_caller_who_never_ends_his_request_holds_up_no_end(
    serving: tuple["subprocess.Popen[bytes]", Connect],
) -> None:
    process, connect = serving
    kept: list[socket.socket | None] = []
    wait_until(lambda: kept.append(connect()) or kept[-1], "the server")
    slow, other = kept[-1], connect()
    assert slow
    assert other
    slow.sendall(b"POST /dang-nhap/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
    other.sendall(ASK)
    assert other.recv(12) == b"HTTP/1.1 200"
    process.terminate()
    assert process.wait(PATIENCE) is not None
