"""How do transaction numbers go on after a restore from a dump? From above the last that was ever written.

A new server counts its transactions anew. Rows and seals keep the old numbers; what is written now must stand above.
"""

from django.db import connection, transaction
from psycopg import sql as composing

from tiemchung.ground import sql
from tiemchung.oversight import ledgers
from tiemchung.oversight.ledgers import queries


@transaction.atomic
def go_on() -> int:
    """Let `this_transaction()` give more than stands in any row or seal; gives what is added to PostgreSQL's number.

    Only the owner of the function may. Nothing happens where the numbers go on by themselves.
    """
    row = sql.fetch_one(queries["counted"])
    assert row is not None
    written = max([row["sealed"], *(ledgers.highest(each) for each in ledgers.all_ledgers().values())])
    if row["now"] > written:
        return int(row["added"])
    added = written + 1 - (row["now"] - row["added"])
    statement = composing.SQL(queries["add"].statement).format(added=composing.Literal(added))
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))
    return int(added)
