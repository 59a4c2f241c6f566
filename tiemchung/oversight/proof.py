"""How does somebody show that one row stood when it was sealed? Row, path, statement, signature: no more."""

import json
from dataclasses import asdict, dataclass

from tiemchung.ground import tree
from tiemchung.hcert import SignerCertificate
from tiemchung.hcert.algorithms import holds
from tiemchung.oversight.statement import PublishedSeal


@dataclass(frozen=True)
class Proof:
    """That a row of a table, with this content, is under a seal."""

    table: str
    content: str  # the row's canonical text
    position: int  # of its leaf in the table's tree
    path: tuple[str, ...]  # hex, from the bottom up
    seal: PublishedSeal

    def as_json(self) -> str:
        """All that an outsider needs."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)

    @classmethod
    def read(cls, text: str) -> "Proof":
        """Read a proof. Raises ValueError when it is none."""
        try:
            said = json.loads(text)
            return cls(**(said | {"seal": PublishedSeal(**said["seal"]), "path": tuple(said["path"])}))
        except (TypeError, KeyError) as error:
            raise ValueError(f"not a proof: {error}") from error

    def holds_for(self, certificate: SignerCertificate) -> bool:
        """Check row, path, root and signature with nothing but this proof and the seal's certificate."""
        try:
            return self._holds_for(certificate)
        except (ValueError, KeyError, TypeError, StopIteration):
            return False

    def _holds_for(self, certificate: SignerCertificate) -> bool:
        sealed = next(each for each in self.seal.read().tables if each.table == self.table)
        leaf, path = tree.leaf_hash(self.content.encode()), [bytes.fromhex(step) for step in self.path]
        return (
            json.loads(self.content)[0] == self.table
            and certificate.public_key is not None
            and holds(certificate.public_key, bytes.fromhex(self.seal.signature), self.seal.statement.encode())
            and tree.is_included(leaf, self.position, sealed.rows, path, bytes.fromhex(sealed.root))
        )
