"""Put what a server writes into its journal into the folder of backups, and only then let the server forget it.

A part of the journal that is whole has the name that PostgreSQL gives it; the one that is being received ends in
`.partial`. Killed at any moment, the next receiver goes on where the folder's last byte stands.
"""

import logging
import os
import re
from pathlib import Path
from threading import Event, Thread

from tiemchung.ground.backups import sealed_file
from tiemchung.ground.backups.replication import EndedError, RemovedError, Stream, lsn
from tiemchung.ground.backups.sealed_file import ChangedError, Keys, PlainWriter
from tiemchung.ground.backups.shelf import PARTIAL, Shelf
from tiemchung.ground.backups.source import SLOT, Source
from tiemchung.ground.errors import RefusedError

AGAIN = 5.0  # seconds until a receiver that gave up begins again
REPLY = 1.0  # seconds at most between two replies to the server
log = logging.getLogger("tiemchung.backup")
_CURE = "take a new base backup"

_BEGAN = re.compile(rb"^(\d+)\t([0-9A-F]+)/([0-9A-F]+)\t", re.M)  # of a history file: where each timeline ended


class Receiver(Thread):
    """Receives until `stop`, beginning again whenever the server or the disk lets it down."""

    def __init__(self, source: Source, shelf: Shelf, keys: Keys, stop: Event) -> None:
        super().__init__(name="receiver", daemon=True)
        self.source, self.shelf, self.keys, self.stop = source, shelf, keys, stop
        self._gap = False  # the server no longer has what would follow the folder's last byte
        self.problem: Exception | None = None  # one that does not go by itself: a key that is missing, our mistake

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self._receive_until_let_down()
                self.stop.wait(AGAIN)
        except Exception as problem:
            self.problem = problem

    def _receive_until_let_down(self) -> None:
        try:
            self._receive_up_to_a_gap()
        except (EndedError, OSError) as error:
            log.warning("the journal is received no more (%s): again in %.0f s", error, AGAIN)
        except RefusedError as error:
            if error.field != "database":
                raise
            log.warning("%s: again in %.0f s", error.en, AGAIN)

    def _receive_up_to_a_gap(self) -> None:
        """A gap is written down before anything behind it is received; once, however often the server is asked."""
        try:
            self._receive()
        except RemovedError as error:
            log.warning("THE JOURNAL HAS A GAP (%s): received again from where the server has it; " + _CURE, error)
            if not self._gap:
                self.shelf.note_gap(self.source.facts().now)
            self._gap = True

    def _receive(self) -> None:
        segment_bytes = self.source.facts().segment_bytes
        kept_from = self._kept_from()
        with Stream(self.source.url) as stream:
            timeline = stream.timeline()
            began = _keep_history(stream, self.shelf, self.keys, timeline) if timeline > 1 else None
            parts = Parts(self.shelf, self.keys, timeline, segment_bytes)
            try:
                stream.start(SLOT, self._first(parts, kept_from, began), timeline)
                while not self.stop.is_set():
                    self._receive_into(parts, stream)
            finally:
                parts.close()

    def _receive_into(self, parts: "Parts", stream: Stream) -> None:
        for piece in stream.receive(REPLY):
            parts.write(piece.at, piece.content)
            self._gap = False
        parts.sync()
        stream.acknowledge(parts.at)

    def _kept_from(self) -> int:
        """From where the server keeps its journal for us. A slot that it gave up keeps nothing: it is made again."""
        kept_from = self.source.kept_from()
        if kept_from is None:
            log.warning("the server kept its journal no longer for this folder, and is told to again; " + _CURE)
            self.source.drop_slot()
            self.source.make_slot()
            kept_from = self.source.kept_from()
        if kept_from is None:
            raise EndedError("the server does not keep its journal for this folder")
        return kept_from

    def _first(self, parts: "Parts", kept_from: int, began: int | None) -> int:
        """From where the folder ends, else from where the timeline began, else from where the server has kept it."""
        if self._gap:
            return parts.begin(kept_from)
        wanted = parts.go_on()
        return parts.begin(kept_from if began is None else began) if wanted is None else wanted


