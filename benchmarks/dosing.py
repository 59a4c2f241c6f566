"""Rate of answering whole sets of histories, held against a bare DuckDB scan of the same columns in the same run.

    python benchmarks/dosing.py [--people N] [--as-of DAY]

The histories are made up in the proportions of the supply to 12/2021 and kept in a DuckDB table; the rate counts
reading them from the table, answering, and writing the invitation list's figures.
"""

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import duckdb
import numpy as np
from measure import report, rss_mb, say

from tiemchung.dosing import Rules
from tiemchung.dosing.rows import KINDS
from tiemchung.dosing.sets import Answers, Histories, assess_all, codes_of

# Course, share of the people, usual days between doses. Shares after the doses delivered to 4/12/2021.
COURSES = [
    ("AZ AZ", 0.18, 70), ("AZ PF", 0.09, 70), ("AZ AZ PF", 0.09, 75), ("AZ AZ MO", 0.04, 75), ("AZ", 0.03, 0),
    ("VC VC", 0.14, 28), ("VC VC PF", 0.08, 50), ("VC VC AZ", 0.03, 60), ("VC VC PF PF", 0.03, 60), ("VC", 0.02, 0),
    ("PF PF", 0.08, 25), ("PF PF PF", 0.05, 80), ("PF", 0.02, 0), ("MO MO", 0.03, 30), ("MO MO MO", 0.01, 80),
    ("MO PF", 0.01, 30), ("PF MO", 0.005, 30), ("AB AB AB", 0.012, 14), ("AB AB", 0.003, 14), ("SV SV", 0.005, 25),
    ("SV SV PF", 0.002, 60), ("JJ", 0.001, 0), ("HV HV", 0.002, 25), ("AZ AZ PF PF", 0.01, 90), ("", 0.03, 0),
]  # fmt: skip
GROUPS = {"immunocompromised": 0.02, "health_worker": 0.02, "teacher": 0.02}
WIDTH = 4


def make(connection: duckdb.DuckDBPyConnection, rules: Rules, people: int, seed: int = 5) -> None:
    """Fill the table `history` with made-up people."""
    draw = np.random.default_rng(seed)
    for first in range(0, people, 1_000_000):
        part = _people(draw, rules, min(1_000_000, people - first))
        names = ", ".join(f"{one}::date as {one}" if part[one].dtype.kind == "M" else one for one in part)
        how = "create or replace table history as" if first == 0 else "insert into history"
        connection.execute(f"{how} select {names} from part")


def _people(draw: np.random.Generator, rules: Rules, size: int) -> dict[str, Any]:
    shares = np.array([share for _, share, _ in COURSES])
    chosen = draw.choice(len(COURSES), size, p=shares / shares.sum())
    codes = codes_of(rules)
    sequences = np.full((len(COURSES), WIDTH), -1, np.int8)
    for at, (course, _, _) in enumerate(COURSES):
        for place, code in enumerate(course.split()):
            sequences[at, place] = codes.index(code)
    gaps = np.array([gap for _, _, gap in COURSES])
    columns: dict[str, Any] = {
        "birth_date": _days(draw.integers(-12000, 13000, size)),
        "area": draw.choice(np.array([79, 1, 48, 38, 92, 31], np.int16), size),
        "groups": _groups(draw, rules, size),
        "infected": np.where(draw.random(size) < 0.1, _days(draw.integers(18700, 19000, size)), np.datetime64("NaT")),
    }
    day = draw.integers(18750, 18980, size)
    for place in range(WIDTH):
        product = sequences[chosen, place]
        columns[f"product_{place + 1}"] = product
        columns[f"date_{place + 1}"] = np.where(product < 0, np.datetime64("NaT"), _days(day))
        day = day + gaps[chosen] + draw.integers(0, 30, size)
    return columns


def _days(numbers: Any) -> Any:
    return numbers.astype("datetime64[D]").astype("datetime64[us]")


def _groups(draw: np.random.Generator, rules: Rules, size: int) -> Any:
    bits = [code for code, kind in rules.conditions.items() if not kind.dated and not kind.product]
    found = np.zeros(size, np.int64)
    for code, share in GROUPS.items():
        found |= np.where(draw.random(size) < share, np.int64(1 << bits.index(code)), 0)
    return found


def scan(connection: duckdb.DuckDBPyConnection) -> float:
    """Seconds that DuckDB needs to read every value of the table and fold it into one row."""
    described = connection.execute("describe history").fetchall()
    folds = ", ".join(f"max({name}), count({name})" for name, *_ in described)
    started = time.perf_counter()
    connection.execute(f"select {folds} from history").fetchall()
    return time.perf_counter() - started


def answer(
    connection: duckdb.DuckDBPyConnection, rules: Rules, as_of: str, threads: int
) -> tuple[float, dict[str, int]]:
    """Seconds from table to figures, and how many are due for each kind."""
    started = time.perf_counter()
    totals: dict[str, int] = {}
    with ThreadPoolExecutor(threads) as pool:
        for answers in pool.map(lambda part: assess_all(rules, part, as_of), _parts(connection)):
            for kind, count in _due(answers).items():
                totals[kind] = totals.get(kind, 0) + count
    return time.perf_counter() - started, totals


def _parts(connection: duckdb.DuckDBPyConnection, size: int = 5_000_000) -> Iterator[Histories]:
    total = connection.execute("select count(*) from history").fetchall()[0][0]
    for first in range(0, total, size):
        cursor = connection.cursor()
        yield Histories.of_columns(cursor.execute(f"select * from history limit {size} offset {first}").fetchnumpy())


def _due(answers: Answers) -> dict[str, int]:
    counts = np.bincount(answers.kind + 1, minlength=len(KINDS) + 1)
    return dict(zip(("nothing", *KINDS), counts.tolist(), strict=True))


def main() -> None:
    """Make the people, scan, answer, print the line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=10_000_000)
    parser.add_argument("--as-of", default="2022-03-01")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    rules = Rules.load()
    connection = duckdb.connect()
    make(connection, rules, chosen.people)
    bare = min(scan(connection) for _ in range(3))
    seconds, totals = answer(connection, rules, chosen.as_of, chosen.threads)
    say(f"{chosen.people:,} histories on {chosen.as_of}: {totals}")
    rate, limit = chosen.people / seconds, chosen.people / bare
    report(
        "dosing",
        keep=chosen.people >= 10_000_000,
        rate=round(rate),
        unit="histories/s",
        limit=round(limit),
        limit_is="DuckDB reading the same columns",
        ratio=round(rate / limit, 4),
        people=chosen.people,
        seconds=round(seconds, 2),
        rss_mb=rss_mb(),
    )


if __name__ == "__main__":
    main()
