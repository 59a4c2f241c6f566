"""A balance is the sum of its movements; a lot is one thing in the whole country."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.station import open_station, receive
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.stock import actions, balance
from tiemchung.stock.lots import LotNumber
from tiemchung.stock.models import Lot, StockMovement

pytestmark = pytest.mark.django_db


def test_what_is_received_is_the_balance(station):
    receive(station.nurse, product="AZ", number="ABX0001", doses=30)
    lot = receive(station.nurse, product="AZ", number="abx 0001", doses=12)
    assert balance.left(station.facility.id, lot.id) == 42
    assert Lot.objects.filter(number="ABX0001").count() == 1


def test_the_same_receipt_again_counts_once(station):
    said = {
        "facility_id": station.facility.id,
        "product": "AZ",
        "lot_number": "ABX0001",
        "expires_on": clock.today() + timedelta(days=60),
        "doses": 10,
        "by": station.nurse,
        "movement_id": new_id(),
    }
    lot = actions.receive(**said)
    actions.receive(**said)
    assert balance.left(station.facility.id, lot.id) == 10
    with pytest.raises(ConflictError) as refusal:
        actions.receive(**said | {"doses": 11})
    assert refusal.value.code == "movement_id_taken"


@pytest.mark.parametrize(("doses", "refused"), [(10, False), (11, True)])
def test_a_receipt_that_another_click_overtook_is_judged_by_what_is_there(station, monkeypatch, doses, refused):
    said = {
        "facility_id": station.facility.id,
        "product": "AZ",
        "lot_number": station.lot.number,
        "expires_on": station.lot.expires_on,
        "by": station.nurse,
        "movement_id": new_id(),
    }
    actions.receive(**said, doses=10)
    look_up = StockMovement.objects.filter

    def look_too_early(**wanted):
        monkeypatch.setattr(StockMovement.objects, "filter", look_up)
        return StockMovement.objects.none()

    monkeypatch.setattr(StockMovement.objects, "filter", look_too_early)
    with pytest.raises(ConflictError) if refused else nullcontext():
        actions.receive(**said, doses=doses)
    assert balance.left(station.facility.id, station.lot.id) == 110


def test_each_facility_has_its_own_balance(station):
    elsewhere = open_station()
    lot = receive(station.nurse, product="AZ", number="ABX0001", doses=5)
    receive(elsewhere.nurse, product="AZ", number="ABX0001", doses=7)
    assert balance.left(station.facility.id, lot.id) == 5
    assert balance.left(elsewhere.facility.id, lot.id) == 7


def test_a_lot_has_one_expiry_date(station):
    receive(station.nurse, product="AZ", number="ABX0001", doses=5)
    with pytest.raises(ConflictError) as refusal:
        receive(station.nurse, product="AZ", number="ABX0001", doses=5, expires_in=61)
    assert refusal.value.field == "expires_on"


def test_nobody_receives_for_another_facility(station):
    with pytest.raises(NotAllowedError) as refusal:
        actions.receive(
            facility_id=open_station().facility.id,
            product="AZ",
            lot_number="ABX0001",
            expires_on=clock.today(),
            doses=1,
            by=station.nurse,
        )
    assert refusal.value.code == "out_of_scope"


@pytest.mark.parametrize("doses", [0, -3, 1_000_001])
def test_a_receipt_that_cannot_be_is_refused(station, doses):
    with pytest.raises(InvalidInputError) as refusal:
        receive(station.nurse, product="AZ", number="ABX0001", doses=doses)
    assert refusal.value.field == "doses"


@pytest.mark.parametrize("text", ["", "A", "ABX 47'; --", "lô số bảy", "X" * 31])
def test_what_is_no_lot_number_is_refused(text):
    with pytest.raises(InvalidInputError) as refusal:
        LotNumber.read(text)
    assert refusal.value.field == "lot_number"


@pytest.mark.parametrize(("text", "number"), [("fk 9021", "FK9021"), (" ABV-4678 ", "ABV-4678"), ("1.2/3", "1.2/3")])
def test_a_lot_number_is_written_one_way(text, number):
    assert str(LotNumber.read(text)) == number


def test_waste_goes_out(station):
    actions.write_off(facility_id=station.facility.id, lot_id=station.lot.id, doses=4, by=station.nurse)
    assert balance.left(station.facility.id, station.lot.id) == 96
    with pytest.raises(NotFoundError):
        actions.write_off(facility_id=station.facility.id, lot_id=new_id(), doses=4, by=station.nurse)


def test_a_held_lot_is_not_usable_anywhere(station, ministry):
    actions.hold(lot_id=station.lot.id, reason="Chờ kết luận", by=ministry)
    (held,) = balance.of(station.facility.id)
    assert not held.is_usable(clock.today())
    assert held.hold_reason == "Chờ kết luận"
    actions.hold(lot_id=station.lot.id, reason="Lần hai", by=ministry)
    assert Lot.objects.get(id=station.lot.id).hold_reason == "Chờ kết luận"
    actions.release(lot_id=station.lot.id, by=ministry)
    assert balance.of(station.facility.id)[0].is_usable(clock.today())
    assert AuditEntry.objects.filter(act__startswith="stock.", by=ministry.id).count() == 2


def test_a_site_holds_no_lot(station):
    with pytest.raises(NotAllowedError):
        actions.hold(lot_id=station.lot.id, reason="Thử", by=station.head)


def test_a_lot_is_usable_through_its_last_day(station):
    (lot,) = balance.of(station.facility.id)
    assert lot.is_usable(lot.expires_on)
    assert not lot.is_usable(lot.expires_on + timedelta(days=1))


def test_movements_cannot_be_changed(station):
    with pytest.raises(DatabaseError), transaction.atomic():
        StockMovement.objects.update(doses=1)
