"""Batches of questions as files: read and held to account, checked set by set, answered in files of their own.

What leaves is what single answers say (`verdict.answer`, docs/adr/0007): verdict, kinds of known fields, a handle only
on right. A run that was killed goes on.

What is on the way, the whole register among it, lies in a folder of this side's own (`settings.POPULATION_WORK`): the
health side reads the folder of answers at any moment. Only what is finished goes there.
"""

import csv
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.db import connection

from tiemchung.ground import batch_files, clock, signed_notice, sql
from tiemchung.ground.batch_files import ANSWERS, QUESTIONS, DataFile, Manifest
from tiemchung.ground.embedded import locks
from tiemchung.ground.errors import InvalidInputError, RefusedError
from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.sets.check import CheckOptions, check_files
from tiemchung.linkage.sets.forms import birth_code
from tiemchung.population import actions_batches, limits, refusals
from tiemchung.population.keyed import keyed

queries = sql.load(__package__)
COLUMNS = ("id", "record", "number", "full_name", "birth_date", "sex")
ANSWER_COLUMNS = ("id", "verdict", "number", "full_name", "birth_date", "sex", "handle")
ASKED, STORE = "asked.parquet", "questions.duckdb"
AT_ONCE = 10_000  # rows that are held in Python together; the rest DuckDB holds back, within its limit


@dataclass(frozen=True)
class Report:
    """What became of a batch. `walks` are questions about neighbouring numbers: an alarm, whoever asked them."""

    questions: int
    answered: dict[str, int]
    unreadable: int
    too_many: int
    walks: int


def check_batch(
    questions: Path,
    out: Path,
    *,
    register: Sequence[Path] = (),
    options: CheckOptions | None = None,
    told: Callable[[int, int], None] = lambda *_: None,
) -> Report:
    """Answer the batch of a folder into another; `register` are files to check against, else the store itself.

    Raises InvalidInputError for a batch that is not whole or not the health side's, naming file or column;
    ConflictError for another batch under the same id, for one that another process answers at this moment, without a
    key to sign with, and where this side's own folder would lie in one that the other side reads.
    """
    manifest = batch_files.read(questions, QUESTIONS, _is_theirs)
    actions_batches.check_may_answer(manifest)
    if not settings.SLIP_KEY:
        raise refusals.no_slip_key()
    with _work_of(manifest, not_in=(questions, out)) as work:
        return _done(out, manifest) or _answer(questions, out, work, manifest, register, options, told)


def _done(out: Path, manifest: Manifest) -> Report | None:
    """What was answered into the folder before, if anything was."""
    if not batch_files.is_finished(out):
        return None
    if batch_files.read(out, ANSWERS, is_ours).answers_to != manifest.digest:
        raise refusals.other_answers()
    return Report(**json.loads((out / "report.json").read_text()))


def _answer(
    questions: Path,
    out: Path,
    work: Path,
    manifest: Manifest,
    register: Sequence[Path],
    options: CheckOptions | None,
    told: Callable[[int, int], None],
) -> Report:
    at, leaves = actions_batches.counted_at(manifest), work / "leaves"
    leaves.mkdir(exist_ok=True)
    limit = (options or CheckOptions()).memory_limit
    _begin_anew(work)
    with _opened(work, limit) as batch:
        batch.read([questions / one.name for one in manifest.files], _asked_before(work / "asked.csv", manifest, at))
        actions_batches.count_records(batch=manifest.batch, at=at, rows=batch.records())
        batch.write_errors(leaves / "errors.csv")
    known = register or [dump_register(work / "register.csv")]
    _check(work / ASKED, known, work / "check", options, told)
    with _opened(work, limit) as batch:
        files, answered = batch.write_answers(leaves, work / "check")
        report = Report(answered=answered, **batch.sizes())
    finish = Manifest(ANSWERS, manifest.batch, clock.now(), manifest.period, tuple(files), manifest.digest)
    (leaves / "report.json").write_text(json.dumps(report.__dict__), encoding="utf-8")
    actions_batches.note_answered(
        manifest=manifest, answers=finish, at=at, walks=report.walks, too_many=report.too_many
    )
    _hand_out(sorted(leaves.iterdir()), out)
    batch_files.write(out, finish, sign(finish.text))
    return report


