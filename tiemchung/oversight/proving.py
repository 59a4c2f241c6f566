"""From a row to the proof that it stood as it is when it was sealed."""

from tiemchung.ground import sql
from tiemchung.ground.errors import NotFoundError
from tiemchung.oversight import leaves, ledgers
from tiemchung.oversight.ledgers import Ledger, queries
from tiemchung.oversight.models import Seal
from tiemchung.oversight.proof import Proof
from tiemchung.oversight.publishing import as_published
from tiemchung.oversight.statement import Statement


def of_row(table: str, key: str) -> Proof:
    """The proof for one row; call inside a transaction. Raises NotFoundError for what is not sealed."""
    ledgers.plain_text()
    ledger = ledgers.all_ledgers().get(table)
    written_in = _written_in(ledger, key) if ledger else None
    seal = Seal.objects.filter(first__lte=written_in, until__gt=written_in).first() if written_in is not None else None
    if ledger is None or seal is None:
        raise NotFoundError(
            "row_not_sealed",
            field="key",
            vi=f"Không có dòng {key} đã niêm phong trong bảng {table}. Xem lại tên, hoặc chờ một phút.",
            en=f"There is no sealed row {key} in table {table}. Check the names, or wait a minute.",
        )
    return _proof(table, seal, key)


def _proof(table: str, seal: Seal, key: str) -> Proof:
    said = Statement.read(seal.statement)
    sealed = next(each for each in said.tables if each.table == table)
    parts = leaves.read(sealed.ledger, said.first, said.until, said.form)
    position = [each for part in parts for each in part.keys].index(key)
    together, path = leaves.way(parts, position, said.form)
    content, steps = leaves.content(sealed.ledger, key, said.form), tuple(step.hex() for step in path)
    shown = content.hex() if said.form > 1 else content.decode()
    return Proof(sealed.table, shown, position, steps, as_published(seal), together.hex())


def _written_in(ledger: Ledger, key: str) -> int | None:
    row = sql.fetch_one(ledger.filled(queries["written_in"]), {"key": key})
    return int(row["written_in"]) if row else None
