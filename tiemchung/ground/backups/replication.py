"""Speak PostgreSQL's streaming replication protocol: receive a server's journal as it is written.

pg_receivewal would do, but it writes the journal in the clear; here every piece is encrypted before it meets a disk.
Messages are those of PostgreSQL's manual, «Streaming Replication Protocol»; places in the journal (LSN) are integers.
"""

import select
import time
from dataclasses import dataclass
from types import TracebackType

from psycopg import OperationalError, pq
from psycopg.conninfo import make_conninfo

from tiemchung.ground.backups import errors

EPOCH = 946_684_800  # 1 January 2000, which PostgreSQL counts from, in seconds since 1970
_REMOVED = b"58P01"  # undefined_file: how «requested WAL segment has already been removed» is told in any language
_WRITTEN, _ALIVE = b"w", b"k"
_WRITTEN_HEAD = 25  # kind, place of the content, place of the server's end, its clock


class EndedError(RuntimeError):
    """The server sends no more: it was stopped, or a new timeline began."""


class RemovedError(EndedError):
    """The server no longer has what was asked for: there is a gap."""


@dataclass(frozen=True)
class Written:
    """A piece of the journal."""

    at: int
    content: bytes


class Stream:
    """One connection to a server for replication; to be used in a `with`."""

    def __init__(self, url: str) -> None:
        address = make_conninfo(url, replication="true", connect_timeout=10, application_name="tiemchung backup")
        self._connection = pq.PGconn.connect(address.encode())
        if self._connection.status != pq.ConnStatus.OK:
            raise errors.server_refused(self._said())

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.finish()

    def timeline(self) -> int:
        """The server's timeline: it grows by one with every restore."""
        return int(self._asked("IDENTIFY_SYSTEM")[1])

    def history(self, timeline: int) -> tuple[str, bytes]:
        """Name and content of the file that says where a timeline, not the first, began."""
        name, content = self._asked(f"TIMELINE_HISTORY {timeline}")
        return name.decode(), content

    def start(self, slot: str, at: int, timeline: int) -> None:
        """Let the server send from a place on. Raises ConflictError; that it has it no more comes with `receive`."""
        result = self._connection.exec_(
            f"START_REPLICATION SLOT {slot} PHYSICAL {lsn(at)} TIMELINE {timeline}".encode()
        )
        if result.status != pq.ExecStatus.COPY_BOTH:
            raise errors.server_refused(self._said())

    def receive(self, wait: float) -> list[Written]:
        """What has come, after waiting so many seconds at most. Raises EndedError, and RemovedError for a gap."""
        select.select([self._connection.socket], [], [], wait)
        try:
            self._connection.consume_input()
            return self._come()
        except OperationalError as error:
            raise EndedError(str(error).strip()) from error

    def acknowledge(self, until: int) -> None:
        """Tell the server that everything up to a place is on our disk; it need not keep that any longer."""
        now = int((time.time() - EPOCH) * 1_000_000)
        places = b"".join(each.to_bytes(8, "big") for each in (until, until, 0, now))
        try:
            self._connection.put_copy_data(b"r" + places + b"\0")
            self._connection.flush()
        except OperationalError as error:
            raise EndedError(str(error).strip()) from error

    def _come(self) -> list[Written]:
        found: list[Written] = []
        while True:
            size, message = self._connection.get_copy_data(1)
            if size == 0:
                return found
            if size < 0:
                raise self._ended()
            content = bytes(message)
            if content[:1] == _WRITTEN:
                found.append(Written(int.from_bytes(content[1:9], "big"), content[_WRITTEN_HEAD:]))

    def _ended(self) -> EndedError:
        """Why the stream ended. A server agrees to send from whatever place; what is wrong with that comes here."""
        result = self._connection.get_result()
        if result is None or result.status != pq.ExecStatus.FATAL_ERROR:
            return EndedError("the server sends no more")
        kind = RemovedError if result.error_field(pq.DiagnosticField.SQLSTATE) == _REMOVED else EndedError
        return kind(result.get_error_message().splitlines()[0])

    def _asked(self, command: str) -> list[bytes]:
        result = self._connection.exec_(command.encode())
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise errors.server_refused(self._said())
        return [result.get_value(0, column) or b"" for column in range(result.nfields)]

    def _said(self) -> str:
        said = self._connection.get_error_message().strip().splitlines()
        return said[0] if said else "?"


def lsn(at: int) -> str:
    """A place in the journal as PostgreSQL writes it."""
    return f"{at >> 32:X}/{at & 0xFFFFFFFF:X}"
