"""Was anything changed since it was sealed? The seals are held against each other, then every row against its seal.

What is believed is what is signed. Against the database alone that shows any change by somebody without the seal key;
against the published copy also seals that were taken away or made anew.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC
from itertools import chain, islice
from pathlib import Path

from django.db import DataError, ProgrammingError, transaction

from tiemchung.ground import sql
from tiemchung.hcert import SignerCertificate
from tiemchung.hcert.algorithms import holds
from tiemchung.oversight import leaves, ledgers, publishing, waiting
from tiemchung.oversight.leaves import Leaves
from tiemchung.oversight.ledgers import Ledger, queries
from tiemchung.oversight.models import Seal, SealedLeaves
from tiemchung.oversight.publishing import as_published
from tiemchung.oversight.statement import NOTHING_BEFORE, PublishedSeal, Sealed, Statement, link
from tiemchung.passports import keys

NAMED = 20  # rows named of one table under one seal; the rest is counted
BEGIN, END = -(2**63), 2**63  # all numbers that a row may have; transactions count from 0
Progress = Callable[[int], None]  # told how many more rows were looked at


@dataclass(frozen=True)
class Problem:
    """One thing that is not as it was sealed. `what` is for machines, `text` for people."""

    what: str  # altered, missing, inserted, table_*, seal_*; waiting_*: nothing was changed, but not all is sealed
    text: str
    seal: int | None = None
    table: str = ""
    key: str = ""


@dataclass
class Report:
    """What was looked at and what was found, the first problem first."""

    seals: int = 0
    rows: int = 0
    unsealed: int = 0
    published: int | None = None  # seals of the copy; none: it was not asked for
    problems: list[Problem] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything is not as it was sealed; what only waits for a seal was not changed."""
        return any(not problem.what.startswith("waiting") for problem in self.problems)

    def as_json(self) -> str:
        """All for machines."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)


@transaction.atomic
def verify(
    *,
    folder: Path | None = None,
    certificates: Sequence[SignerCertificate] = (),
    progress: Progress = lambda _: None,
    live: bool = False,
) -> Report:
    """Verify all seals and all sealed rows of this database; with `folder` against the published copy too.

    `live`: the folder is the one that seals are published into now, so that none may be missing there for long.
    `certificates` are those that seals may be signed with; without any, those that the database itself names.
    Raises InvalidInputError for a copy that cannot be read.
    """
    ledgers.plain_text()
    report, known = Report(published=0 if folder else None), ledgers.all_ledgers()
    checks = _Checks(folder, {each.kid.hex(): each for each in certificates}, bool(certificates))
    ranges = []
    for statement in checks.believed(report):
        ranges.append(_Range.of(statement))
        for sealed in statement.tables:
            report.problems += checks.table(statement, sealed, known.get(sealed.table))
            report.rows += sealed.rows
            progress(sealed.rows)
    report.problems += _outside(ranges, known.values())
    report.problems += _never_sealed(known.values(), ranges[-1].until if ranges else 0)
    report.problems += [_unguarded(each) for each in known.values() if not each.guarded]
    until = ranges[-1].until if ranges else 0
    report.unsealed = sum(ledgers.count(each, until, END) for each in known.values())
    if report.unsealed and not ranges:
        report.problems.append(Problem("seal_none", "There are rows and no seal: run tiemchung audit seal."))
    report.problems += _waiting(until, report.unsealed, folder if live else None)
    return report


@dataclass(frozen=True, slots=True)
class _Range:
    """Of a seal: which transactions, and how many rows of which tables."""

    seal: int
    first: int
    until: int
    rows: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, statement: Statement) -> "_Range":
        rows = tuple((sys.intern(each.table), each.rows) for each in statement.tables)
        return cls(statement.seal, statement.first, statement.until, rows)


@dataclass(frozen=True)
class _Checks:
    """Where the published copy is, and the certificates that are known; `pinned`: no others are believed."""

    folder: Path | None
    certificates: dict[str, SignerCertificate | None]
    pinned: bool

    def believed(self, report: Report) -> Iterator[Statement]:
        """The statements that rows are to be held against, in order: the copy's where it has them.

        What is wrong with the seals themselves goes into the report on the way; one that cannot be read ends it.
        """
        expected, previous, first = 1, NOTHING_BEFORE, 0
        for ours, theirs in self._pairs(report):
            report.problems += _compared(ours, theirs)
            seal = theirs or ours
            assert seal is not None
            try:
                statement, signed = seal.read(), self._is_signed(seal)
            except ValueError:
                report.problems.append(Problem("seal_altered", f"Seal {seal.number} cannot be read.", seal.number))
                return
            report.problems += _of_seal(seal, statement, signed, expected, (previous, first))
            expected, previous, first = seal.number + 1, link(seal.statement, seal.signature), statement.until
            yield statement

    def _pairs(self, report: Report) -> Iterator[tuple[PublishedSeal | None, PublishedSeal | None]]:
        """Each seal as the database and as the copy has it, by number."""
        copy = publishing.published(self.folder) if self.folder else iter(())
        theirs = next(copy, None)
        for row in Seal.objects.order_by("number").iterator(500):
            report.seals += 1
            report.problems += _beside(row)
            while theirs and theirs.number < row.number:
                yield None, _counted(theirs, report)
                theirs = next(copy, None)
            if theirs and theirs.number == row.number:
                yield as_published(row), _counted(theirs, report)
                theirs = next(copy, None)
            else:
                yield as_published(row), None
        for rest in chain([theirs] if theirs else [], copy):
            yield None, _counted(rest, report)

    def _is_signed(self, seal: PublishedSeal) -> bool:
        if seal.key_id not in self.certificates and not self.pinned:
            self.certificates[seal.key_id] = keys.certificate_of(seal.key_id, keys.SEAL)
        certificate = self.certificates.get(seal.key_id)
        key = certificate.public_key if certificate else None
        return key is not None and holds(key, bytes.fromhex(seal.signature), seal.statement.encode())

    def table(self, statement: Statement, sealed: Sealed, now: Ledger | None) -> list[Problem]:
        """What is not as sealed in one table under one seal."""
        if now is None or not set(sealed.columns) <= set(now.columns):
            said = f"Table {sealed.table} or one of its columns, sealed by seal {statement.seal}, is gone."
            return [Problem("table_gone", said, statement.seal, sealed.table)]
        form, found = statement.form, _as_sealed(statement, sealed)
        if found is None:
            said = f"Table {sealed.table} can no longer be read in the types that seal {statement.seal} names."
            return [Problem("table_changed", said, statement.seal, sealed.table)]
        if sealed.is_of(found, form):
            return []
        was = self._leaves(statement.seal, sealed, form)
        if was is None:
            said = f"Seal {statement.seal}: table {sealed.table} has changed; {sealed.rows} rows were sealed."
            return [Problem("table_changed", said, statement.seal, sealed.table)]
        return list(_named(statement.seal, sealed.table, was, found))

    def _leaves(self, seal: int, sealed: Sealed, form: int) -> list[Leaves] | None:
        """The leaves that the seal was made over, from database or copy; None when neither has them as signed."""
        theirs = publishing.published_leaves(self.folder, seal, sealed) if self.folder else []
        return next((each for each in (_kept(seal, sealed), theirs) if each and sealed.is_of(each, form)), None)


def _as_sealed(statement: Statement, sealed: Sealed) -> list[Leaves] | None:
    """The rows of a table as they stand now; none where its columns are no longer of types that say the same."""
    try:
        with transaction.atomic():
            return leaves.read(sealed.ledger, statement.first, statement.until, statement.form)
    except (DataError, ProgrammingError):
        return None


def _kept(seal: int, sealed: Sealed) -> list[Leaves]:
    """The leaves beside the seal; none where they are no leaves any more."""
    parts = SealedLeaves.objects.filter(seal=seal, table=sealed.table).order_by("part")
    try:
        return [Leaves.kept(part.keys, bytes(part.hashes), sealed.kind) for part in parts]
    except ValueError:
        return []


def _counted(seal: PublishedSeal, report: Report) -> PublishedSeal:
    report.published = (report.published or 0) + 1
    return seal


def _of_seal(
    seal: PublishedSeal, statement: Statement, signed: bool, expected: int, follows: tuple[str, int]
) -> Iterator[Problem]:
    """What is wrong with one seal in its place of the chain."""
    number = seal.number
    if (number, statement.seal) != (expected, expected):
        yield Problem("seal_missing", f"Seal {expected} is missing: seal {number} stands in its place.", expected)
    elif not signed:
        yield Problem("seal_altered", f"The signature of seal {number} does not hold.", number)
    elif (statement.previous, statement.first) != follows:
        yield Problem("seal_rewritten", f"Seal {number} does not follow the seal before it.", number)


def _beside(seal: Seal) -> Iterator[Problem]:
    """Where what stands beside a seal, by which the next one begins and the portal counts, is not what was signed."""
    try:
        signed = Statement.read(seal.statement)
    except ValueError:
        return  # named where it is to be believed
    made_at = seal.made_at.astimezone(UTC).isoformat(timespec="seconds")
    beside = (seal.number, seal.first, seal.until, seal.rows, made_at)
    if beside != (signed.seal, signed.first, signed.until, signed.rows, signed.made_at):
        yield Problem("seal_altered", f"Beside seal {seal.number} stands what it does not say.", seal.number)


def _compared(ours: PublishedSeal | None, theirs: PublishedSeal | None) -> Iterator[Problem]:
    """Where the database's seal is not the one that was published; one not published yet is none."""
    if theirs is None:
        return
    if ours is None:
        said = f"Seal {theirs.number} was published and is missing in the database."
        yield Problem("seal_missing", said, theirs.number)
    elif ours != theirs:
        yield Problem("seal_rewritten", f"Seal {theirs.number} is not the one that was published.", theirs.number)


