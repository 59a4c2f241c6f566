"""What only grows: the database itself refuses to change, delete or empty the tables that ADR 0004 names."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.ledger import signed_day

APPEND_ONLY = [
    "cleaning_cleaningstep",
    "cleaning_policenotice",
    "doses_dose",
    "doses_tally",
    "ground_auditentry",
    "ground_numberlookup",
    "ground_readentry",
    "oversight_seal",
    "oversight_sealedleaves",
    "passports_attestation",
    "passports_attesteddose",
    "passports_passport",
    "passports_revocation",
    "people_personstatement",
    "population_act",
    "population_decision",
    "population_notice",
    "population_sent",
    "stock_stockmovement",
    "visits_quarantinedevent",
    "visits_siteevent",
]


def guarded(trigger: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = tgrelid::regclass::text || %s ORDER BY 1",
            [trigger],
        )
        return [table for (table,) in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.parametrize("trigger", ["_append_only", "_no_truncate"])
def test_these_tables_and_no_others_only_grow(trigger: str) -> None:
    assert guarded(trigger) == APPEND_ONLY


@pytest.mark.django_db
@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize("table", ["doses_dose", "doses_tally", "passports_attesteddose", "ground_auditentry"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {0} SET {1} = {1}", "TRUNCATE {} CASCADE"])
def test_a_row_that_was_written_stays(table: str, statement: str) -> None:
    signed_day(people=1)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        before = cursor.fetchone()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        column = {"passports_attesteddose": "position", "ground_auditentry": "act"}.get(table, "product")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement.format(table, column))
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == before != (0,)
