"""Match two registers, whatever their columns: who on the left is whom on the right."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from tiemchung.linkage.candidates import Search
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.files import RESULT_FORMS, result_form, within
from tiemchung.linkage.levels import LevelCodes
from tiemchung.linkage.normalise import normalise
from tiemchung.linkage.parts import Work, run_name
from tiemchung.linkage.scoring import Scoring
from tiemchung.linkage.sides import Sides, find_sides
from tiemchung.linkage.statements import statement
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


_PARQUET = RESULT_FORMS[".parquet"]
Told = Callable[[str], None]


def link(
    left: Path,
    right: Path,
    config: LinkConfig,
    out: Path,
    *,
    parts: int = 1,
    work: Path | None = None,
    told: Told = lambda _: None,
) -> LinkSummary:
    """Match two Parquet or CSV files and write such a one: left_id, right_id, probability, decision, reasons.

    One file given twice is looked through for people who stand in it more than once. A row is a link that may be made
    by itself (`automatic`), one to propose to a person (`proposal`), or one of several that fit alike (`ambiguous`);
    left records of no row stay unmatched. The same input gives the same rows in the same order. The result is written
    aside and then named, so that a killed run leaves no half of it.

    `parts` bounds memory by a part of the left records; `work` is a folder that keeps what is done, so that a killed
    run, started again, goes on. `told` hears each step. Raises LinkageError naming file, column or key.
    """
    writing = result_form(out, (left, right))
    with ExitStack() as stack:
        stack.enter_context(within(config.memory_limit))
        folder = work or Path(stack.enter_context(TemporaryDirectory(prefix="tiemchung-link-")))
        kept = Work(folder, run_name(left, right, config, parts))
        store = stack.enter_context(open_store(config, kept.database if work or parts > 1 else None))
        sides = _normalised(store, kept, left, right, config, told)
        _refuse_competing_parts(sides, parts)
        for part in range(parts):
            _match_part(store, kept, config, sides, (part, parts), told)
        return _written(store, kept, parts, out, writing)


def _normalised(store: Store, kept: Work, left: Path, right: Path, config: LinkConfig, told: Told) -> Sides:
    alone = left.resolve() == right.resolve()
    if not kept.progress.normalised:
        told("normalise")
        normalise(store, left, None if alone else right, config)
        kept.progress.normalised = True
        kept.keep()
    return find_sides(store, config, alone)


def _refuse_competing_parts(sides: Sides, parts: int) -> None:
    if parts > 1 and sides.left_once and not sides.alone:
        raise LinkageError(
            "parts_compete",
            "once",
            "Chạy từng phần thì bản ghi bên trái ở hai phần không so được với nhau. Ghi «once: right» hoặc «neither».",
            "In parts, left records of two parts cannot compete for one person. Say “once: right” or “neither”.",
        )


def _match_part(store: Store, kept: Work, config: LinkConfig, sides: Sides, which: tuple[int, int], told: Told) -> None:
    part, parts = which
    if kept.part(part).exists() and str(part) in kept.progress.pairs:
        told(f"part {part + 1} of {parts}: done before")
        return
    told(f"part {part + 1} of {parts}")
    codes = LevelCodes.of(config)
    Search(store, config, sides, codes).run(part, parts)
    estimates = Scoring(store, config, sides, codes).run(kept.progress.estimates, parts)
    _copy(store, statement("result", proposal=str(config.policy.proposal)), kept.part(part), _PARQUET)
    ((pairs,),) = store.rows("pair_count")
    kept.progress.learnt = asdict(estimates)
    kept.progress.pairs[str(part)] = pairs
    kept.keep()


def _written(store: Store, kept: Work, parts: int, out: Path, writing: str) -> LinkSummary:
    result = f"read_parquet([{', '.join(_quoted(kept.part(part)) for part in range(parts))}])"
    if parts == 1 and writing == _PARQUET:
        _take_over(kept.part(0), out)
        result = f"read_parquet({_quoted(out)})"
    else:
        _copy(store, statement("merged", result=result), out, writing)
    ((lefts, rights),) = store.rows("sizes")
    ((automatic, proposal, ambiguous),) = store.rows("counts", result=result)
    pairs, estimates = sum(kept.progress.pairs.values()), kept.progress.estimates
    return LinkSummary(lefts, rights, pairs, automatic, proposal, ambiguous, estimates.coverage if estimates else 0.0)


def _take_over(part: Path, out: Path) -> None:
    """The only part is the result already, in its order."""
    aside = out.with_name(f".{out.name}.part")
    copyfile(part, aside)
    aside.replace(out)


def _copy(store: Store, query: str, out: Path, writing: str) -> None:
    aside = out.with_name(f".{out.name}.part")
    store.execute(f"COPY ({query}) TO {_quoted(aside)} ({writing})")
    aside.replace(out)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
