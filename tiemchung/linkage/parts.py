"""A matching run in parts: what is done is kept in a folder, so that a killed run goes on where it stood.

The folder holds the DuckDB file of both registers in the forms that are compared, what was learnt, and the result of
each finished part. A part is every n-th left record by the hash of its id, so memory is bounded by the part and not by
the register.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.estimate import Estimates

_STATE, _DATABASE = "state.json", "registers.duckdb"


@dataclass
class Progress:
    """What is done of a run: both registers in form, what was learnt, candidate pairs by finished part."""

    run: str
    normalised: bool = False
    learnt: dict[str, Any] | None = None
    pairs: dict[str, int] = field(default_factory=dict)

    @property
    def estimates(self) -> Estimates | None:
        """What was learnt, if anything was."""
        return Estimates(**self.learnt) if self.learnt else None


class Work:
    """The folder of one run."""

    def __init__(self, folder: Path, run: str) -> None:
        """Open or make the folder. Raises LinkageError work_of_another_run where it holds another run's."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.progress = self._read(run)
        if not self.progress.normalised:
            for path in (self.database, self.database.with_name(f"{_DATABASE}.wal")):
                path.unlink(missing_ok=True)

    @property
    def database(self) -> Path:
        """The file of both registers."""
        return self.folder / _DATABASE

    def part(self, number: int) -> Path:
        """The result of a part; it is there or not, never by half."""
        return self.folder / f"part-{number:04}.parquet"

    def keep(self) -> None:
        """Write down what is done: aside first, then under its name."""
        aside = self.folder / f"{_STATE}.part"
        aside.write_text(json.dumps(asdict(self.progress)), encoding="utf-8")
        aside.replace(self.folder / _STATE)

    def _read(self, run: str) -> Progress:
        path = self.folder / _STATE
        if not path.exists():
            return Progress(run)
        progress = Progress(**json.loads(path.read_text(encoding="utf-8")))
        if progress.run != run:
            raise LinkageError(
                "work_of_another_run",
                str(self.folder),
                f"Thư mục {self.folder} của một lần chạy khác (tệp, cấu hình hay số phần khác). Chọn thư mục khác.",
                f"{self.folder} belongs to another run (other files, configuration or parts). Choose another folder.",
            )
        return progress


def run_name(left: Path, right: Path, config: LinkConfig, parts: int) -> str:
    """Name a run by its files as they are now, its configuration and the number of parts."""
    files = [
        (str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in (left, right) if path.is_file()
    ]
    return hashlib.sha256(repr((files, config, parts)).encode()).hexdigest()
