"""A change of data keys: what is encrypted under an older key is encrypted anew under the one in use.

Columns of tables that only grow can be written anew where their content may go (docs/adr/0025): the seal leaves them
out. Elsewhere the ciphertext itself is sealed; it stays, and its key has to stay too. Runs as the tables' owner.
"""

from collections import Counter
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
    done: Counter[str] = Counter()
    after: Any = None
    while True:
        rows = column.older_than(encryption.number_in_use(), after)
        if not rows:
            return done[column.title]
        _write(column, rows, by)
        done[column.title] += len(rows)
        after = rows[-1][0]


@transaction.atomic
def _write(column: Column, rows: list[tuple[Any, Any]], by: UUID | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tiemchung.erasing', 'on', true)")
    anew = [column.model(pk=pk, **{column.name: value}) for pk, value in rows]
    names = [column.name]
    if column.model is IdentityNumber:
        names.append("look_up")
        for row, (_, value) in zip(anew, rows, strict=True):
            row.look_up = numbers.look_up(value)  # type: ignore[attr-defined]
    column.model._default_manager.bulk_update(anew, names)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tiemchung.erasing', 'off', true)")
    audit.record("privacy.rotate", by=by, column=column.title, rows=len(rows), key=encryption.number_in_use())
