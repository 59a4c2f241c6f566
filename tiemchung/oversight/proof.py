"""How does somebody show that one row stood when it was sealed? Row, path, statement, signature: no more."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from psycopg import postgres, pq

from tiemchung.hcert import SignerCertificate
from tiemchung.hcert.algorithms import holds
from tiemchung.oversight import leaves
from tiemchung.oversight.statement import PublishedSeal


@dataclass(frozen=True)
class Proof:
    """That a row of a table, with this content, is under a seal."""

    table: str
    content: str  # what is hashed of the row: hex; of the first seals a JSON text
    position: int  # of the row among those of its table
    path: tuple[str, ...]  # hex, from its leaf up
    seal: PublishedSeal
    together: str = ""  # hex, the hashes of the rows in its leaf; of the first seals' none but its own

    def as_json(self) -> str:
        """All that an outsider needs."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)

    @classmethod
    def read(cls, text: str) -> "Proof":
        """Read a proof. Raises ValueError when it is none."""
        try:
            said = json.loads(text)
            return cls(**(said | {"seal": PublishedSeal(**said["seal"]), "path": tuple(said["path"])}))
        except (TypeError, KeyError, RecursionError) as error:
            raise ValueError(f"not a proof: {error}") from error

    def holds_for(self, certificate: SignerCertificate) -> bool:
        """Check row, path, root and signature with nothing but this proof and the seal's certificate."""
        try:
            return self._holds_for(certificate)
        except (ValueError, KeyError, TypeError, StopIteration):
            return False

    @property
    def values(self) -> dict[str, str | None]:
        """What the row says, by column; to be believed of a proof that holds."""
        said = self.seal.read()
        sealed = next(each for each in said.tables if each.table == self.table)
        if said.form == 1:
            return dict(zip(sealed.columns, json.loads(self.content)[1:], strict=True))
        sent = _sent(bytes.fromhex(self.content))
        return {
            column: None if value is None else _written(value, kind)
            for column, kind, value in zip(sealed.columns, sealed.types, sent, strict=True)
        }

    def _holds_for(self, certificate: SignerCertificate) -> bool:
        said = self.seal.read()
        sealed = next(each for each in said.tables if each.table == self.table)
        return (
            certificate.public_key is not None
            and holds(certificate.public_key, bytes.fromhex(self.seal.signature), self.seal.statement.encode())
            and self._is_under(bytes.fromhex(sealed.root), sealed.rows, said.form)
        )

    def _is_under(self, root: bytes, rows: int, form: int) -> bool:
        content = bytes.fromhex(self.content) if form > 1 else self.content.encode()
        own, path = leaves.digest(content, form), [bytes.fromhex(step) for step in self.path]
        together = bytes.fromhex(self.together) or own
        at = leaves.place(self.position, form)[1] * leaves.DIGEST
        return together[at : at + leaves.DIGEST] == own and leaves.is_under(
            root, rows, position=self.position, together=together, path=path, form=form
        )


def _sent(content: bytes) -> Iterator[bytes | None]:
    """The values of a row as COPY writes it in binary: how many, then for each its length, -1 for none, and itself."""
    at = 2
    for _ in range(int.from_bytes(content[:2])):
        size = int.from_bytes(content[at : at + 4], signed=True)
        yield None if size < 0 else content[at + 4 : at + 4 + size]
        at += 4 + max(size, 0)


def _written(value: bytes, kind: str) -> str:
    """A value for people; as hex where its type is not known."""
    known = postgres.types.get(kind)
    loader = postgres.adapters.get_loader(known.oid, pq.Format.BINARY) if known else None
    return str(loader(known.oid).load(value)) if known and loader and kind != "bytea" else value.hex()
