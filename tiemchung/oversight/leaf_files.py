"""How do the leaves of a seal stand in their published file? docs/reference/seals.md describes it for other tools.

For each part of a table a line of JSON that says how long it is, then the keys, then the hashes, as they are: nothing
repeats in either, so that compressing would cost more than it saves. Files of earlier versions are JSON in gzip.
"""

import base64
import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from tiemchung.oversight.leaves import DIGEST, Leaves


def write(path: Path, parts: Iterable[tuple[str, Leaves]]) -> None:
    """Write the leaves, each part with its table's name; the file has its name only when it is whole."""
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        for table, part in parts:
            said = {"table": table, "rows": len(part), "bytes": len(part.packed)}
            file.writelines([json.dumps(said).encode(), b"\n", part.packed, part.hashes])
    draft.replace(path)


def read(path: Path, table: str, kind: str) -> list[Leaves]:
    """The leaves of one table; none where the file is absent or no such file: nobody trusts it but for its root."""
    earlier = path.with_suffix(".jsonl.gz")
    try:
        if path.exists():
            with path.open("rb") as file:
                return list(_read(file, table, kind))
        return _read_earlier(earlier, table) if earlier.exists() else []
    except (ValueError, KeyError, TypeError, EOFError, OSError, RecursionError, zlib.error):
        return []


def _read(file: IO[bytes], table: str, kind: str) -> Iterator[Leaves]:
    while line := file.readline():
        said = json.loads(line)
        if said["table"] != table:
            file.seek(said["bytes"] + DIGEST * said["rows"], 1)
            continue
        yield Leaves(file.read(said["bytes"]), file.read(DIGEST * said["rows"]), kind)


def _read_earlier(path: Path, table: str) -> list[Leaves]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        parts = [json.loads(line) for line in file]
    return [
        Leaves("\n".join(part["keys"]).encode(), base64.b64decode(part["hashes"]), "text")
        for part in parts
        if part["table"] == table
    ]
