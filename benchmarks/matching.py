"""Matching two registers end to end, beside Splink 5 on the same input in the same run, asked in three ways.

The input is a made-up country: what the sites wrote (noise model `by_site`) against the population register. Splink is
given names folded, split and dates and numbers in one form beforehand, which `ratio` does not count and
`ratio_from_files` does; ours starts from the files. All are asked for every record; of Splink's pairs each record's
best counts, and choosing it is not counted either. `cpu_ratio` compares processor seconds: wall time says little beside
other work.

How long Splink takes depends on the keys it is given, and so does whom it finds: `lean` has six usual ones, `chosen`
three more that find most for their price on this country, `wide` keys such as we search by. `ratio` is against the one
whose recall comes nearest to ours (docs/adr/0061); `splink` holds all three.

    python benchmarks/matching.py [--people 1000000] [--seed 1] [--splink lean --splink wide] [--ours-only]
"""

import argparse
import os
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
from measure import report, rss_mb, say

from tiemchung.linkage.link import link
from tiemchung.simulator.evaluation import nation_config
from tiemchung.simulator.nation import make_nation
from tiemchung.simulator.noise import Country, make_country

THREADS, MEMORY = 2, "8GB"
PREPARED = """
    SELECT {id} AS unique_id,
        nullif(regexp_replace(upper(coalesce(number, '')), '[^0-9A-Z]', '', 'g'), '') AS number, {old} AS old_number,
        names.folded AS full_name, string_split(names.folded, ' ')[1] AS family,
        string_split(names.folded, ' ')[-1] AS given,
        coalesce(strftime(TRY_STRPTIME(birth_date, ['%d/%m/%Y', '%Y-%m-%d']), '%Y-%m-%d'), birth_date || '-01-01')
            AS born,
        sex, commune
    FROM read_parquet('{file}') AS people
    JOIN (
        SELECT DISTINCT full_name, trim(regexp_replace(
            upper(strip_accents(replace(replace(full_name, 'đ', 'd'), 'Đ', 'D'))), '[^A-Z]+', ' ', 'g')) AS folded
        FROM read_parquet('{file}')
    ) AS names USING (full_name)
"""


KEYS = (
    ("number",),
    ("full_name", "born"),
    ("substr(number, 7, 6)", "given"),
    ("born", "given", "sex"),
    ("full_name", "substr(born, 1, 4)"),
    ("born", "family", "substr(number, 1, 3)"),
)
CHOSEN_KEYS = (
    ("commune", "born"),
    ("commune", "given"),
    ("substr(number, 1, 6)", "family", "given"),
)
WIDE_KEYS = (
    *CHOSEN_KEYS,
    ("full_name", "substr(born, 6, 5)"),
    ("born", "family"),
    ("commune", "substr(born, 1, 4)", "sex"),
    ("full_name",),
    ("commune", "family"),
)
SPLINKS = {"lean": KEYS, "chosen": KEYS + CHOSEN_KEYS, "wide": KEYS + WIDE_KEYS}


