"""A change of data keys: what is encrypted under an older key is encrypted anew under the one in use.

Columns of tables that only grow can be written anew where their content may go (docs/adr/0025): the seal leaves them
out. Elsewhere the ciphertext itself is sealed; it stays, and its key has to stay too. Runs as the tables' owner.
"""

from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tiemchung.ground import audit, encryption
from tiemchung.people import numbers
from tiemchung.people.models import IdentityNumber
from tiemchung.privacy.data_keys import Column, columns


def rotate(*, by: UUID | None) -> dict[str, int]:
    """Write anew what stands under older keys, a batch at a time; gives how many values of each column.

    Killed, it goes on at the next call. Raises UnreadableValueError when an older key is not at hand.
    """
    return {column.title: _rotate(column, by) for column in columns() if column.can_change}


def _rotate(column: Column, by: UUID | None) -> int:
    done = 0
    after: Any = None
    while pks := column.older_than(encryption.number_in_use(), after):
        done += _write(column, pks, by)
        after = pks[-1]
    return done


@transaction.atomic
def _write(column: Column, pks: list[Any], by: UUID | None) -> int:
    """Read what stands there now, and hold it until it is written: nothing that somebody else writes is lost."""
    rows = column.held(pks, encryption.number_in_use())
    _let_contents_change("on")
    anew = [column.model(pk=pk, **{column.name: value}) for pk, value in rows]
    names = [column.name]
    if column.model is IdentityNumber:
        names.append("look_up")
        for row, (_, value) in zip(anew, rows, strict=True):
            row.look_up = numbers.look_up(value)  # type: ignore[attr-defined]
    column.model._default_manager.bulk_update(anew, names)
    _let_contents_change("off")
    audit.record("privacy.rotate", by=by, column=column.title, rows=len(rows), key=encryption.number_in_use())
    return len(rows)


def _let_contents_change(whether: str) -> None:
    """The guard of tables that only grow lets contents be written anew within this transaction alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tiemchung.erasing', %s, true)", [whether])
