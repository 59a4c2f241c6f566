"""From a row to the proof that it stood as it is when it was sealed."""

from tiemchung.ground import sql, tree
from tiemchung.ground.errors import NotFoundError
from tiemchung.oversight import ledgers
from tiemchung.oversight.ledgers import Ledger, queries
from tiemchung.oversight.models import Seal
from tiemchung.oversight.proof import Proof
from tiemchung.oversight.publishing import as_published
from tiemchung.oversight.statement import Sealed, Statement


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
    statement = Statement.read(seal.statement)
    sealed = next(each for each in statement.tables if each.table == table)
    return _proof(sealed, statement, seal, key)


def _proof(sealed: Sealed, statement: Statement, seal: Seal, key: str) -> Proof:
    parts = ledgers.leaves(sealed.ledger, statement.first, statement.until)
    position = [each for part in parts for each in part.keys].index(key)
    row = sql.fetch_one(sealed.ledger.filled(queries["content"]), {"key": key})
    assert row is not None
    path = tree.inclusion_path([leaf for part in parts for leaf in part.each()], position)
    steps = tuple(step.hex() for step in path)
    return Proof(sealed.table, row["content"], position, steps, as_published(seal))


def _written_in(ledger: Ledger, key: str) -> int | None:
    row = sql.fetch_one(ledger.filled(queries["content"]), {"key": key})
    return int(row["written_in"]) if row else None