@contextmanager
def _work_of(manifest: Manifest, *, not_in: Iterable[Path]) -> Iterator[Path]:
    """Hold this side's own folder for a batch: a run that was killed goes on there, one that ended leaves nothing.

    Named by the manifest's digest, so that another batch never finds what this one left.
    """
    work = Path(settings.POPULATION_WORK).resolve() / manifest.digest
    if any(work.is_relative_to(folder.resolve()) for folder in not_in):
        raise refusals.work_in_sight()
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    work.parent.chmod(0o700)
    try:
        with locks.locked(work / "lock", 0):
            yield work
            shutil.rmtree(work)
    except TimeoutError:
        raise refusals.batch_under_way() from None
    except RefusedError:
        shutil.rmtree(work)
        raise


def _hand_out(files: Sequence[Path], out: Path) -> None:
    """Put what is finished into the folder that the other side reads; what another batch left unfinished there goes."""
    out.mkdir(parents=True, exist_ok=True)
    for stale in out.glob("answers-*.parquet"):
        stale.unlink()
    for file in files:
        shutil.copyfile(file, out / file.name)


def _check(
    asked: Path, known: Sequence[Path], out: Path, options: CheckOptions | None, told: Callable[[int, int], None]
) -> None:
    try:
        check_files([asked], known, out, options, told)
    except LinkageError as error:
        raise InvalidInputError(error.code, field=error.field, vi=error.vi, en=error.en) from None


def _begin_anew(work: Path) -> None:
    for left in work.glob(f"{STORE}*"):  # of a run that was killed: it may lack a table
        left.unlink()


@contextmanager
def _opened(work: Path, memory_limit: str) -> Iterator["_Batch"]:
    """The questions as a file of DuckDB's: nothing of them takes memory while they are being checked."""
    with duckdb.connect(str(work / STORE)) as connection:
        connection.execute("SET memory_limit = ?", [memory_limit])  # without it, four fifths of the machine
        yield _Batch(connection, work)


