"""The DuckDB store of one matching run: one process, a memory limit, and what does not fit goes to disk."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.statements import statement


class Store:
    """A connection that runs named statements."""

    def __init__(self, connection: Any, folder: Path) -> None:
        """Work with a connection, and a folder that is gone afterwards."""
        self._connection, self.folder = connection, folder

    def run(self, name: str, /, **words: str) -> None:
        """Run a named statement."""
        self._connection.execute(statement(name, **words))

    def rows(self, name: str, /, **words: str) -> list[tuple[Any, ...]]:
        """Run a named statement and give its rows."""
        found: list[tuple[Any, ...]] = self._connection.execute(statement(name, **words)).fetchall()
        return found

    def arrays(self, name: str, /, **words: str) -> dict[str, Any]:
        """Run a named statement and give its columns as NumPy arrays."""
        found: dict[str, Any] = self._connection.execute(statement(name, **words)).fetchnumpy()
        return found

    def execute(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a statement that the caller has made, with bound values."""
        found: list[tuple[Any, ...]] = self._connection.execute(sql, list(values)).fetchall()
        return found

    def fill(self, table: str, columns: Mapping[str, tuple[str, Sequence[Any]]]) -> None:
        """Make a table of whole columns: name → (SQL type, values)."""
        described = ", ".join(f"{name} {kind}" for name, (kind, _) in columns.items())
        self.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({described})")
        lists = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind, _ in columns.values())
        self.execute(f"INSERT INTO {table} SELECT {lists}", [list(values) for _, values in columns.values()])


@contextmanager
def open_store(config: LinkConfig, database: Path | None = None) -> Iterator[Store]:
    """Open a store in memory, or in a file, with the configuration's limits; what it spilled is gone afterwards."""
    beside = database.parent if database else None
    with (
        TemporaryDirectory(prefix="tiemchung-link-", dir=beside) as spill,
        duckdb.connect(str(database) if database else ":memory:") as connection,
    ):
        connection.execute("SET memory_limit = ?", [config.memory_limit])
        connection.execute("SET threads = ?", [config.threads])
        connection.execute("SET temp_directory = ?", [spill])
        yield Store(connection, Path(spill))
