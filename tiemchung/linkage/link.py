"""Match two registers, whatever their columns: who on the left is whom on the right."""

from dataclasses import dataclass
from pathlib import Path

from tiemchung.linkage.candidates import find_candidates
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.normalise import normalise
from tiemchung.linkage.scoring import decide_all, score
from tiemchung.linkage.sides import find_sides
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

    One file given twice is looked through for people who stand in it more than once. A row is a link that may be made
    by itself (`automatic`), one to propose to a person (`proposal`), or one of several that fit alike (`ambiguous`);
    left records of no row stay unmatched. The same input gives the same rows in the same order. The result is written
    aside and then named, so that a killed run leaves no half of it. Raises LinkageError naming file, column or key.
    """
    writing = _writing(out)
    alone = left.resolve() == right.resolve()
    with open_store(config) as store:
        normalise(store, left, None if alone else right, config)
        sides = find_sides(store, config, alone)
        find_candidates(store, config, sides)
        estimates = score(store, config, sides)
        decide_all(store, config)
        aside = out.with_name(f".{out.name}.part")
        store.execute(f"COPY result TO '{str(aside).replace(chr(39), chr(39) * 2)}' ({writing})")
        aside.replace(out)
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
