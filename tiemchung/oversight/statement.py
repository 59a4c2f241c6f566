"""What does a seal say? Which range, how many rows of which tables, under which roots, after which seal."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from tiemchung.ground.canonical import canonical
from tiemchung.oversight import leaves
from tiemchung.oversight.leaves import Leaves
from tiemchung.oversight.ledgers import Ledger

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
    types: tuple[str, ...] = ()  # of the columns; this and the next the first seals do not say
    keys: str = ""  # hex, SHA-256 over all keys

    @classmethod
    def of(cls, ledger: Ledger, parts: Sequence[Leaves], form: int) -> "Sealed":
        """What is to be said of these leaves, of which there is at least one."""
        rows, root = sum(map(len, parts)), leaves.root(parts, form).hex()
        own = cls(ledger.table, ledger.columns, ledger.key, rows, parts[0].ends[0], parts[-1].ends[1], root)
        return replace(own, types=ledger.types, keys=leaves.names(parts)) if form > 1 else own

    def is_of(self, parts: Sequence[Leaves], form: int) -> bool:
        """Whether these are the leaves that were sealed; their keys too, where the seal binds them."""
        same = sum(map(len, parts)) == self.rows and leaves.root(parts, form).hex() == self.root
        return same and self.keys in ("", leaves.names(parts))

    @property
    def ledger(self) -> Ledger:
        """The table as it was read for the seal."""
        return Ledger(self.table, self.columns, self.key, types=self.types)

    @property
    def kind(self) -> str:
        """How the keys of its leaves are kept."""
        return self.types[0] if self.types else "text"

    @classmethod
    def read(cls, said: dict[str, Any]) -> "Sealed":
        """From a statement's JSON. Raises ValueError for what cannot be read as rows."""
        lists = {name: tuple(said.get(name, ())) for name in ("columns", "types")}
        sealed = cls(**(said | lists))
        fits = len(sealed.types) == len(sealed.columns) and sealed.columns[0] == sealed.key
        if sealed.types and not (fits and sealed.kind in leaves.WIDTHS):
            raise ValueError(f"{sealed.table}: types and columns do not go together")
        return sealed


@dataclass(frozen=True)
class Statement:
    """What a seal says, and the text of it."""

    seal: int
    made_at: str
    first: int
    until: int
    previous: str  # hex, the link of the seal before
    tables: tuple[Sealed, ...]
    form: int = 1  # how rows become leaves; the first seals do not say it

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
            tables = tuple(map(Sealed.read, said.pop("tables")))
            statement = cls(tables=tables, **said)
        except (TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a seal's statement: {error}") from error
        if statement.form not in leaves.FORMS or any(bool(each.types) != (statement.form > 1) for each in tables):
            raise ValueError(f"rows become leaves in a form {statement.form} that is not known here")
        return statement


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