class _Batch:
    """The questions in DuckDB, and what is found of them."""

    def __init__(self, connection: Any, work: Path) -> None:
        self._connection, self._asked = connection, work / ASKED
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET temp_directory = '{_escaped(work / 'spill')}'")

    def read(self, files: Sequence[Path], asked_before: Path) -> None:
        """Read and bound the questions; what is sound goes into a file for the check.

        `asked_before` says how often each record was asked about within the day before.
        """
        with batch_files.readable("questions"):
            self._load(batch_files.reading(files))
        self._run("batch_asked_before", file=f"'{_escaped(asked_before)}'")
        dates = [text for (text,) in self._rows("batch_dates") if not text or birth_code(text)]
        self._connection.execute(
            "CREATE TABLE readable_dates AS SELECT unnest(CAST(? AS VARCHAR[])) AS written", [dates]
        )
        self._run("batch_faults")
        self._run(
            "batch_too_many",
            record_bound=limits.RECORD_A_DAY,
            number_bound=limits.NUMBER_A_DAY,
            block_bound=limits.BLOCK_A_DAY,
        )
        aside = self._asked.with_suffix(".part")
        if not self._asked.exists():
            self._run("batch_asked", file=f"'{_escaped(aside)}'")
            aside.replace(self._asked)

    def _load(self, source: str) -> None:
        found = {name for name, *_ in self._connection.execute(f"DESCRIBE FROM {source}").fetchall()}
        absent = next((name for name in COLUMNS if name not in found), None)
        if absent:
            raise refusals.column_absent(absent)
        self._run("batch_read", source=source)

    def records(self) -> Iterator[tuple[str, int]]:
        """Each record with how many of its questions are going to be answered."""
        yield from self._rows("batch_records")

    def write_errors(self, path: Path) -> None:
        """Write the rows that could not be read: row, field, cure; no value."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("row", "id", "field", "vi", "en"))
            for row, question, field in self._rows("batch_fault_rows"):
                writer.writerow((row, question if field != "id" else "", field, *refusals.ROW_CURES[field]))

    def write_answers(self, out: Path, checked: Path) -> tuple[list[DataFile], dict[str, int]]:
        """Write an answer file for each part of the check, and one for what was not checked."""
        files: list[DataFile] = []
        for part in sorted(checked.glob("answers-*.parquet")):
            self._keep_questions(part)
            files.append(_write(out / part.name, self._answers(part)))
        counts = self._counted([out / one.name for one in files])
        files.append(_write(out / "answers-unchecked.parquet", self._unchecked()))
        return files, counts

    def _counted(self, answers: Sequence[Path]) -> dict[str, int]:
        """Answers by verdict, from the files: a run that was killed has written some of them before."""
        if not answers:
            return {}
        self._connection.execute(_filled("batch_counted", source=batch_files.reading(answers)))
        return dict(self._connection.fetchall())

    def sizes(self) -> dict[str, int]:
        """Questions, unreadable ones, those beyond a bound, those of walks."""
        ((questions, faults, crowded, walks),) = self._rows("batch_sizes")
        return {"questions": questions, "unreadable": faults, "too_many": crowded + walks, "walks": walks}

    def _answers(self, part: Path) -> Iterator[tuple[str | None, ...]]:
        for question, verdict, *kinds, citizen in self._rows("batch_answers", file=f"'{_escaped(part)}'"):
            yield question, verdict, *kinds, keyed(citizen) if citizen else ""

    def _unchecked(self) -> Iterator[tuple[str | None, ...]]:
        for question, verdict, field in self._rows("batch_unanswered"):
            kinds = ("unreadable" if field == name else None for name in COLUMNS[2:])
            yield question, verdict, *kinds, ""

    def _keep_questions(self, part: Path) -> None:
        about = self._rows("batch_about", file=f"'{_escaped(part)}'")
        rows = ((question, keyed(number)) for question, number in about)
        actions_batches.keep_questions(rows=rows)

    def _run(self, name: str, **words: Any) -> None:
        self._connection.execute(_filled(name, **words))

    def _rows(self, name: str, **words: Any) -> Iterator[tuple[Any, ...]]:
        cursor = self._connection.cursor()
        cursor.execute(_filled(name, **words))
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows


def dump_register(path: Path) -> Path:
    """Write the register as it stands into a file that only this side sees."""
    return _dump(path, "register", {})


def _asked_before(path: Path, manifest: Manifest, at: datetime) -> Path:
    """Write how often each record was asked about within the day before `at`, by wire and in other batches."""
    return _dump(path, "asked_before", {"since": at - actions_batches.DAY, "at": at, "batch": manifest.batch})


def _dump(path: Path, name: str, parameters: dict[str, Any]) -> Path:
    if path.exists():  # of this run, which was killed: its parts were checked against it
        return path
    aside = path.with_suffix(".part")
    with connection.cursor() as cursor, aside.open("wb") as file:
        statement = f"COPY ({queries[name].statement}) TO STDOUT (FORMAT csv, HEADER)"
        with cursor.copy(statement, parameters) as copy:
            for piece in copy:
                file.write(piece)
    aside.replace(path)
    return path


def sign(text: str) -> dict[str, str]:
    """This side's signature of a manifest or a list."""
    key = signed_notice.key_id(signed_notice.public_of(settings.SLIP_KEY))
    return {"key": key, "signature": signed_notice.sign(text, private=settings.SLIP_KEY)}


def is_ours(text: str, signature: dict[str, str]) -> bool:
    """Whether this side has signed it."""
    known = [signed_notice.public_of(settings.SLIP_KEY)]
    return signed_notice.is_genuine(text, signature.get("signature", ""), key=signature.get("key", ""), known=known)


def _is_theirs(text: str, signature: dict[str, str]) -> bool:
    return batch_files.is_signed_by_secret(text, signature, settings.POPULATION_SECRET)


def _write(path: Path, rows: Iterator[tuple[str | None, ...]]) -> DataFile:
    return DataFile.of(path) if path.exists() else batch_files.write_rows(path, ANSWER_COLUMNS, rows)


def _filled(name: str, **words: Any) -> str:
    """Put our own paths and bounds into a statement; nothing of data ever stands in one."""
    text = queries[name].statement
    for word, value in words.items():
        text = text.replace("{" + word + "}", str(value))
    return text


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