def _named(seal: int, table: str, was: Sequence[Leaves], now: Sequence[Leaves]) -> Iterator[Problem]:
    """Name the rows that differ, in the order of the tree."""
    sealed, found = _by_key(was), _by_key(now)
    gone = [("missing", key) for key in sealed if key not in found]
    altered = [("altered", key) for key, known in sealed.items() if found.get(key, known) != known]
    order = {key: place for place, key in enumerate(sealed)}
    changed = sorted(gone + altered, key=lambda each: order[each[1]])
    changed += [("inserted", key) for key in found if key not in sealed]
    if not changed:
        yield Problem("altered", f"Seal {seal}: rows of {table} stand in another order.", seal, table)
    for what, key in changed[:NAMED]:
        yield Problem(what, f"Row {key} of {table} was {_WORDS[what]} (seal {seal}).", seal, table, key)
    if len(changed) > NAMED:
        said = f"Seal {seal}: {len(changed) - NAMED} more rows of {table} were changed."
        yield Problem("more", said, seal, table)


_WORDS = {
    "missing": "deleted after it was sealed",
    "altered": "altered after it was sealed",
    "inserted": "inserted into a range that was sealed without it",
}


def _by_key(parts: Sequence[Leaves]) -> dict[str, bytes]:
    return {key: leaf for part in parts for key, leaf in zip(part.keys, part.each(), strict=False)}


