"""Make a data folder anew, as the server was at a moment: the base backup before it, and the journal up to it.

PostgreSQL replays the journal itself; a transaction that was committed at or before the moment is in, a later one is
not. The folder takes its name when all is done: a restore that was killed leaves nothing that looks whole.
"""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from tiemchung.ground.backups import errors, fetch, tarred
from tiemchung.ground.backups.keys import as_setting
from tiemchung.ground.backups.manifest import verify_folder
from tiemchung.ground.backups.sealed_file import Keys
from tiemchung.ground.backups.shelf import Base, Shelf
from tiemchung.ground.embedded.cluster import SUPERUSER, plain_environment
from tiemchung.ground.embedded.complaints import complaints
from tiemchung.ground.embedded.layout import ServerFolder
from tiemchung.ground.embedded.options import server_arguments
from tiemchung.ground.embedded.programs import ServerAccount, dying_with_parent, programs
from tiemchung.ground.errors import ConflictError

LATEST = "latest"
STEP = 0.1  # seconds between two looks at a server that replays
LAST_TRANSACTION = re.compile(r"last completed transaction was at log time (.+)")
PART_SAID = re.compile(f"({fetch.DAMAGED}|{fetch.REFUSED}|{fetch.UNREAD})(.+)")
HALF = ".half"
Told = Callable[[datetime | None], None]  # the time of the last transaction that was replayed


@dataclass(frozen=True)
class Restored:
    """What a restore made: from which backup, and the last transaction that is in."""

    folder: str
    backup: str
    to: str
    last_transaction: str | None
    short_of: str | None  # the moment up to which the journal had come, where `latest` did not reach it
    version: int
    seconds: float


def read_moment(text: str, now: datetime) -> datetime | None:
    """Read a moment with its time zone; None is the last one. Raises InvalidInputError."""
    if text == LATEST:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise errors.bad_moment(text) from None
    if moment.tzinfo is None:
        raise errors.bad_moment(text)
    if moment > now:
        raise errors.in_future(moment)
    return moment


def restore(shelf: Shelf, keys: Keys, folder: Path, moment: datetime | None, told: Told) -> Restored:
    """Restore into a new folder, for the embedded server or one's own. Raises RefusedError; see `errors`."""
    begin = time.monotonic()
    place = ServerFolder.at(folder)
    if place.root.exists() and any(place.root.iterdir()):
        raise errors.not_empty(place.root)
    chosen = shelf.newest_before(moment)
    missing = shelf.missing_after(chosen)
    if missing and moment is None:
        raise errors.journal_absent(missing)
    if missing and moment:
        _check_before_gap(shelf, chosen, moment)
    half = ServerFolder.at(place.root.with_name(place.root.name + HALF))
    shutil.rmtree(half.root, ignore_errors=True)
    try:
        last = _Recovery(shelf, keys, chosen, half, moment).run(told)
    except BaseException:
        shutil.rmtree(half.root, ignore_errors=True)
        raise
    half.drop_short(half.socket)
    for passing in ("socket-folder", "pg_hba.conf"):
        (half.root / passing).unlink(missing_ok=True)
    if place.root.exists():
        place.root.rmdir()
    half.root.rename(place.root)
    return Restored(
        folder=str(place.root),
        backup=chosen.name,
        to=moment.isoformat() if moment else LATEST,
        last_transaction=last,
        short_of=None if moment else short_of(shelf.journal_until(), chosen.ended_at, last),
        version=chosen.version,
        seconds=round(time.monotonic() - begin, 1),
    )


def _check_before_gap(shelf: Shelf, chosen: Base, moment: datetime) -> None:
    """Refuse a moment in a gap that was seen; of one that nobody saw PostgreSQL learns as it replays."""
    seen = any(gap.until > chosen.ended_at for gap in shelf.gaps())
    if seen and moment > shelf.restorable_until(chosen):
        raise errors.in_gap(moment, [(span.begin, span.end) for span in shelf.restorable()])


def short_of(until: datetime | None, ended_at: datetime, last: str | None) -> str | None:
    """The moment up to which the journal had been received, when what was replayed ends before it; else None.

    A mark of that moment or later was received (`journal.mark`), so the last transaction that is in is no older.
    """
    reached = max(ended_at, datetime.fromisoformat(last)) if last else ended_at
    return until.isoformat() if until and until > reached else None


