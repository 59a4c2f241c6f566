"""What only grows: the database itself refuses to change, delete or empty the tables that ADR 0004 names."""

from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from tests.ledger import signed_day
from tests.unit.people.made import declared
from tiemchung.people.models import PersonStatement

APPEND_ONLY = [
    "cleaning_cleaningstep",
    "cleaning_policenotice",
    "complaints_complaint",
    "complaints_complaintphoto",
    "complaints_complaintstep",
    "doses_dose",
    "doses_tally",
    "ground_auditentry",
    "ground_numberlookup",
    "ground_readentry",
    "oversight_alarm",
    "oversight_alarmfinding",
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
    "population_registerchange",
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


@pytest.mark.django_db
class TestWhatMayGo:
    """Personal content goes after its time by one function; the row, its digest and its seal stay."""

    @pytest.fixture
    def statement(self) -> PersonStatement:
        (said,) = PersonStatement.objects.filter(person=declared())
        return said

    def erase(self, table: str, row_id: UUID, *, later: int = 0) -> int:
        """Erase as if it were some days later: the row is dated back, which only a test can do."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
            cursor.execute(f"UPDATE {table} SET at = at - make_interval(days => %s)", [later])
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")
            cursor.execute("SELECT erase_content(%s::regclass, %s)", [table, [row_id]])
            (erased,) = cursor.fetchone()
            return int(erased)

    def test_old_content_goes_and_its_digest_stays(self, statement: PersonStatement) -> None:
        assert self.erase("people_personstatement", statement.id, later=31) == 1
        now = PersonStatement.objects.get(id=statement.id)
        assert (now.content, now.digest, now.source) == (None, statement.digest, statement.source)

    def test_content_of_the_last_thirty_days_stays(self, statement: PersonStatement) -> None:
        assert self.erase("people_personstatement", statement.id, later=29) == 0
        assert PersonStatement.objects.get(id=statement.id).content == statement.content

    def test_afterwards_nothing_can_be_changed_again(self, statement: PersonStatement) -> None:
        self.erase("people_personstatement", statement.id, later=31)
        for change in ({"content": {"full_name": "X"}}, {"source": "site"}, {"content": None}):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                PersonStatement.objects.filter(id=statement.id).update(**change)

    def test_nothing_else_of_the_row_can_be_changed_on_that_way(self, statement: PersonStatement) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('tiemchung.erasing', 'on', true)")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            PersonStatement.objects.filter(id=statement.id).update(source="device", content=None)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            PersonStatement.objects.filter(id=statement.id)._raw_delete("default")

    def test_where_nothing_may_go_nothing_goes(self) -> None:
        with connection.cursor() as cursor, pytest.raises(DatabaseError, match="nothing in table doses_dose may go"):
            cursor.execute("SELECT erase_content('doses_dose'::regclass, '{}')")
