"""Many rows get in at once, and no differently than one by one."""

import pytest
from django.db import IntegrityError, transaction

from tests.station import commune, morning, open_station
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.ground.rows import FEW, Planned, insert, loaded
from tiemchung.places.models import Facility
from tiemchung.stock.models import Lot, StockMovement

pytestmark = pytest.mark.django_db


def audit_row(**changes):
    return {"at": morning(), "act": "rows.try", "subject": new_id()} | changes


def test_planned_rows_are_written_with_the_defaults_of_their_model():
    planned = Planned()
    planned.add(AuditEntry, **audit_row(detail={"doses": 3}))
    planned.add(AuditEntry, **audit_row())
    planned.write()
    assert [entry.detail for entry in AuditEntry.objects.order_by("id")] == [{"doses": 3}, {}]
    assert AuditEntry.objects.filter(by=None).count() == 2


def test_a_row_stands_before_what_refers_to_it():
    station, lot_id = open_station(), new_id()
    planned = Planned(Lot, StockMovement)
    movement = {"id": new_id(), "facility_id": station.facility.id, "lot_id": lot_id, "doses": 5, "reason": "receipt"}
    planned.add(StockMovement, **movement, at=morning())
    planned.add(Lot, id=lot_id, product="AZ", number="ABX9999", expires_on=morning().date())
    planned.write()
    assert StockMovement.objects.get(lot_id=lot_id).doses == 5


def test_writing_twice_writes_once():
    planned = Planned()
    planned.add(AuditEntry, **audit_row())
    planned.write()
    planned.write()
    assert AuditEntry.objects.filter(act="rows.try").count() == 1


def test_a_few_rows_of_several_tables_are_one_statement(django_assert_num_queries):
    station, lot_id = open_station(), new_id()
    planned = Planned()
    planned.add(StockMovement, id=new_id(), facility_id=station.facility.id, lot_id=lot_id, doses=5, at=morning())
    planned.add(Lot, id=lot_id, product="AZ", number="ABX9999", expires_on=morning().date())
    planned.add(AuditEntry, **audit_row(detail={"doses": 3}))
    with django_assert_num_queries(1):
        planned.write()
    assert StockMovement.objects.get(lot_id=lot_id).doses == 5
    assert AuditEntry.objects.get(act="rows.try").detail == {"doses": 3}


def test_few_and_many_leave_the_same():
    for count in (FEW, FEW + 1):
        planned = Planned()
        for number in range(count):
            planned.add(AuditEntry, **audit_row(act=f"rows.try_{count}", detail={"number": number}))
        planned.write()
        kept = AuditEntry.objects.filter(act=f"rows.try_{count}").order_by("id")
        assert [entry.detail["number"] for entry in kept] == list(range(count))


def test_an_object_is_read_by_names_in_whatever_order(django_assert_num_queries):
    facility = open_station().facility
    read = loaded(Facility, {"name": facility.name, "id": facility.id})
    with django_assert_num_queries(0):
        assert (read.id, read.name) == (facility.id, facility.name)
    assert read.code == facility.code


@pytest.mark.django_db(transaction=True)
def test_many_rows_of_several_tables_are_refused_outside_a_transaction():
    planned = Planned()
    planned.add(Lot, id=new_id(), product="AZ", number="ABX9999", expires_on=morning().date())
    for _ in range(FEW):
        planned.add(AuditEntry, **audit_row())
    with pytest.raises(transaction.TransactionManagementError, match="belong in one transaction"):
        planned.write()
    assert not AuditEntry.objects.filter(act="rows.try").exists()


def test_a_name_that_is_no_column_is_refused():
    with pytest.raises(TypeError, match="colour"):
        Planned().add(AuditEntry, **audit_row(colour="red"))


def test_constraints_hold_and_nothing_of_the_set_stays():
    place = {"name": "Trạm", "kind": "cdc", "area": commune(), "address": "", "tables": 1, "daily_capacity": 1}
    one, other = (Facility(code="one", **place) for _ in range(2))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([one, other])
    assert not Facility.objects.exists()
    insert([one])
    assert Facility.objects.get().id == one.id


def test_nothing_to_insert_is_nothing():
    insert([])
    assert not AuditEntry.objects.exists()
