"""How do the processes of an installation live and die together? As children of the one who started them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx

from tiemchung.ground.errors import ConflictError

PATIENCE = 60.0  # seconds until a process must answer
GRACE = 10.0  # seconds to end by itself


@dataclass
class Stack:
    """The server, the worker and the population side of one installation, as children of this process."""

    environment: Mapping[str, str]
    logs: Path
    port: int
    population_port: int
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start all three and wait until the two that answer do. Raises ConflictError when a port is taken."""
        for port in (self.port, self.population_port):
            _check_free(port)
        self.start_population()
        self.start_server()
        self._spawn("worker", "worker")
        self._wait_for("server", f"{self.url}/song/")
        self.wait_for_population()

    def start_server(self) -> None:
        """Start the health side's server."""
        self._spawn("server", "serve", "--port", str(self.port))

    def start_population(self) -> None:
        """Start the population side."""
        self._spawn("population", "population", "serve", "--port", str(self.population_port))

    def stop_population(self) -> None:
        """SIGKILL to the population side, as if the line to it were cut."""
        self._kill("population")

    def start_population_again(self) -> None:
        """Start the population side and wait until it answers."""
        self.start_population()
        self.wait_for_population()

    def wait_for_population(self) -> None:
        """Wait until the population side answers. Raises ConflictError when it does not start."""
        self._wait_for("population", f"http://127.0.0.1:{self.population_port}/check")

    def kill_server(self) -> None:
        """SIGKILL to the server and all its processes, as a power cut would."""
        self._kill("server")

    def _kill(self, name: str) -> None:
        process = self._running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def run(self, *command: str) -> None:
        """Run one command of ours to its end, in this installation. Raises CalledProcessError."""
        ours = [sys.executable, "-m", "tiemchung.cli.main", *command]
        subprocess.run(ours, env={**os.environ, **self.environment}, check=True, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        """End everything, politely first."""
        for process in self._running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._running.clear()

    def wait(self) -> None:
        """Wait until a child ends."""
        while all(process.poll() is None for process in self._running.values()):
            time.sleep(0.5)

    def _spawn(self, name: str, *command: str) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as log:
            self._running[name] = _child(command, self.environment, log)

    def _wait_for(self, name: str, url: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self._running[name].poll() is not None:
                break
            with suppress(httpx.TransportError):
                httpx.get(url, timeout=2)
                return
            time.sleep(0.1)
        raise ConflictError(
            "not_started",
            field=name,
            vi=f"Tiến trình {name} chưa chạy được. Xem {self.logs / name}.log.",
            en=f"The process {name} did not start. See {self.logs / name}.log.",
        )


def _child(command: tuple[str, ...], environment: Mapping[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """A child in a process group of its own, so that its workers end with it."""
    return subprocess.Popen(
        [sys.executable, "-m", "tiemchung.cli.main", *command],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        process_group=0,
    )


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise ConflictError(
                "port_taken",
                field="port",
                vi=f"Cổng {port} đang có chương trình khác dùng. Chọn cổng khác bằng --port.",
                en=f"Port {port} is in use by another program. Choose another with --port.",
            ) from None