class Parts:
    """The parts of one timeline in the folder, as they grow."""

    def __init__(self, shelf: Shelf, keys: Keys, timeline: int, size: int) -> None:
        self.shelf, self.keys, self.timeline, self.size = shelf, keys, timeline, size
        self.at = 0
        self._writer: PlainWriter | None = None

    def go_on(self) -> int | None:
        """The place after the last byte that is here; None when there is nothing of this timeline."""
        ours = [path for path in self.shelf.segments() if path.name.startswith(f"{self.timeline:08X}")]
        if not ours:
            return None
        self.at = self._begin_of(ours[-1].name)
        if ours[-1].suffix != PARTIAL:
            self.at += self.size
        else:
            self._open_begun(ours[-1])
        return self.at

    def begin(self, at: int) -> int:
        """Begin anew with the part that a place is in; gives where that part begins."""
        self.close()
        self.at = at - at % self.size
        return self.at

    def write(self, at: int, content: bytes) -> None:
        """Write a piece that follows the last one. Raises EndedError for one that does not."""
        if at != self.at:
            raise EndedError(f"{lsn(self.at)} was expected and {lsn(at)} came")
        while content:
            room = self.size - self.at % self.size
            self._open().write(content[:room])
            self.at, content = self.at + len(content[:room]), content[room:]
            if self.at % self.size == 0:
                self._finish()

    def sync(self) -> None:
        """Bring everything to the disk."""
        if self._writer:
            self._writer.sync()

    def close(self) -> None:
        """Leave the last part for whoever goes on with it."""
        if self._writer:
            self._writer.close()
            self._writer = None

    def _open(self) -> PlainWriter:
        if self._writer is None:
            name = self._name(self.at)
            self._writer = sealed_file.create(self._begun(name), self.keys, name)
            sync_folder(self.shelf.journal)  # a part without its name would be lost with the power, acknowledged or not
        return self._writer

    def _open_begun(self, path: Path) -> None:
        """Go on with a part; one that was whole already, killed before it got its name, gets it now."""
        try:
            length = self._length_of_begun(path)
        except ChangedError as error:
            self.close()
            log.warning("%s is damaged (%s) and received anew", path.name, error)
            return
        self.at += length
        if length == self.size:
            self._finish()

    def _length_of_begun(self, path: Path) -> int:
        self._writer, length = sealed_file.go_on(path, self.keys, path.stem)
        if length > self.size or (self._writer.ended and length < self.size):
            raise ChangedError(f"{length} bytes, not {self.size}")
        return length

    def _finish(self) -> None:
        assert self._writer is not None
        self._writer.finish()
        self._writer = None
        name = self._name(self.at - self.size)
        self._begun(name).rename(self.shelf.journal / name)
        sync_folder(self.shelf.journal)

    def _begun(self, name: str) -> Path:
        return self.shelf.journal / (name + PARTIAL)

    def _name(self, at: int) -> str:
        number, per_log = at // self.size, 2**32 // self.size
        return f"{self.timeline:08X}{number // per_log:08X}{number % per_log:08X}"

    def _begin_of(self, name: str) -> int:
        return (int(name[8:16], 16) << 32) + int(name[16:24], 16) * self.size


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep_history(stream: Stream, shelf: Shelf, keys: Keys, timeline: int) -> int:
    """Keep the file that says where this timeline began, which a restore needs; gives that place."""
    name, content = stream.history(timeline)
    if not (shelf.journal / name).exists():
        draft = shelf.journal / f"{name}.draft"
        writer = sealed_file.create(draft, keys, name)
        writer.write(content)
        writer.finish()
        draft.rename(shelf.journal / name)
        sync_folder(shelf.journal)
    *_, (_, high, low) = _BEGAN.findall(content)
    return (int(high, 16) << 32) + int(low, 16)
