"""A whole nation in seconds: up to 100 million invented citizens, written as Parquet, some provinces at a time.

Names, ages, households, identity numbers, old CMND, communes and twins are as frequent as the reference data has them
or say there that they are assumed. Every draw is a hash of the citizen's place and the seed, so that the same seed
makes the same nation whatever the threads.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from tiemchung.ground import sql
from tiemchung.simulator.nation_tables import Tables

LARGEST = 100_000_000
AT_ONCE = 2_500_000  # citizens that one batch of provinces has at least: it bounds memory
STEPS = ("nation_draws", "nation_households", "nation_numbers", "nation_people", "nation_write")
queries = sql.load(__package__)


def make_nation(
    citizens: int,
    folder: Path,
    *,
    seed: int = 1,
    threads: int = 2,
    memory_limit: str = "4GB",
    told: Callable[[int], None] = lambda _: None,
) -> list[Path]:
    """Write `citizens-NN.parquet` into the folder and give the files; `told` hears how many citizens each holds.

    Columns: citizen (1 to N, those of a household together), number (12 digits, each once), old_number (CMND or NULL;
    some of 271450001 to 271500000 belong to two), full_name, birth_date (YYYY-MM-DD, for some old people YYYY), sex
    (male, female), residence_code (commune), household, phone (one a household), twin. Raises ValueError for a size
    out of 1 to 100 million.
    """
    if not 1 <= citizens <= LARGEST:
        raise ValueError(f"a nation has 1 to {LARGEST:,} citizens, not {citizens:,}")
    folder.mkdir(parents=True, exist_ok=True)
    with _connection(threads, memory_limit) as connection:
        Tables(connection).fill(citizens, AT_ONCE)
        return list(_batches(connection, folder, seed, told))


@contextmanager
def _connection(threads: int, memory_limit: str) -> Iterator[Any]:
    with duckdb.connect() as connection:
        connection.execute("SET threads = ?", [threads])
        connection.execute("SET memory_limit = ?", [memory_limit])
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET enable_progress_bar = false")
        yield connection


def _batches(connection: Any, folder: Path, seed: int, told: Callable[[int], None]) -> Iterator[Path]:
    sizes = connection.execute("SELECT batch, sum(size) FROM sizes GROUP BY batch ORDER BY batch").fetchall()
    for batch, size in sizes:
        path = folder / f"citizens-{batch:02}.parquet"
        aside = path.with_suffix(".part")
        words = {"seed": seed, "batch": batch, "file": "'" + str(aside).replace("'", "''") + "'"}
        for name in STEPS:
            connection.execute(_filled(name, words))
        aside.replace(path)
        told(size)
        yield path


def _filled(name: str, words: dict[str, Any]) -> str:
    """Put our own numbers, codes and paths into a statement; nothing of data ever stands in one."""
    text = queries[name].statement
    for word, value in words.items():
        text = text.replace("{" + word + "}", str(value))
    return text
