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
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.measure import CORES, say, timed

DAY = datetime(2022, 5, 14, 9, 0, tzinfo=timezone(timedelta(hours=7)))  # when the dose rules of the campaign hold
PORT = int(os.environ.get("PORT", "8765"))
CSRF = "x" * 32
_MADE = UUID("01800000-0000-7000-8000-000000000000").int


def person_id(number: int) -> UUID:
    """The id of the person whom `fill` made under this number, from 1."""
    return UUID(int=_MADE + number)


@contextmanager
def migrated() -> Iterator[Path]:
    """A database of its own with empty tables and a shelf of practice keys, on a day of the campaign.

    Django is ready, as the owner of the tables: for what calls actions in this process. Gives the folder of it all.
    """
    from tiemchung.ground.embedded.server import EmbeddedServer

    with tempfile.TemporaryDirectory(prefix="tiemchung-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        server = EmbeddedServer(folder / "pg", durable=True)
        server.start()
        try:
            server.create_database("bench")
            _ready(server.url("bench"), folder)
            yield folder
        finally:
            server.stop()
            server.release()


def _ready(database: str, folder: Path) -> None:
    os.environ |= {
        "DATABASE_URL": database,
        "TIEMCHUNG_KEYS": str(folder / "keys"),
        "TIEMCHUNG_SEALS": str(folder / "seals"),
        "TIEMCHUNG_PRACTICE": "1",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    settings.CLOCK_OFFSET = DAY - datetime.now(UTC)


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
            from tiemchung.cli.installation import HEALTH_DATABASE
            from tiemchung.cli.processes import prepare

            os.environ["DATABASE_OWNER_URL"] = installation.server.url(HEALTH_DATABASE)
            prepare(None, as_owner=True)
            del os.environ["DATABASE_OWNER_URL"]  # what serves refuses to start with it at hand
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
        wait_for(running)
        yield
    except BaseException:
        say((installation.folder / "served.log").read_text()[-5000:])
        raise
    finally:
        running.terminate()
        running.wait()


def wait_for(running: "subprocess.Popen[bytes]", patience: float = 60) -> None:
    """Wait until a server answers on PORT. Raises RuntimeError when it ends or does not."""
    until = time.monotonic() + patience
    while time.monotonic() < until and running.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", PORT), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


PERSONS = """
    INSERT INTO people_person (id, full_name, name_key, name_tokens, name_sort, birth_date, birth_precision, sex,
                               nationality, address, insurance_number, qid, created_at)
    SELECT ('01800000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, name.full_name, name.key,
           string_to_array(name.tokens, ' '), name.sort, date '1940-01-01' + (n %% 22000)::int, 'day', 'female',
           'VN', '', %(nothing)s, lpad(n::text, 18, '0'), %(now)s
    FROM generate_series(1, %(people)s) n
    JOIN unnest(%(names)s::text[], %(keys)s::text[], %(tokens)s::text[], %(sorts)s::text[])
         WITH ORDINALITY AS name (full_name, key, tokens, sort, place) ON name.place = 1 + n %% %(variety)s
"""


DOSES = """
    INSERT INTO doses_dose (id, person_id, facility_id, product, lot_id, lot_number, injected_at, injected_by, arm,
                            source, void_reason, recorded_at, recorded_by)
    SELECT ('01800000-0001-7000-8' || lpad(to_hex(round), 3, '0') || '-' || lpad(to_hex(n), 12, '0'))::uuid,
           ('01800000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, site.facility_id, 'AZ', site.lot_id, 'L',
           %(now)s::timestamptz - (4 - round) * interval '60 days', NULL, 'left', 'late_entry', '', %(now)s, %(by)s
    FROM generate_series(1, %(people)s) n CROSS JOIN generate_series(1, %(rounds)s) round
    JOIN unnest(%(facilities)s::uuid[], %(lots)s::uuid[]) WITH ORDINALITY AS site (facility_id, lot_id, place)
      ON site.place = 1 + n %% cardinality(%(facilities)s::uuid[])
"""


def name_and_birth(number: int) -> tuple[str, date]:
    """What `fill` wrote of that person."""
    return NAMES[number % len(NAMES)], date(1940, 1, 1) + timedelta(days=number % 22_000)


def fill_doses(people: int, rounds: int, stations: list[Any]) -> None:
    """Write a dose of each round for every person, entered from paper by these stations in turn, by set-based SQL."""
    from django.db import connection

    from tiemchung.ground import clock

    values = {
        "now": clock.now(),
        "people": people,
        "rounds": rounds,
        "facilities": [station.facility.id for station in stations],
        "lots": [station.lot.id for station in stations],
        "by": stations[0].head.id,
    }
    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(DOSES, values)
        cursor.execute("VACUUM ANALYZE doses_dose")
    say(f"{people * rounds:,} doses in {time.monotonic() - started:.0f} s")


def fill(people: int) -> None:
    """Write so many persons, by set-based SQL."""
    from django.db import connection

    from tiemchung.ground import clock, encryption
    from tiemchung.vietnam.names import NormalisedName

    parsed = [NormalisedName.parse(name) for name in NAMES]
    values = {
        "now": clock.now(),
        "people": people,
        "nothing": encryption.encrypt(b"", purpose="insurance_number"),
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


def at_rate(acting: list[Callable[[int], None]], numbers: list[int], rate: float) -> dict[str, float]:
    """Let each act on every n-th number when it is due, `rate` a second of all; gives rate and percentiles."""
    times: list[float] = []
    began = time.perf_counter() + 0.5

    def act(place: int) -> None:
        for index in range(place, len(numbers), len(acting)):
            due = began + index / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            acting[place](numbers[index])
            times.append(time.perf_counter() - due)

    threads = [threading.Thread(target=act, args=(place,)) for place in range(len(acting))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if len(times) != len(numbers):
        raise RuntimeError("a caller gave up")
    return timed(times, time.perf_counter() - began)


@dataclass(frozen=True)
class Caller:
    """One open connection of an account that signed in."""

    connection: socket.socket
    cookies: str

    @classmethod
    def of(cls, account: Any) -> "Caller":
        """Sign an account in, as the sign-in page does, and connect."""
        return cls(_connect(), cookies_of(account))

    @classmethod
    def nobody(cls) -> "Caller":
        """Somebody who has not signed in."""
        return cls(_connect(), f"csrftoken={CSRF}")

    def post(self, path: str, content: Any) -> bytes:
        """Send JSON; give the body of the answer. Raises RuntimeError for any status but 200."""
        return self.send(self.request(path, content))

    def get(self, path: str) -> bytes:
        """A request for a page, as it goes over the wire."""
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nCookie: {self.cookies}\r\n\r\n".encode()

    def request(self, path: str, content: Any) -> bytes:
        """The request as it goes over the wire, made beforehand so that making it costs nothing in the run."""
        body = json.dumps(content).encode()
        return (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nContent-Type: application/json\r\n"
            f"X-CSRFToken: {CSRF}\r\nCookie: {self.cookies}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body

    def send(self, request: bytes) -> bytes:
        """Send what `request` made and give the body of the answer. Raises RuntimeError for any status but 200."""
        self.connection.sendall(request)
        return answer(self.connection)


def answer(connection: socket.socket) -> bytes:
    """Read one answer of known length. Raises RuntimeError for any status but 200."""
    had = b""
    while b"\r\n\r\n" not in had:
        had += _more(connection)
    head, _, body = had.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError((head + body).decode(errors="replace")[:2000])
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += _more(connection)
    return body


def _more(connection: socket.socket) -> bytes:
    more = connection.recv(1 << 16)
    if not more:
        raise RuntimeError("the server closed the connection")
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
