"""How does a row become a leaf? docs/reference/seals.md has it byte for byte; docs/adr/0056 says why.

A seal names its form. In form 2, that of seals made now, a row is hashed as COPY writes it in binary, and 32 rows share
a leaf: no session's setting changes it, and the database neither formats nor hashes. Form 1 is that of the first seals,
a JSON array and a leaf for each row; it is read, so that they verify, and no longer made.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import OperationalError, pq
from psycopg.errors import error_from_result

from tiemchung.ground import sql, tree
from tiemchung.oversight.ledgers import Ledger, queries

FORM = 2  # of seals made now
FORMS = (1, 2)
PART = 65_536  # rows kept together; a multiple of those in a leaf
DIGEST = 32  # bytes
_ROWS_IN_A_LEAF = {1: 1, 2: 32}
WIDTHS = {"uuid": 16, "int8": 8, "int4": 4}  # bytes of a key, by its type
_HEAD = 19  # bytes that COPY begins with in binary, before its first row
_COUNTS = 6  # bytes of a row before its first value: how many values, and how long this one
_END = 2  # bytes that COPY ends with; no row is so short
_Next = Callable[[int], tuple[int, Any]]


@dataclass(frozen=True)
class Leaves:
    """Rows of one table in the order of the tree: their keys, and the SHA-256 of each."""

    packed: bytes  # the keys: as text one a line, others one after the other as PostgreSQL sends them
    hashes: bytes  # 32 bytes a row
    kind: str  # PostgreSQL's name of the keys' type; `text` for all keys of the first seals

    def __len__(self) -> int:
        return len(self.hashes) // DIGEST

    @classmethod
    def kept(cls, written: str, hashes: bytes, kind: str) -> "Leaves":
        """As they stand in the database. Raises ValueError where the keys are none of their kind."""
        return cls(written.encode() if kind == "text" else bytes.fromhex(written), hashes, kind)

    @property
    def written(self) -> str:
        """The keys as they stand in the database: what is no text in hex."""
        return self.packed.decode() if self.kind == "text" else self.packed.hex()

    @property
    def keys(self) -> list[str]:
        """The keys one by one. Raises ValueError where they are none of their kind."""
        if self.kind == "text":
            return self.packed.decode().split("\n")
        return [_key(each, self.kind) for each in _slices(self.packed, WIDTHS[self.kind])]

    @property
    def ends(self) -> tuple[str, str]:
        """The first key and the last."""
        if self.kind == "text":
            return self.keys[0], self.keys[-1]
        width = WIDTHS[self.kind]
        return _key(self.packed[:width], self.kind), _key(self.packed[-width:], self.kind)

    def each(self) -> list[bytes]:
        """The hashes one by one."""
        return _slices(self.hashes, DIGEST)


def _key(packed: bytes, kind: str) -> str:
    return str(UUID(bytes=packed) if kind == "uuid" else int.from_bytes(packed, signed=True))


def read(ledger: Ledger, first: int, until: int, form: int) -> list[Leaves]:
    """The rows that transactions first ≤ … < until wrote, in parts; of form 1 call after `ledgers.plain_text`."""
    return list(_copied(ledger, first, until) if form > 1 else _from_json(ledger, first, until))


def content(ledger: Ledger, key: str, form: int) -> bytes:
    """What is hashed of the row with this key, which must be there; in form 1 call after `ledgers.plain_text`."""
    if form > 1:
        with _copying(ledger.filled(queries["copied_one"], wanted=key)) as row:
            return bytes(row(0)[1][_HEAD:])
    found = sql.fetch_one(ledger.filled(queries["json"]), {"key": key})
    assert found is not None
    return str(found["content"]).encode()


def digest(content: bytes, form: int) -> bytes:
    """What is kept of a row."""
    return hashlib.sha256(content).digest() if form > 1 else tree.leaf_hash(content)


def root(parts: Sequence[Leaves], form: int) -> bytes:
    """The root over all rows of a table."""
    return tree.root_hash(_in_tree(b"".join(part.hashes for part in parts), form))


def names(parts: Sequence[Leaves]) -> str:
    """What binds the keys of a table's rows, which its root does not: SHA-256 over them, hex."""
    return hashlib.sha256(b"".join(part.packed for part in parts)).hexdigest()