class _Recovery:
    """One restore under way."""

    def __init__(self, shelf: Shelf, keys: Keys, base: Base, place: ServerFolder, moment: datetime | None) -> None:
        self.shelf, self.keys, self.base, self.place, self.moment = shelf, keys, base, place, moment

    def run(self, told: Told) -> str | None:
        account = self._copy()
        settings = self.place.pgdata / "postgresql.auto.conf"
        before = settings.read_text()
        settings.write_text(before + self._settings())
        (self.place.pgdata / "recovery.signal").touch()
        account.own(self.place.pgdata / "recovery.signal")
        self._replay(account, told)
        settings.write_text(before)
        said = LAST_TRANSACTION.findall(self._log())
        return said[-1] if said else None

    def _copy(self) -> ServerAccount:
        """Write the base backup out and verify it; for root, all is handed to the account that runs the server."""
        self.place.root.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self.place.root.parent).free < self.base.bytes:
            raise errors.disk_full(self.place.root.parent)
        account = self.place.make()
        try:
            tarred.unpack(self.shelf.place(self.base), self.keys, self.place.pgdata)
        except OSError as error:
            raise errors.failed(str(error), self.place.root) from error
        verify_folder(self.place.pgdata, self.base.name, programs(self.base.version))
        if account.is_other:
            subprocess.run(["chown", "-R", f"{account.uid}:{account.gid}", str(self.place.pgdata)], check=True)
        self.place.pgdata.chmod(0o700)
        self.place.password.touch(mode=0o600)
        account.own(self.place.password)
        return account

    def _settings(self) -> str:
        words = [sys.executable, "-m", fetch.__name__, str(self.shelf.journal), str(self.base.segment_bytes)]
        command = fetch.as_command(words).replace("'", "''")
        target = f"recovery_target_time = '{self.moment.astimezone(UTC).isoformat()}'\n" if self.moment else ""
        return f"restore_command = '{command}'\n{target}recovery_target_action = 'promote'\n"

    def _let_us_in(self, account: ServerAccount) -> Path:
        """Who may connect during the replay: us, by the private socket, whatever the server's own rules say.

        Debian keeps a server's settings outside its data: what then is not in the backup is made, empty.
        """
        (self.place.pgdata / "postgresql.conf").touch()
        rules = self.place.root / "pg_hba.conf"
        rules.write_text("local all all trust\n")
        account.own(rules)
        return rules

    def _replay(self, account: ServerAccount, told: Told) -> None:
        program = programs(self.base.version) / "postgres"
        options = [
            *server_arguments(socket=self.place.socket, durable=True, tcp_port=None),
            *("-c", f"hba_file={self._let_us_in(account)}"),
        ]
        places = (
            program,
            self.place.pgdata,
            self.shelf.journal / "segment",
            Path(sys.executable),
            Path(fetch.__file__),
        )
        command = [*account.changing(places), *dying_with_parent("INT"), str(program), "-D", str(self.place.pgdata)]
        with self.place.log.open("ab") as log:
            server = subprocess.Popen(
                [*command, *options],
                env=plain_environment() | as_setting(self.keys),
                stdin=subprocess.DEVNULL,
                stderr=log,
                stdout=log,
                cwd="/",
            )
        try:
            while not self._is_there(told):
                if server.poll() is not None:
                    raise self._failure()
                time.sleep(STEP)
        finally:
            _end(server)

    def _is_there(self, told: Told) -> bool:
        """Whether the moment is reached and the server writes again."""
        url = f"postgresql://{SUPERUSER}@/postgres?host={self.place.socket}"
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
                row = connection.execute("SELECT pg_is_in_recovery(), pg_last_xact_replay_timestamp()").fetchone()
        except psycopg.OperationalError:
            return False
        assert row is not None
        told(row[1])
        return not row[0]

    def _failure(self) -> Exception:
        """Say in our words why the server gave up."""
        log = self._log()
        why = complaints(log)[-1]
        said_of_part = PART_SAID.findall(log)
        if said_of_part:
            return self._part_failed(*said_of_part[-1])
        if "before configured recovery target was reached" in log and self.moment:
            last = LAST_TRANSACTION.findall(log)
            return errors.beyond(self.moment, last[-1] if last else self.base.ended_at.isoformat())
        if "WAL ends before" in log or "requested timeline" in log or "could not locate required" in log:
            return errors.journal_absent(why)
        return errors.failed(why, self.place.root)

    def _part_failed(self, kind: str, said: str) -> Exception:
        """A key that is missing is no damage, and neither is a disk that cannot be read."""
        if kind == fetch.REFUSED:
            return ConflictError(**json.loads(said))
        return errors.not_whole(self.base.name, said) if kind == fetch.DAMAGED else errors.failed(said, self.place.root)

    def _log(self) -> str:
        return self.place.log.read_text(errors="replace")


def _end(server: "subprocess.Popen[bytes]") -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
