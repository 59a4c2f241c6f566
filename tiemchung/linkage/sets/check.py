"""Check whole files: what a registry says of people, against a population register; one answer for each record.

Resumable by partition: an answer file is complete or absent, and a run that was killed goes on with those that are
absent. The rows are the same whatever the partitions and threads.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.files import quoted_path, readable
from tiemchung.linkage.sets import names as name_sets
from tiemchung.linkage.sets.forms import sound_numbers
from tiemchung.linkage.sets.partition import Partition
from tiemchung.linkage.sets.sources import asked_source, known_source
from tiemchung.linkage.statements import names
from tiemchung.linkage.store import Store

ROWS_OF_A_PARTITION = 20_000_000  # records and citizens that one partition has, unless told otherwise: 3 GB


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Limits of one run. `partitions` 0 lets the sizes decide; what does not fit into memory spills beside the answers.

    `processes` work on the names that no statement can judge.
    """

    memory_limit: str = "6GB"
    threads: int = 2
    partitions: int = 0
    processes: int = 2


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """How many records got which answer: verdict → records, inside and outward."""

    records: int
    inside: dict[str, int] = field(default_factory=dict)
    outward: dict[str, int] = field(default_factory=dict)


def check_files(
    asked: Sequence[Path],
    known: Sequence[Path],
    out: Path,
    options: CheckOptions | None = None,
    told: Callable[[int, int], None] = lambda *_: None,
) -> CheckSummary:
    """Check registry files against population files (Parquet or CSV) and write `answers-NNNN.parquet` into a folder.

    Asked columns: record, number, full_name, birth_date, sex, and if there is one nationality (who is not VN is not
    sent). Known columns: citizen, number, old_number or former_numbers (with spaces between), full_name, birth_date
    (YYYY, YYYY-MM or YYYY-MM-DD), sex. `told` hears (partitions done, of how many). Raises LinkageError naming file
    or column.
    """
    chosen = options or CheckOptions()
    out.mkdir(parents=True, exist_ok=True)
    with _open(chosen, out) as store, readable("files"):
        run = _Run(store, asked_source(store, asked), known_source(store, known), out, chosen)
        run.begin(_fingerprint(asked, known))
        for done, of in run.partitions():
            told(done, of)
        return run.summary()


@dataclass
class _Run:
    store: Store
    asked: str  # SQL
    known: str
    out: Path
    options: CheckOptions

    def begin(self, fingerprint: str) -> None:
        """Take up what an earlier run of the same inputs left; answers to other inputs are cleared away."""
        plan = self.out / "plan.json"
        count = self.options.partitions or self._fitting()
        found = json.loads(plan.read_text()) if plan.is_file() else {}
        if found.get("inputs") != fingerprint:
            _clear(self.out)
            _write(plan, {"inputs": fingerprint, "partitions": count})
        elif self.options.partitions in (0, found["partitions"]):
            count = found["partitions"]
        else:
            raise LinkageError(
                "partitions_differ",
                "partitions",
                f"Lượt chạy dở có {found['partitions']} phần. Chạy tiếp với số đó, hoặc xóa thư mục {self.out.name}.",
                f"The unfinished run has {found['partitions']} partitions. Go on with that, or delete {self.out.name}.",
            )
        self.count = count

    def partitions(self) -> Iterator[tuple[int, int]]:
        """Work on each partition that has no answers yet."""
        self._prepare()
        self._split()
        for part in range(self.count):
            path = self.out / f"answers-{part:04}.parquet"
            if not path.exists():
                asked, known = self._part_sources(part)
                Partition(self.store, asked, known, self.options.processes).answer(path)
            shutil.rmtree(self._split_folder("known") / f"part={part}", ignore_errors=True)
            shutil.rmtree(self._split_folder("asked") / f"part={part}", ignore_errors=True)
            yield part + 1, self.count
        shutil.rmtree(self.out / "split", ignore_errors=True)

    def summary(self) -> CheckSummary:
        """Count the answers."""
        rows = self.store.rows("check_counts", source=f"read_parquet({quoted_path(self.out / 'answers-*.parquet')})")
        inside: dict[str, int] = {}
        outside: dict[str, int] = {}
        for verdict, outward, count in rows:
            inside[verdict] = inside.get(verdict, 0) + count
            outside[outward] = outside.get(outward, 0) + count
        found = CheckSummary(sum(inside.values()), inside, outside)
        _write(self.out / "summary.json", asdict(found))
        return found

    def _fitting(self) -> int:
        ((rows,),) = self.store.rows("check_rows", asked=self.asked, known=self.known)
        return max(1, -(-int(rows) // ROWS_OF_A_PARTITION))

    def _prepare(self) -> None:
        sound, placeholders = sound_numbers()
        for name in names("check_macro"):
            self.store.run(name, sound=sound, placeholders=placeholders, letters=name_sets.letters())
        self.store.run("check_known", known=self.known)

    def _split(self) -> None:
        """Cut both sides into parts by number, once; a half cut one has no mark and is cut anew."""
        done = self.out / "split" / "done.json"
        if self.count == 1 or done.is_file() or all(path.exists() for path in self._answer_paths()):
            return
        shutil.rmtree(self.out / "split", ignore_errors=True)
        done.parent.mkdir()
        Partition(self.store, self.asked, self.known, 1).read_numbers()
        for side in ("asked", "known"):
            folder = quoted_path(self._split_folder(side))
            self.store.run(f"check_split_{side}", asked=self.asked, parts=str(self.count), folder=folder)
        _write(done, {"partitions": self.count})

    def _part_sources(self, part: int) -> tuple[str, str]:
        if self.count == 1:
            return self.asked, self.known
        folders = [self._split_folder(side) / f"part={part}" for side in ("asked", "known")]
        asked, known = (_part_files(folder) for folder in folders)
        self.store.run("check_known_part", source=known or "(FROM known LIMIT 0)")
        return asked or f"(FROM {self.asked} LIMIT 0)", "known"

    def _split_folder(self, side: str) -> Path:
        return self.out / "split" / side

    def _answer_paths(self) -> list[Path]:
        return [self.out / f"answers-{part:04}.parquet" for part in range(self.count)]


def _part_files(folder: Path) -> str | None:
    return f"read_parquet({quoted_path(folder / '*.parquet')}, hive_partitioning = false)" if folder.is_dir() else None


@contextmanager
def _open(options: CheckOptions, out: Path) -> Iterator[Store]:
    """A store whose overflow lies on the disk of the answers and is gone afterwards."""
    with TemporaryDirectory(prefix="spill-", dir=out) as spill, duckdb.connect() as connection:
        connection.execute("SET memory_limit = ?", [options.memory_limit])
        connection.execute("SET threads = ?", [options.threads])
        connection.execute("SET temp_directory = ?", [spill])
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET enable_progress_bar = false")
        yield Store(connection, Path(spill))


def _fingerprint(asked: Sequence[Path], known: Sequence[Path]) -> str:
    """Tell inputs apart by name, size and time of change: reading them whole would take as long as checking them."""
    states = [(str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in (*asked, *known)]
    return hashlib.sha256(json.dumps([len(asked), *states]).encode()).hexdigest()


def _clear(out: Path) -> None:
    shutil.rmtree(out / "split", ignore_errors=True)
    for path in (*out.glob("answers-*.parquet*"), out / "summary.json", out / "plan.json"):
        path.unlink(missing_ok=True)


def _write(path: Path, content: dict[str, Any]) -> None:
    aside = path.with_suffix(".part")
    aside.write_text(json.dumps(content, indent=1), encoding="utf-8")
    aside.replace(path)
