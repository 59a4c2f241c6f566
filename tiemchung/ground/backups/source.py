"""Which server is backed up? Asked over its own protocol, so that one on another machine will do."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg

from tiemchung.ground.backups import errors
from tiemchung.ground.embedded.cluster import plain_environment
from tiemchung.ground.embedded.programs import DEFAULT_VERSION, FOLDERS, programs

SLOT = "tiemchung_backup"


@dataclass(frozen=True)
class Facts:
    """What a server says of itself: clock, version, cluster, size of the journal's parts, own table spaces."""

    now: datetime
    version: int
    system: str
    segment_bytes: int  # of a part of the journal
    tablespaces: int


@dataclass(frozen=True)
class Source:
    """A server, by the address of one of its databases."""

    url: str

    def facts(self) -> Facts:
        """Ask it. Raises ConflictError when it cannot be asked."""
        row = self.ask(
            """SELECT clock_timestamp(), current_setting('server_version_num')::int / 10000,
                      (SELECT system_identifier FROM pg_control_system())::text,
                      pg_size_bytes(current_setting('wal_segment_size')),
                      (SELECT count(*) FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global'))"""
        )
        return Facts(*row)

    def ask(self, query: str, values: Any = None) -> Any:
        """Give the first row of an answer. Raises ConflictError."""
        try:
            with psycopg.connect(self.url, autocommit=True, connect_timeout=10) as connection:
                return connection.execute(query, values).fetchone()
        except psycopg.Error as error:
            raise errors.server_refused(str(error).strip().splitlines()[0]) from None

    @contextmanager
    def keeping_journal(self) -> Iterator[None]:
        """Let the server keep its journal for a copy under way; killed, it ends with the connection.

        Raises ConflictError.
        """
        try:
            with psycopg.connect(self.url, autocommit=True, connect_timeout=10) as connection:
                name = f"{SLOT}_copy_{os.getpid()}"
                connection.execute("SELECT pg_create_physical_replication_slot(%s, true, true)", [name])
                yield
        except psycopg.Error as error:
            raise errors.server_refused(str(error).strip().splitlines()[0]) from None

    def make_slot(self) -> None:
        """Let the server keep its journal from now on until we have received it; again is harmless."""
        self.ask(
            """SELECT count(pg_create_physical_replication_slot(name, true)) FROM (VALUES (%s::name)) wanted (name)
               WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = name)""",
            [SLOT],
        )

    def drop_slot(self) -> None:
        """Let the server no longer keep its journal for us; again is harmless."""
        self.ask(
            "SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE slot_name = %s", [SLOT]
        )

    def kept_from(self) -> int | None:
        """From which place on the server keeps its journal for us; None when it gave that up, or was never asked to."""
        row = self.ask(
            """SELECT CASE WHEN wal_status <> 'lost' THEN pg_wal_lsn_diff(restart_lsn, '0/0')::bigint END
               FROM pg_replication_slots WHERE slot_name = %s""",
            [SLOT],
        )
        return None if row is None or row[0] is None else int(row[0])

    def arguments(self) -> list[str]:
        """The address for a program's command line, where everybody on the machine can read it: no password."""
        parts = urlsplit(self.url)
        user = f"{quote(unquote(parts.username))}@" if parts.username else ""
        host = parts.netloc.rpartition("@")[2]
        return ["--no-password", "-d", urlunsplit(parts._replace(netloc=user + host))]

    def environment(self) -> dict[str, str]:
        """What the program is given beside it."""
        password = urlsplit(self.url).password
        return plain_environment() | ({"PGPASSWORD": unquote(password)} if password else {})

    def program(self, name: str, version: int) -> Path:
        """A program that speaks with a server of this version: its own, else the newest, which speaks with older."""
        return programs(version if version in FOLDERS else DEFAULT_VERSION) / name
