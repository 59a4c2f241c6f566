"""What does a seal say? Which range, how many rows of which tables, under which roots, after which seal."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tiemchung.ground import tree
from tiemchung.ground.canonical import canonical
from tiemchung.oversight.ledgers import Leaves, Ledger

NOTHING_BEFORE = "0" * 64  # what the first seal names as the one before


@dataclass(frozen=True)
class Sealed:
    """What a seal says of one table."""

    table: str
    columns: tuple[str, ...]
    key: str  # the column that names a row
    rows: int
    first: str  # key of the first row in the tree's order
    last: str
    root: str  # hex

    @classmethod
    def of(cls, ledger: Ledger, parts: Sequence[Leaves]) -> "Sealed":
        """What is to be said of these leaves, of which there is at least one."""
        rows, root = sum(map(len, parts)), root_of(parts).hex()
        return cls(ledger.table, ledger.columns, ledger.key, rows, parts[0].keys[0], parts[-1].keys[-1], root)

    @property
    def ledger(self) -> Ledger:
        """The table as it was read for the seal."""
        return Ledger(self.table, self.columns, self.key)


@dataclass(frozen=True)
class Statement:
    """What a seal says, and the text of it."""

    seal: int
    made_at: str
    first: int
    until: int
    previous: str  # hex, the link of the seal before
    tables: tuple[Sealed, ...]

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.tables)

    @property
    def text(self) -> str:
        """The text that is signed: JSON with sorted keys and no white space."""
        return canonical(asdict(self)).decode()

    @classmethod
    def read(cls, text: str) -> "Statement":
        """Read a seal's text. Raises ValueError when it is none."""
        try:
            said: dict[str, Any] = json.loads(text)
            tables = tuple(Sealed(**(each | {"columns": tuple(each["columns"])})) for each in said.pop("tables"))
            return cls(tables=tables, **said)
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"not a seal's statement: {error}") from error


@dataclass(frozen=True)
class PublishedSeal:
    """A seal as it stands outside the database: the text that is signed, the signature, and whose it is."""

    number: int
    statement: str
    key_id: str
    signature: str  # hex
    certificate: str  # PEM

    @property
    def line(self) -> str:
        """One line of JSON, its end included."""
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"

    def read(self) -> Statement:
        """What it says. Raises ValueError when it is no seal's statement."""
        return Statement.read(self.statement)


def link(text: str, signature: str) -> str:
    """What the next seal names as the one before: SHA-256 over text and signature, hex."""
    return hashlib.sha256(text.encode() + bytes.fromhex(signature)).hexdigest()


def root_of(parts: Sequence[Leaves]) -> bytes:
    """The root over all leaves of a table."""
    return tree.root_hash([tree.root_hash(part.each()) for part in parts])
