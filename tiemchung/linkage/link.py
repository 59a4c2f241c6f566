"""Match two registers, whatever their columns: who on the left is whom on the right."""

from dataclasses import dataclass
from pathlib import Path

from tiemchung.linkage.candidates import find_candidates
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.normalise import normalise
from tiemchung.linkage.scoring import decide_all, score
from tiemchung.linkage.store import Store, open_store


@dataclass(frozen=True, slots=True)
class LinkSummary:
    """How many records and candidate pairs there were, and what was decided."""

    left: int
    right: int
    candidate_pairs: int
    automatic: int
    proposal: int
    ambiguous: int
    coverage: float


def link(left: Path, right: Path, config: LinkConfig, out: Path) -> LinkSummary:
    """Match two Parquet or CSV files and write such a one: left_id, right_id, probability, decision, reasons.

    A row is a link that may be made by itself (`automatic`), one to propose to a person (`proposal`), or one of several
    that fit alike (`ambiguous`); left records of no row stay unmatched. The same input gives the same rows in the same
    order. Raises LinkageError naming file, column or key.
    """
    writing = _writing(out)
    with open_store(config) as store:
        normalise(store, left, right, config)
        find_candidates(store, config)
        estimates = score(store, config)
        decide_all(store, config)
        store.execute(f"COPY result TO '{str(out).replace(chr(39), chr(39) * 2)}' ({writing})")
        return _summary(store, estimates.coverage)


def _writing(out: Path) -> str:
    forms = {".parquet": "FORMAT parquet", ".csv": "FORMAT csv, HEADER"}
    if out.suffix.lower() not in forms:
        raise LinkageError(
            "file_form",
            str(out),
            "Tệp kết quả phải có đuôi .parquet hoặc .csv.",
            "The file for the result must end in .parquet or .csv.",
        )
    return forms[out.suffix.lower()]


def _summary(store: Store, coverage: float) -> LinkSummary:
    ((lefts, rights),) = store.rows("sizes")
    ((pairs, automatic, proposal, ambiguous),) = store.rows("counts")
    return LinkSummary(lefts, rights, pairs, automatic, proposal, ambiguous, coverage)
