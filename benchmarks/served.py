"""What the benchmarks of the served platform share: an installation with people in it, its server, and callers.

The installation lives in a folder of its own and goes with it. Callers speak HTTP over connections that stay open,
with the session cookie and CSRF token of an account that signed in, and cost as little as they can: they share the
machine with the server and the database.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.measure import CORES, say

DAY = datetime(2022, 5, 14, 9, 0, tzinfo=timezone(timedelta(hours=7)))  # when the dose rules of the campaign hold
PORT = int(os.environ.get("PORT", "8765"))
CSRF = "x" * 32
_MADE = UUID("01800000-0000-7000-8000-000000000000").int


def person_id(number: int) -> UUID:
    """The id of the person whom `fill` made under this number, from 1."""
    return UUID(int=_MADE + number)


@contextmanager
def installed() -> Iterator[Any]:
    """An empty installation that lives on a day of the campaign, with Django ready as the owner of its tables."""
    from tiemchung.cli.installation import Installation

    with tempfile.TemporaryDirectory(prefix="tiemchung-bench-") as folder:
        installation = Installation(Path(folder) / "bench")
        installation.make_practice(DAY - datetime.now(UTC))
        server = installation.enter()
        try:
            command = [sys.executable, "-m", "tiemchung.cli.main", "migrate", "--embedded", str(installation.folder)]
            subprocess.run(command, check=True, capture_output=True)
            from tiemchung.cli.processes import prepare

            prepare(None, as_owner=True)
            yield installation
        finally:
            server.release()
            installation.server.stop()


@contextmanager
def serving(installation: Any, workers: int = CORES) -> Iterator[None]:
    """Its server, answering on PORT."""
    command = [sys.executable, "-m", "tiemchung.cli.main", "serve", "--embedded", str(installation.folder)]
    log = (installation.folder / "served.log").open("w")
    running = subprocess.Popen([*command, f"--port={PORT}", f"--workers={workers}"], stdout=log, stderr=log)
    try:
        _wait(running)
        yield
    finally:
        running.terminate()
        running.wait()


def _wait(running: "subprocess.Popen[bytes]", patience: float = 60) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until and running.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", PORT), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


PERSONS = """
    INSERT INTO people_person (id, full_name, name_key, name_tokens, name_sort, birth_date, birth_precision, sex,
                               nationality, address, insurance_number, qid, created_at)
    SELECT ('01800000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, name.full_name, name.key,
           string_to_array(name.tokens, ' '), name.sort, date '1940-01-01' + (n %% 24000)::int, 'day', 'female',
           'VN', '', '', lpad(n::text, 18, '0'), %(now)s
    FROM generate_series(1, %(people)s) n
    JOIN unnest(%(names)s::text[], %(keys)s::text[], %(tokens)s::text[], %(sorts)s::text[])
         WITH ORDINALITY AS name (full_name, key, tokens, sort, place) ON name.place = 1 + n %% %(variety)s
"""


def fill(people: int) -> None:
    """Write so many persons, by set-based SQL."""
    from django.db import connection

    from tiemchung.ground import clock
    from tiemchung.vietnam.names import NormalisedName

    parsed = [NormalisedName.parse(name) for name in NAMES]
    values = {
        "now": clock.now(),
        "people": people,
        "names": list(NAMES),
        "keys": [one.match_key for one in parsed],
        "tokens": [" ".join(one.search_tokens) for one in parsed],
        "sorts": [one.sort_key for one in parsed],
        "variety": len(NAMES),
    }
    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(PERSONS, values)
        cursor.execute("VACUUM ANALYZE people_person")
    say(f"{people:,} persons in {time.monotonic() - started:.0f} s")


NAMES = (
    *("Bùi Thị Ngát", "Vi Thị Hoa", "Lý Thị Sửu", "Nguyễn Thị Hồng Nhung", "Trần Thị Mỹ Duyên", "Lê Thị Thu Hà"),
    *("Phạm Thị Bích Ngọc", "Hoàng Thị Lan", "Phan Thị Kim Chi", "Vũ Thị Thanh Tâm", "Đặng Thị Quỳnh", "Đỗ Thị Mai"),
)


@dataclass(frozen=True)
class Caller:
    """One open connection of an account that signed in."""

    connection: socket.socket
    cookies: str

    @classmethod
    def of(cls, account: Any) -> "Caller":
        """Sign an account in, as the sign-in page does, and connect."""
        return cls(_connect(), cookies_of(account))

    def post(self, path: str, content: Any) -> bytes:
        """Send JSON; give the body of the answer. Raises SystemExit for any status but 200."""
        return self.send(self.request(path, content))

    def request(self, path: str, content: Any) -> bytes:
        """The request as it goes over the wire, made beforehand so that making it costs nothing in the run."""
        body = json.dumps(content).encode()
        return (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nContent-Type: application/json\r\n"
            f"X-CSRFToken: {CSRF}\r\nCookie: {self.cookies}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body

    def send(self, request: bytes) -> bytes:
        """Send what `request` made and give the body of the answer. Raises SystemExit for any status but 200."""
        self.connection.sendall(request)
        return answer(self.connection)


def answer(connection: socket.socket) -> bytes:
    """Read one answer of known length. Raises SystemExit for any status but 200."""
    had = b""
    while b"\r\n\r\n" not in had:
        had += _more(connection)
    head, _, body = had.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit((head + body).decode(errors="replace")[:2000])
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += _more(connection)
    return body


def _more(connection: socket.socket) -> bytes:
    more = connection.recv(1 << 16)
    if not more:
        raise SystemExit("the server closed the connection")
    return more


def _connect() -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", PORT))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def cookies_of(account: Any) -> str:
    """The cookies of a fresh sign-in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(account)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}; csrftoken={CSRF}"
