"""The folder of backups of one server.

    base/20210916T010000Z.tar     a data folder as pg_basebackup copied it, with its manifest of SHA-256
    base/20210916T010000Z.json    when it began and ended, by the server's clock; how large it is
    journal/                      the journal since, part by part
    journal.json                  up to when the journal is here
    gaps.json                     where it is not: what the server no longer had when it was asked

Copies and journal are encrypted (`sealed_file`) where there are keys; the descriptions hold nothing personal.

Times are the server's own, in UTC. A practice day's shifted clock plays no part.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from tiemchung.ground.backups import errors
from tiemchung.ground.embedded.orders import replace

HALF = "half-"
PARTIAL = ".partial"
NAME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Base:
    """One base backup: from `ended_at` on, every moment can be restored with it."""

    name: str
    began_at: datetime
    ended_at: datetime
    version: int  # PostgreSQL's major version, which alone can read it
    first_segment: str  # of the journal, needed to restore it
    last_segment: str  # of the journal that came along
    segment_bytes: int
    system: str  # PostgreSQL's identifier of the cluster
    bytes: int

    def as_json(self) -> dict[str, Any]:
        written = asdict(self)
        return written | {"began_at": self.began_at.isoformat(), "ended_at": self.ended_at.isoformat()}

    @classmethod
    def read(cls, path: Path) -> "Base":
        found = json.loads(path.read_text())
        moments = {name: datetime.fromisoformat(found[name]) for name in ("began_at", "ended_at")}
        return cls(**found | moments)


@dataclass(frozen=True)
class Gap:
    """Journal that the server no longer had: after the last mark before it (None: no mark), until it was seen."""

    after: datetime | None
    until: datetime

    def as_json(self) -> dict[str, str | None]:
        return {"after": self.after.isoformat() if self.after else None, "until": self.until.isoformat()}

    @classmethod
    def read(cls, said: dict[str, str | None]) -> "Gap":
        after, until = said["after"], said["until"]
        assert until is not None
        return cls(datetime.fromisoformat(after) if after else None, datetime.fromisoformat(until))


@dataclass(frozen=True)
class Span:
    """Every moment of it can be restored, its ends included."""

    begin: datetime
    end: datetime


@dataclass(frozen=True)
class Shelf:
    """A folder of backups; it is closed to others, as names and doses stand in it."""

    root: Path

    @classmethod
    def at(cls, path: Path) -> "Shelf":
        return cls(path.expanduser().absolute())

    @property
    def journal(self) -> Path:
        return self.root / "journal"

    @property
    def follower(self) -> Path:
        """Locked by who receives the journal."""
        return self.root / "follower.lock"

    @property
    def taker(self) -> Path:
        """Locked by who takes a base backup."""
        return self.root / "taker.lock"

    def make(self) -> None:
        """Make the folders, closed to others."""
        for folder in (self.root, self.root / "base", self.journal):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def place(self, base: Base) -> Path:
        """Where a base backup lies."""
        return self.root / "base" / f"{base.name}.tar"

    def half(self, name: str) -> Path:
        """Where a base backup is written until it is whole."""
        return self.root / "base" / f"{HALF}{name}.tar"

    def keep(self, base: Base) -> None:
        """Let a base backup that is whole take its place; its description comes last, and makes it one."""
        self.half(base.name).rename(self.place(base))
        replace(self.root / "base" / f"{base.name}.json", base.as_json())

    def bases(self) -> list[Base]:
        """The base backups that are whole, the oldest first."""
        found = [Base.read(path) for path in (self.root / "base").glob("*.json")]
        return sorted((base for base in found if self.place(base).is_file()), key=lambda base: base.ended_at)

    def free_name(self, now: datetime) -> str:
        """The name of a base backup that begins now; a second one within its second is told from the first."""
        name, taken = now.strftime(NAME), {path.stem for path in (self.root / "base").glob("*.json")}
        later = (f"{name}-{number}" for number in count(2))
        return name if name not in taken else next(each for each in later if each not in taken)

    def check_server(self, system: str) -> None:
        """Raises ConflictError when base backups of another server lie here."""
        if any(base.system != system for base in self.bases()):
            raise errors.other_server(self.root)

    def newest_before(self, moment: datetime | None) -> Base:
        """The base backup to begin with for a moment, None being the last one. Raises NotFoundError."""
        bases = self.bases()
        if not bases:
            raise errors.no_backup(self.root)
        fitting = [base for base in bases if moment is None or base.ended_at <= moment]
        if not fitting and moment:
            raise errors.too_early(moment, bases[0].ended_at)
        return fitting[-1]

    def note_journal(self, until: datetime) -> None:
        """Write down up to when all of the journal is here."""
        replace(self.root / "journal.json", {"until": until.isoformat()})

    def journal_until(self) -> datetime | None:
        """Up to when all of the journal is here; None where it was never followed."""
        note = self.root / "journal.json"
        return datetime.fromisoformat(json.loads(note.read_text())["until"]) if note.exists() else None

    def note_gap(self, until: datetime) -> None:
        """Write down, before the journal is received anew, that some of it never will be; `until`: now."""
        gaps = [*self.gaps(), Gap(self.journal_until(), until)]
        replace(self.root / "gaps.json", {"gaps": [gap.as_json() for gap in gaps]})

    def gaps(self) -> list[Gap]:
        """The gaps that were seen, the oldest first."""
        note = self.root / "gaps.json"
        return [Gap.read(said) for said in json.loads(note.read_text())["gaps"]] if note.exists() else []

    def restorable(self) -> list[Span]:
        """The spans of time of which every moment can be restored, the earliest first."""
        spans: list[Span] = []
        for base in self.bases():
            begin, end = base.ended_at, self.restorable_until(base)
            if spans and begin <= spans[-1].end:
                spans[-1] = Span(spans[-1].begin, max(spans[-1].end, end))
            else:
                spans.append(Span(begin, end))
        return spans

    def restorable_until(self, base: Base) -> datetime:
        """Up to when the journal goes on without a gap from a base backup."""
        if self.missing_after(base) is None:
            return max(base.ended_at, self.journal_until() or base.ended_at)
        ends = [gap.after for gap in self.gaps() if gap.until > base.ended_at and gap.after]
        return max(base.ended_at, min(ends, default=base.ended_at))

    def segments(self) -> list[Path]:
        """The parts of the journal, in their order; the last may be partial."""
        return sorted(path for path in self.journal.glob("[0-9A-F]*") if len(path.name.split(".")[0]) == 24)

    def missing_after(self, base: Base) -> str | None:
        """The first part of the journal since a base backup that is not here though a later one is."""
        per_log = 2**32 // base.segment_bytes
        here = {_position(path.name, per_log) for path in self.segments()}
        first = _position(base.last_segment, per_log) + 1
        gap = next((at for at in range(first, max(here, default=0)) if at not in here), None)
        return None if gap is None else f"{base.last_segment[:8]}{gap // per_log:08X}{gap % per_log:08X}"

    def sweep(self) -> None:
        """Delete what killed backups left half written."""
        known = {self.place(base) for base in self.bases()}
        for left in (self.root / "base").glob("*.tar"):
            if left not in known:
                left.unlink()

    def prune(self, keep: timedelta, now: datetime) -> tuple[list[Base], list[Path]]:
        """Delete what no moment of the last `keep` needs; gives it. The newest base backup always stays."""
        bases = self.bases()
        needed_from = max((base.ended_at for base in bases if base.ended_at <= now - keep), default=None)
        old = [base for base in bases if needed_from and base.ended_at < needed_from]
        for base in old:
            (self.root / "base" / f"{base.name}.json").unlink()  # first: from now on it is none
            self.place(base).unlink()
        gone = list(self._segments_before(min((base.first_segment for base in bases if base not in old), default="")))
        for path in gone:
            path.unlink()
        self._forget_gaps_before(min((base.ended_at for base in bases if base not in old), default=None))
        return old, gone

    def _forget_gaps_before(self, first: datetime | None) -> None:
        """A gap that ended before the oldest base backup hinders nothing any more."""
        kept = [gap for gap in self.gaps() if first is None or gap.until > first]
        if len(kept) < len(self.gaps()):
            replace(self.root / "gaps.json", {"gaps": [gap.as_json() for gap in kept]})

    def _segments_before(self, first: str) -> Iterator[Path]:
        """Parts older than one, whatever timeline they are of: the first eight digits."""
        return (path for path in self.segments() if path.name[8:24] < first[8:24])


def _position(segment: str, per_log: int) -> int:
    """Where a part stands in the journal, whatever timeline it is of."""
    return int(segment[8:16], 16) * per_log + int(segment[16:24], 16)