def place(position: int, form: int) -> tuple[int, int]:
    """Which leaf the row at this position is in, and as which of its rows; both from 0."""
    return divmod(position, _ROWS_IN_A_LEAF[form])


def way(parts: Sequence[Leaves], position: int, form: int) -> tuple[bytes, list[bytes]]:
    """How the row at this position leads to the root: the digests of its leaf's rows, and the path up from there."""
    hashes, (leaf, _) = b"".join(part.hashes for part in parts), place(position, form)
    size = DIGEST * _ROWS_IN_A_LEAF[form]
    return hashes[leaf * size : (leaf + 1) * size], tree.inclusion_path(_in_tree(hashes, form), leaf)


def is_under(root: bytes, rows: int, *, position: int, together: bytes, path: Sequence[bytes], form: int) -> bool:
    """Say whether a leaf of these digests holds that position under a root of so many rows."""
    leaf, size = place(position, form)[0], _ROWS_IN_A_LEAF[form]
    return tree.is_included(_leaf(together, form), leaf, -(-rows // size), path, root)


def _in_tree(hashes: bytes, form: int) -> list[bytes]:
    return [_leaf(together, form) for together in _slices(hashes, DIGEST * _ROWS_IN_A_LEAF[form])]


def _leaf(together: bytes, form: int) -> bytes:
    return tree.leaf_hash(together) if form > 1 else together


def _slices(content: bytes, size: int) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)]


def _copied(ledger: Ledger, first: int, until: int) -> Iterator[Leaves]:
    kind = ledger.types[0]
    if kind not in WIDTHS:
        raise TypeError(f"{ledger.table}: seals know keys of the types {', '.join(WIDTHS)}, not of {kind}")
    with _copying(ledger.filled(queries["copied"], first=first, until=until)) as row:
        head = _HEAD
        while part := _part(row, head, kind):
            yield part
            if len(part) < PART:
                break
            head = 0


def _part(row: _Next, head: int, kind: str) -> Leaves | None:
    """The next rows of a COPY, of which the first has its head. A call for each row would cost as much as its hash."""
    keys, hashes, sha256, end = [], [], hashlib.sha256, _COUNTS + WIDTHS[kind]
    for _ in range(PART):
        size, content = row(0)
        if head:
            size, content, head = size - head, content[head:], 0
        if size <= _END:
            break
        hashes.append(sha256(content).digest())
        keys.append(content[_COUNTS:end].tobytes())
    return Leaves(b"".join(keys), b"".join(hashes), kind) if keys else None


@contextmanager
def _copying(statement: sql.Query) -> Iterator[_Next]:
    """Gives what reads the next row of a COPY: libpq's own call, as psycopg's loop doubles what a row costs."""
    server = connection.connection.pgconn
    with connection.wrap_database_errors:
        _expect(server.exec_(statement.statement.encode()), pq.ExecStatus.COPY_OUT)
        try:
            yield server.get_copy_data
        finally:
            with suppress(OperationalError):  # it is read to its end already
                while server.get_copy_data(0)[0] > 0:
                    pass
            for result in list(iter(server.get_result, None)):  # all, before one of them raises
                _expect(result, pq.ExecStatus.COMMAND_OK)


def _expect(result: Any, status: pq.ExecStatus) -> None:
    if result.status != status:
        raise error_from_result(result)


def _from_json(ledger: Ledger, first: int, until: int) -> Iterator[Leaves]:
    row = sql.fetch_one(ledger.filled(queries["leaves_of_json"]), {"first": first, "until": until})
    if row and row["keys"] is not None:
        names, hashes = row["keys"].split("\n"), bytes(row["hashes"])
        for at in range(0, len(names), PART):
            packed = "\n".join(names[at : at + PART]).encode()
            yield Leaves(packed, hashes[DIGEST * at : DIGEST * (at + PART)], "text")