def main() -> None:
    """Make the country, run all, each in a process of its own, and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ours-only", action="store_true")
    parser.add_argument("--splink", action="append", choices=SPLINKS, help="with which keys; all three if not said")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tiemchung-bench-") as name:
        country = made(asked.people, Path(name), asked.seed)
        ours = apart(ours_run, country, Path(name))
        say(f"ours {ours}")
        wanted = [] if asked.ours_only else asked.splink or [*SPLINKS]
        splinks = {keys: beside(ours, country, Path(name), keys) for keys in wanted}
        ((records, known),) = duckdb.execute(
            "SELECT (SELECT count(*) FROM read_parquet(?)), (SELECT count(*) FROM read_parquet(?))",
            [str(country.register), str(country.known)],
        ).fetchall()
    line: dict[str, Any] = {"records": records, "known": known, "rate": round(records / ours["seconds"])}
    line |= {"unit": "records/s", **(against(splinks, ours, records) if splinks else {})}
    report("matching", **line, **ours, load=round(os.getloadavg()[0], 1), keep=not asked.ours_only)


def beside(ours: dict[str, Any], country: Country, folder: Path, keys: str) -> dict[str, Any]:
    """One run of Splink, and how often ours fits into its time: wall, wall with its preparation, processor time."""
    splink = apart(splink_run, country, folder, keys)
    splink |= {
        "ratio": round(splink["seconds"] / ours["seconds"], 2),
        "ratio_from_files": round((splink["seconds"] + splink["prepare_seconds"]) / ours["seconds"], 2),
        "cpu_ratio": round(splink["cpu_seconds"] / ours["cpu_seconds"], 2),
    }
    say(f"Splink {keys} {splink}")
    return splink


def against(splinks: dict[str, dict[str, Any]], ours: dict[str, Any], records: int) -> dict[str, Any]:
    """The ratios against the run of Splink that comes nearest to our recall, and all runs beside them."""
    keys = min(splinks, key=lambda name: abs(splinks[name]["recall"] - ours["recall"]))
    nearest = splinks[keys]
    ratios = {name: nearest[name] for name in ("ratio", "ratio_from_files", "cpu_ratio")}
    limit = {"limit": round(records / nearest["seconds"]), "limit_is": f"Splink 5 on DuckDB, keys: {keys}"}
    return {**limit, **ratios, "splink": splinks}


def made(people: int, folder: Path, seed: int) -> Country:
    """The country, said how large."""
    say(f"a nation of {people:,}")
    nation = make_nation(people, folder / "nation", seed=seed)
    return make_country(nation, folder, "by_site", seed=seed)


def apart(run: Any, *given: Any) -> dict[str, Any]:
    """Run in a fresh process, so that memory and caches are its own."""
    with get_context("spawn").Pool(1) as pool:
        done: dict[str, Any] = pool.apply(run, given)
    return done


def ours_run(country: Country, folder: Path) -> dict[str, Any]:
    """Our own, from file to file."""
    out = folder / "ours.parquet"
    start, busy = time.perf_counter(), time.process_time()
    summary = link(country.register, country.known, nation_config(threads=THREADS, memory_limit=MEMORY), out)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - busy
    said = f"SELECT left_id AS l, right_id AS r, probability AS p FROM read_parquet('{out}')"
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu_seconds, 2),
        "rss_mb": rss_mb(),
        "pairs": summary.candidate_pairs,
        **agreement(country, said),
    }


def splink_run(country: Country, folder: Path, keys: str) -> dict[str, Any]:
    """Splink, from prepared tables to predictions, with the keys of a name."""
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET temp_directory = ?", [str(folder)])
    start = time.perf_counter()
    for table, key, old, file in (
        ("register", "record", "NULL::VARCHAR", country.register),
        ("known", "citizen", "old_number", country.known),
    ):
        connection.execute(f"CREATE TABLE {table} AS {PREPARED.format(id=key, old=old, file=file)}")
    prepare_seconds = time.perf_counter() - start
    start, busy = time.perf_counter(), time.process_time()
    api = DuckDBAPI(connection)
    tables = [api.register(name, dataset_display_name=name) for name in ("register", "known")]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            number_comparison(),
            name_comparison(),
            date_comparison(),
            cl.ExactMatch("sex"),
            cl.ExactMatch("commune"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in SPLINKS[keys]],
        max_iterations=10,
    )
    linker = Linker(tables, settings)
    linker.training.estimate_probability_two_random_records_match([block_on("number", "full_name")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("number"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("full_name", "born"))
    predictions = linker.inference.predict(threshold_match_probability=0.01)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - busy
    connection.execute(
        f"""CREATE TABLE said AS
        SELECT CASE WHEN source_dataset_l = 'register' THEN unique_id_l ELSE unique_id_r END AS l,
            CASE WHEN source_dataset_l = 'register' THEN unique_id_r ELSE unique_id_l END AS r, match_probability AS p
        FROM {predictions.physical_name}"""
    )
    pairs = connection.execute("SELECT count(*) FROM said").fetchall()[0][0]
    best = "SELECT * FROM said QUALIFY row_number() OVER (PARTITION BY l ORDER BY p DESC, r) = 1"
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu_seconds, 2),
        "prepare_seconds": round(prepare_seconds, 2),
        "rss_mb": rss_mb(),
        "pairs": pairs,
        **agreement(country, best, connection),
    }


def number_comparison() -> Any:
    """The number of today or the one before it, or one slip away."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    return cl.CustomComparison(
        output_column_name="number",
        comparison_levels=[
            cll.NullLevel("number"),
            cll.CustomLevel("number_l = number_r OR number_l = old_number_r OR old_number_l = number_r", "same"),
            cll.CustomLevel(
                "length(number_l) = length(number_r) AND hamming(number_l, number_r) <= 2 "
                "AND damerau_levenshtein(number_l, number_r) <= 1",
                "slip",
            ),
            cll.ElseLevel(),
        ],
    )


def name_comparison() -> Any:
    """The whole name with its frequency, then close, then its parts."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    return cl.CustomComparison(
        output_column_name="full_name",
        comparison_levels=[
            cll.NullLevel("full_name"),
            cll.ExactMatchLevel("full_name", term_frequency_adjustments=True),
            cll.JaroWinklerLevel("full_name", 0.92),
            cll.And(cll.ExactMatchLevel("family"), cll.ExactMatchLevel("given")),
            cll.ExactMatchLevel("given", term_frequency_adjustments=True),
            cll.ElseLevel(),
        ],
    )


def date_comparison() -> Any:
    """The day, one slip of a digit, day and month swapped, the year."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    return cl.CustomComparison(
        output_column_name="born",
        comparison_levels=[
            cll.NullLevel("born"),
            cll.ExactMatchLevel("born"),
            cll.CustomLevel("length(born_l) = length(born_r) AND hamming(born_l, born_r) = 1", "one digit"),
            cll.CustomLevel("substr(born_l, 1, 4) = substr(born_r, 1, 4)", "year"),
            cll.CustomLevel("substr(born_l, 6, 5) = substr(born_r, 6, 5)", "day and month"),
            cll.ElseLevel(),
        ],
    )


def agreement(country: Country, said: str, connection: Any = duckdb) -> dict[str, float]:
    """Precision, recall and F1 of what is said with a probability from 0.5, over all records whose person is known."""
    ((true, named, hits),) = connection.execute(
        f"""
        WITH truth AS (SELECT record AS l, citizen AS r FROM read_parquet('{country.labels}') WHERE citizen IS NOT NULL)
        SELECT (SELECT count(*) FROM truth), count(*), count(truth.l)
        FROM ({said}) AS said LEFT JOIN truth ON truth.l = said.l AND truth.r = said.r WHERE said.p >= 0.5
        """
    ).fetchall()
    precision, recall = hits / max(named, 1), hits / true
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(precision, 5), "recall": round(recall, 5), "f1": round(f1, 5)}


if __name__ == "__main__":
    main()
