"""What starter and keeper tell each other, in small files that are replaced whole."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Orders:
    """How a server is to run; the starter gives it to the keeper as its argument."""

    version: int
    durable: bool
    tcp_port: int | None

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, written: str) -> "Orders":
        return cls(**json.loads(written))


@dataclass(frozen=True)
class KeeperNote:
    """What the keeper says of itself: who it is, how its server runs, and in the end how it ended."""

    pid: int
    version: int
    durable: bool
    tcp_port: int | None
    ended: str | None = None

    def write(self, path: Path) -> None:
        replace(path, asdict(self))

    @classmethod
    def read(cls, path: Path) -> "KeeperNote | None":
        return cls(**json.loads(path.read_text())) if path.exists() else None


def read_linger(path: Path) -> float | None:
    """How many seconds the server stays without users; None is until it is told to stop."""
    if not path.exists():
        return None
    seconds = json.loads(path.read_text())
    return None if seconds is None else float(seconds)


def replace(path: Path, content: Any) -> None:
    """Write a file whole: a reader sees the old content or the new, never a part."""
    fresh = path.with_suffix(".new")
    with fresh.open("w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())  # else some file systems leave an empty file after a power cut
    fresh.replace(path)
