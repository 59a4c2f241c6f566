"""Seconds in which a registry is checked against a population register, beside DuckDB's join of the bare keys.

    python benchmarks/population_check.py [--citizens N] [--records M] [--data FOLDER] [--partitions P]

Both sides are made up by the simulator (a noise model of known causes) and written as Parquet; making them is not
counted. The clock runs from the files as they lie on disk to the last answer file: reading, normalising, joining,
naming every difference, judging, writing. The limit in the same run: the numbers of both sides as integers in memory,
joined and counted. With the default sizes (7.66 M against 10 M) the line is kept; the whole nation is

    python benchmarks/population_check.py --citizens 100000000 --records 76600000 --data FOLDER
"""

import argparse
import resource
import shutil
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import duckdb
from measure import CORES, report, say

from tiemchung.linkage.sets.check import CheckOptions, check_files
from tiemchung.simulator.nation import make_nation
from tiemchung.simulator.noise import make_country


def make(citizens: int, records: int, folder: Path, model: str, seed: int) -> None:
    """Write `asked-NN.parquet` and `known-NN.parquet`, one pair for each batch of the nation; what is there stays."""
    made, share = folder / "made.txt", records / citizens
    if made.exists() and made.read_text() == f"{citizens} {records} {model} {seed}":
        return
    for nation in make_nation(citizens, folder / "nation", seed=seed, threads=CORES):
        number = nation.stem.removeprefix("citizens-")
        asked = folder / f"asked-{number}.parquet"
        if not asked.exists():
            _spoil(nation, folder, number, share, model, seed)
        nation.unlink()
    made.write_text(f"{citizens} {records} {model} {seed}")


def _spoil(nation: Path, folder: Path, number: str, share: float, model: str, seed: int) -> None:
    country = make_country([nation], folder / "country", model, seed=seed, threads=CORES, memory_limit="6GB")
    country.known.replace(folder / f"known-{number}.parquet")
    with duckdb.connect() as connection:
        connection.execute("SET threads = ?", [CORES])
        aside, prefix = folder / f"asked-{number}.part", f"{number}-"
        # The whole registry has one record for every citizen and a few twice: a part of it is sent.
        connection.execute(
            f"COPY (SELECT '{prefix}' || CAST(record AS VARCHAR) AS record, * EXCLUDE (record) FROM read_parquet(?) "
            f"WHERE hash(record) % 1000000 < {round(share * 1_000_000)}) TO '{aside}' (FORMAT parquet)",
            [str(country.register)],
        )
        aside.replace(folder / f"asked-{number}.parquet")
    shutil.rmtree(folder / "country")


def bare_join(asked: list[Path], known: list[Path]) -> float:
    """Seconds in which DuckDB joins and counts the bare numbers of both sides, as integers in memory."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = ?", [CORES])
        for table, files in (("asked", asked), ("known", known)):
            connection.execute(
                f"CREATE TEMP TABLE {table} AS SELECT TRY_CAST(number AS BIGINT) AS key FROM read_parquet(?)",
                [[str(path) for path in files]],
            )
        times = []
        for _ in range(3):
            started = time.perf_counter()
            connection.execute("SELECT count(*) FROM asked JOIN known USING (key)").fetchall()
            times.append(time.perf_counter() - started)
        return min(times)


def checked(asked: list[Path], known: list[Path], out: Path, options: CheckOptions) -> dict[str, float | int]:
    """Check, and measure this process and its children alone."""
    started = time.perf_counter()
    summary = check_files(asked, known, out, options, lambda done, of: say(f"  partition {done} of {of}"))
    seconds = time.perf_counter() - started
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = sum(one.ru_utime + one.ru_stime for one in (own, children))
    rss = (own.ru_maxrss + options.processes * children.ru_maxrss) / 1024
    return {"seconds": seconds, "cpu_seconds": cpu, "rss_mb": rss, "records": summary.records, **summary.inside}


def run(chosen: argparse.Namespace, folder: Path) -> None:
    """Make the data, measure the limit, check, print the line."""
    say(f"making {chosen.citizens:,} citizens and {chosen.records:,} records in {folder}")
    alone = get_context("spawn")
    with ProcessPoolExecutor(1, alone) as child:
        child.submit(make, chosen.citizens, chosen.records, folder, chosen.model, chosen.seed).result()
    asked, known = sorted(folder.glob("asked-*.parquet")), sorted(folder.glob("known-*.parquet"))
    with ProcessPoolExecutor(1, alone) as child:
        bare = child.submit(bare_join, asked, known).result()
    say(f"bare join: {bare:.2f} s")
    options = CheckOptions(chosen.memory_limit, CORES, chosen.partitions, CORES)
    if not chosen.resume:
        shutil.rmtree(folder / "answers", ignore_errors=True)
    with ProcessPoolExecutor(1, alone) as child:
        found = child.submit(checked, asked, known, folder / "answers", options).result()
    records, seconds = found["records"], found["seconds"]
    report(
        "population_check",
        keep=chosen.citizens >= 10_000_000 and not chosen.resume,
        rate=round(records / seconds),
        unit="records/s",
        limit=round(records / bare),
        limit_is="DuckDB's join of the bare numbers in memory",
        ratio=round(bare / seconds, 4),
        citizens=chosen.citizens,
        records=records,
        seconds=round(seconds, 1),
        cpu_seconds=round(found["cpu_seconds"], 1),
        rss_mb=round(found["rss_mb"]),
        memory_limit=chosen.memory_limit,
        **{verdict: found[verdict] for verdict in ("right", "wrong", "unknown") if verdict in found},
    )


def main() -> None:
    """Read the command line; `--scale` runs a curve of sizes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--citizens", type=int, default=10_000_000)
    parser.add_argument("--records", type=int, default=7_660_000)
    parser.add_argument("--model", default="by_site")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--partitions", type=int, default=0, help="0: let the sizes decide")
    parser.add_argument("--memory-limit", default="6GB", help="of DuckDB; some names are worked on beside it")
    parser.add_argument("--data", type=Path, help="keep the files in this folder, and take up those that are there")
    parser.add_argument("--resume", action="store_true", help="go on with a run that was killed; it is not kept")
    parser.add_argument("--scale", action="store_true", help="1, 3 and 10 million citizens one after another")
    chosen = parser.parse_args()
    for citizens in (1_000_000, 3_000_000, 10_000_000) if chosen.scale else (chosen.citizens,):
        if chosen.scale:
            chosen.citizens, chosen.records = citizens, citizens * 766 // 1000
        if chosen.data:
            chosen.data.mkdir(parents=True, exist_ok=True)
            run(chosen, chosen.data)
        else:
            with tempfile.TemporaryDirectory(prefix="population-check-") as folder:
                run(chosen, Path(folder))


if __name__ == "__main__":
    main()