def _outside(ranges: Sequence[_Range], known: Iterable[Ledger]) -> Iterator[Problem]:
    """Rows in ranges for which a seal names no row of their table: of what seals do name, each row was looked at."""
    if not ranges:
        return
    named: Counter[str] = Counter()
    for each in ranges:
        named.update(dict(each.rows))
    for ledger in known:
        if ledgers.count(ledger, 0, ranges[-1].until) != named[ledger.table]:
            empty = (each for each in ranges if ledger.table not in dict(each.rows))
            yield from islice(_first_in(ledger, empty), 1)


def _first_in(ledger: Ledger, ranges: Iterable[_Range]) -> Iterator[Problem]:
    for each in ranges:
        row = sql.fetch_one(ledger.filled(queries["first_outside"]), {"first": each.first, "until": each.until})
        if row:
            said = f"Row {row['key']} of {ledger.table} was {_WORDS['inserted']} (seal {each.seal})."
            yield Problem("inserted", said, each.seal, ledger.table, row["key"])


def _never_sealed(known: Iterable[Ledger], until: int) -> Iterator[Problem]:
    """Rows of transactions that never were, before all or beyond all: no seal would ever cover them.

    Whoever counts below the last seal counts anew, as the sealer says; a standby counts not at all. Neither knows
    what is beyond.
    """
    highest = {each: ledgers.highest(each) for each in known}
    upcoming = ledgers.upcoming() or 0
    for ledger, last in highest.items():
        beyond = [(last, END)] if upcoming and until <= upcoming <= last else []
        for first, end in [(BEGIN, 0), *beyond]:
            row = sql.fetch_one(ledger.filled(queries["first_outside"]), {"first": first, "until": end})
            if row:
                said = (
                    f"Row {row['key']} of {ledger.table} was inserted as written by transaction {row['written_in']}, "
                    "which never was. After a restore from a dump run tiemchung migrate first."
                )
                yield Problem("inserted", said, None, ledger.table, row["key"])


def _waiting(until: int, rows: int, folder: Path | None) -> Iterator[Problem]:
    """What waits for so long that somebody must look after the worker."""
    if since := waiting.unsealed_since(until):
        yield Problem(
            "waiting_rows",
            f"{rows} rows are not sealed, the first since {since.isoformat(timespec='seconds')}. Does tiemchung worker "
            "run, has it a key for seals, is a transaction open for long? tiemchung audit seal says what is wrong.",
        )
    if folder and (since := waiting.unpublished_since(folder)):
        yield Problem(
            "waiting_seals",
            f"Seals are not published into {folder}, the first since {since.isoformat(timespec='seconds')}. Is the "
            "folder there, may the worker write into it? tiemchung audit seal says what is wrong.",
        )


def _unguarded(ledger: Ledger) -> Problem:
    said = f"Table {ledger.table} has lost a trigger that refuses changes, or it is disabled. Run tiemchung migrate."
    return Problem("table_unguarded", said, table=ledger.table)
