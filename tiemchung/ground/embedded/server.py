"""The door of the embedded server: start it, find it, stop it, ask for its address."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from tiemchung.ground.embedded import databases, errors, locks, processes
from tiemchung.ground.embedded.cluster import SUPERUSER, ensure_cluster, is_whole, version_of
from tiemchung.ground.embedded.layout import ServerFolder
from tiemchung.ground.embedded.orders import KeeperNote, Orders, read_linger, replace
from tiemchung.ground.embedded.programs import DEFAULT_VERSION, ServerAccount, account_name, programs, system_program

PATIENCE = 120.0  # seconds to wait for another starter, or for a server that replays its journal
LEAST_ROOM = 64 * 1024  # bytes
LINGER = 60.0  # seconds that a server stays without users, so that a row of commands finds it running


@dataclass(frozen=True)
class ServerStatus:
    """How a server stands. `ended` tells how the last one ended: fast, immediate, failed; None while it runs."""

    state: Literal["absent", "stopped", "starting", "running"]
    folder: str
    log: str
    pid: int | None = None
    keeper_pid: int | None = None
    version: int | None = None
    durable: bool | None = None
    tcp_port: int | None = None
    linger_seconds: float | None = None
    ended: str | None = None

    def as_json(self) -> str:
        return json.dumps(asdict(self))


class EmbeddedServer:
    """One server in one folder. Objects of the same folder, in any process, speak of the same server."""

    def __init__(
        self,
        folder: Path,
        *,
        version: int | None = None,
        durable: bool = True,
        tcp_port: int | None = None,
        linger: float | None = LINGER,
    ) -> None:
        """`folder` is the server's own, nothing else is in it; `version` is the major one, None is that of the data or
        else 18; `durable=False` gives up safety against a failing machine for speed, for tests; `tcp_port` opens
        127.0.0.1 beside the socket, with a password; `linger` is in seconds, None is until `stop`."""
        self.place = ServerFolder.at(folder)
        self.version = version
        self.durable = durable
        self.tcp_port = tcp_port
        self.linger = linger
        self._lease: int | None = None

    def start(self) -> None:
        """Make sure that the server runs and takes connections, and keep a lease on it until this process ends.

        Raises a RefusedError that names field and cure: disk full, port taken, other version, other owner.
        """
        try:
            account = self.place.make()
            self._take_lease()
            with locks.locked(self.place.start_lock, PATIENCE):
                self._bring_up(account)
                self._widen_linger(account)
        except TimeoutError:
            raise errors.too_slow(self.place.log, PATIENCE) from None
        except OSError as error:
            raise self._explain(error) from error

    @property
    def orders(self) -> Orders:
        """How the server is to run."""
        version = self.version or version_of(self.place.pgdata) or DEFAULT_VERSION
        return Orders(version=version, durable=self.durable, tcp_port=self.tcp_port)

    def release(self) -> None:
        """Give this process's lease back before its end."""
        if self._lease is not None:
            os.close(self._lease)
            self._lease = None

    def stop(self) -> str | None:
        """Stop the server: fast (clean) or, when that does not end in a minute, immediate; None if none ran."""
        self.place.check_open()
        if not self.place.root.exists():
            return None
        with locks.locked(self.place.start_lock, PATIENCE):
            if not locks.is_held(self.place.keeper_lock):
                return None
            note = self._wait_for_note()
            self._tell_keeper(note.pid)
            self._wait_for_keeper()
        ended = KeeperNote.read(self.place.keeper)
        return ended.ended if ended else None

    def status(self) -> ServerStatus:
        """How the server stands now."""
        self.place.check_open()
        place, note = self.place, KeeperNote.read(self.place.keeper)
        folder, log = str(place.root), str(place.log)
        if note is None or not locks.is_held(place.keeper_lock):
            ended = note.ended or "killed" if note else None
            return ServerStatus("stopped" if is_whole(place.pgdata) else "absent", folder, log, ended=ended)
        pid = processes.ready_postmaster(place.pgdata, note.pid)
        return ServerStatus(
            "starting" if pid is None else "running",
            folder,
            log,
            pid=pid,
            keeper_pid=note.pid,
            version=note.version,
            durable=note.durable,
            tcp_port=note.tcp_port,
            linger_seconds=read_linger(place.linger),
        )

    def url(self, database: str, role: str = SUPERUSER) -> str:
        """The address of a database over the socket, for a role, whether the server runs or not."""
        self.place.check_open()
        port = f"&port={self._port}" if self._port else ""
        return f"postgresql://{role}@/{quote(database)}?host={quote(str(self.place.socket), safe='/')}{port}"

    def tcp_url(self, database: str) -> str:
        """The address of a database over TCP, password included. Raises when no port is open."""
        if self._port is None:
            raise errors.running_otherwise("tcp_port", "không mở cổng", "without a TCP port")
        password = quote(self.place.password.read_text().strip())
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{self._port}/{quote(database)}"

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database, empty or as a copy of another that nobody is connected to."""
        databases.create(self.url(databases.MAINTENANCE), name, template)

    def ensure_role(self, name: str) -> None:
        """Make a role that may connect and owns nothing, unless it is there."""
        databases.ensure_role(self.url(databases.MAINTENANCE), name)

    def drop_database(self, name: str) -> None:
        """Delete a database and cut off who is connected to it."""
        databases.drop(self.url(databases.MAINTENANCE), name)

    def database_names(self) -> list[str]:
        """The databases of the server, PostgreSQL's own left out."""
        return databases.names(self.url(databases.MAINTENANCE))

    @property
    def _port(self) -> int | None:
        note = KeeperNote.read(self.place.keeper)
        return note.tcp_port if note else self.tcp_port

    def _take_lease(self) -> None:
        if self._lease is None:
            self._lease = locks.wait_for_lock(self.place.leases, PATIENCE, shared=True)
        if self._lease is None:
            raise TimeoutError
        os.utime(self.place.leases)

    def _bring_up(self, account: ServerAccount) -> None:
        spawned = False
        for _ in locks.until(PATIENCE):
            lock = locks.try_lock(self.place.keeper_lock)
            if lock is None:
                note = KeeperNote.read(self.place.keeper)
                if note and processes.ready_postmaster(self.place.pgdata, note.pid):
                    return self._check_orders(note)
            elif spawned:
                os.close(lock)
                raise self._failure()
            else:
                self._launch(lock, account)
                spawned = True
        raise TimeoutError

    def _launch(self, lock: int, account: ServerAccount) -> None:
        try:
            self._prepare(account)
            self._spawn_keeper(lock, account)
        finally:
            os.close(lock)  # the keeper has it open too

    def _prepare(self, account: ServerAccount) -> None:
        """What the starter does itself, so that what is wrong reaches its user: folder, version, port, log."""
        ensure_cluster(self.place, account, version=self.orders.version, durable=self.durable)
        if self.tcp_port is not None:
            _check_port(self.tcp_port)
        replace(self.place.linger, self.linger)
        account.own(self.place.linger)
        self.place.keeper.unlink(missing_ok=True)  # so that whose lock is held and whose note is there is one keeper
        if self.place.log.exists():
            self.place.log.replace(self.place.log.with_suffix(".log.old"))

    def _spawn_keeper(self, lock: int, account: ServerAccount) -> None:
        """Start a keeper in a session of its own and hand it the lock: there is never a moment without a holder."""
        keeper = [sys.executable, "-m", "tiemchung.ground.embedded.keeper", str(self.place.root), self.orders.as_json()]
        places = (Path(sys.executable), Path(__file__), programs(self.orders.version), self.place.pgdata)
        with self.place.log.open("ab") as log:
            subprocess.run(
                [system_program("setsid"), "--fork", *account.changing(places), *keeper],
                check=True,
                pass_fds=[lock],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
            )

    def _check_orders(self, note: KeeperNote) -> None:
        if note.version != self.orders.version:
            raise errors.other_version(self.place.pgdata, str(note.version), self.orders.version)
        if self.durable and not note.durable:
            raise errors.running_otherwise("durable", "ở chế độ thử, không giữ chắc dữ liệu", "without durability")
        if self.tcp_port not in {None, note.tcp_port}:
            raise errors.running_otherwise("tcp_port", "không mở cổng này", "without that TCP port")

    def _widen_linger(self, account: ServerAccount) -> None:
        """The longest wish of all starters holds."""
        kept = read_linger(self.place.linger)
        if kept is not None and (self.linger is None or self.linger > kept):
            replace(self.place.linger, self.linger)
            account.own(self.place.linger)

    def _wait_for_note(self) -> KeeperNote:
        """The note of the keeper that lives; one that was started just now has yet to write it."""
        notes = (KeeperNote.read(self.place.keeper) for _ in locks.until(PATIENCE))
        note = next((note for note in notes if note), None)
        if note is None:
            raise errors.too_slow(self.place.log, PATIENCE)
        return note

    def _tell_keeper(self, pid: int) -> None:
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            return  # it went just now
        except PermissionError:
            owner = account_name(Path(f"/proc/{pid}").stat().st_uid)
            raise errors.other_owner(self.place.root, owner) from None

    def _wait_for_keeper(self) -> None:
        if not any(not locks.is_held(self.place.keeper_lock) for _ in locks.until(2 * PATIENCE)):
            raise errors.too_slow(self.place.log, 2 * PATIENCE)

    def _failure(self) -> errors.ServerFailedError:
        place = self.place
        if shutil.disk_usage(place.root).free < LEAST_ROOM:  # then the log could not be written either
            return errors.disk_full(place.root)
        return errors.diagnose(place.tail(), place.root, place.log, self.tcp_port)

    def _explain(self, error: OSError) -> errors.ServerFailedError:
        return errors.diagnose(f"error: {error}", self.place.root, self.place.log, self.tcp_port)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise errors.port_taken(port) from None
