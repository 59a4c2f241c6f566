"""Before the needle: whatever speaks against an injection refuses it, and nothing is written."""

from datetime import timedelta

import pytest

from tests.station import give, open_station, ready, receive
from tiemchung.doses import actions, course
from tiemchung.doses.models import Dose, DoseFinding
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.stock import actions as stock
from tiemchung.stock import balance
from tiemchung.stock.models import StockMovement
from tiemchung.visits import states
from tiemchung.visits.states import VisitState

pytestmark = pytest.mark.django_db


def inject(station, visit, **changes):
    said = {"visit_id": visit.id, "lot_number": station.lot.number, "arm": "left", "by": station.nurse}
    return actions.inject(**said | changes)


def refusal_of(station, visit, **changes) -> ConflictError:
    with pytest.raises(ConflictError) as refusal:
        inject(station, visit, **changes)
    assert not Dose.objects.filter(visit=visit).exists()
    assert not StockMovement.objects.exclude(dose_id__in=Dose.objects.values("id")).filter(reason="injection").exists()
    assert refusal.value.vi
    assert refusal.value.en
    return refusal.value


def test_an_injection_is_recorded_and_takes_one_dose_from_stock(station):
    visit = ready(station)
    dose = inject(station, visit)
    assert (dose.person_id, dose.product, dose.lot_id, dose.session_id, dose.source) == (
        visit.person_id,
        "AZ",
        station.lot.id,
        station.session.id,
        "site",
    )
    assert balance.left(station.facility.id, station.lot.id) == 99
    assert states.of(visit) == VisitState.OBSERVED
    assert AuditEntry.objects.get(act="doses.record").subject == dose.id
    assert not DoseFinding.objects.exists()


def test_the_same_injection_again_is_the_same_entry(station):
    visit, dose_id = ready(station), new_id()
    first = inject(station, visit, dose_id=dose_id)
    assert inject(station, visit, dose_id=dose_id) == first
    assert balance.left(station.facility.id, station.lot.id) == 99


def test_a_visit_is_injected_once(station):
    visit = ready(station)
    inject(station, visit)
    with pytest.raises(ConflictError) as refusal:
        inject(station, visit)
    assert refusal.value.code == "already_injected"


def test_nobody_is_injected_unscreened(station):
    error = refusal_of(station, ready(station, outcome=None))
    assert (error.code, error.field) == ("not_screened", "visit_id")


@pytest.mark.parametrize("outcome", ["postponed", "contraindicated"])
def test_nobody_is_injected_against_the_screening(station, outcome):
    assert refusal_of(station, ready(station, outcome=outcome)).code == "not_eligible"


def test_caution_lets_inject(station):
    assert inject(station, ready(station, outcome="caution")).product == "AZ"


def test_an_unknown_lot_is_named_with_the_cure(station):
    error = refusal_of(station, ready(station), lot_number="fk 9021")
    assert (error.code, error.field) == ("lot_unknown", "lot_number")
    assert error.vi == "Chưa có lô FK9021. Xem lại số trên lọ, hoặc nhập lô trước."
    assert "FK9021" in error.en


def test_a_lot_is_found_however_it_is_typed(station):
    dose = inject(station, ready(station), lot_number=f" {station.lot.number.lower()} ")
    assert dose.lot == station.lot


def test_an_expired_lot_is_refused(station):
    lot = receive(station.nurse, product="AZ", number="OLD001", doses=10, expires_in=-1)
    error = refusal_of(station, ready(station), lot_number=lot.number)
    assert (error.code, error.field) == ("lot_expired", "lot_number")


def test_a_lot_may_be_used_on_its_last_day(station):
    lot = receive(station.nurse, product="AZ", number="LAST01", doses=10, expires_in=0)
    assert inject(station, ready(station), lot_number=lot.number).lot == lot


def test_a_held_lot_is_refused_and_a_released_one_not(station, ministry):
    stock.hold(lot_id=station.lot.id, reason="Chờ kết luận", by=ministry)
    visit = ready(station)
    assert refusal_of(station, visit).code == "lot_held"
    stock.release(lot_id=station.lot.id, by=ministry)
    assert inject(station, visit).lot == station.lot


def test_a_lot_of_another_product_is_refused(station):
    lot = receive(station.nurse, product="PF", number="FK9021", doses=10)
    assert refusal_of(station, ready(station), lot_number=lot.number).code == "lot_of_other_product"


def test_the_last_dose_of_a_lot_is_given_once(station):
    lot = receive(station.nurse, product="AZ", number="ONE001", doses=1)
    inject(station, ready(station), lot_number=lot.number)
    with pytest.raises(ConflictError) as refusal:
        inject(station, ready(station), lot_number=lot.number)
    assert refusal.value.code == "lot_none_left"
    assert balance.left(station.facility.id, lot.id) == 0


def test_a_second_dose_too_early_is_refused_in_words_with_its_dispatch(station):
    person = station.person()
    give(station, person, days_ago=20)
    error = refusal_of(station, ready(station, person=person))
    assert error.field == "product"
    assert "BYT" in error.vi


def test_a_second_dose_in_time_is_given(station):
    person = station.person()
    give(station, person, days_ago=70)
    dose = inject(station, ready(station, person=person))
    assert course.of(person.id).card == course.GREEN
    assert course.of(person.id).doses[-1].id == dose.id


def test_who_was_injected_elsewhere_today_is_not_injected_again(station):
    person, elsewhere = station.person(), open_station()
    inject(elsewhere, ready(elsewhere, person=person))
    error = refusal_of(station, ready(station, person=person))
    assert (error.code, error.field) == ("possible_double", "person_id")


def test_a_visit_of_another_facility_is_not_found(station):
    elsewhere = open_station()
    with pytest.raises(NotFoundError) as refusal:
        inject(elsewhere, ready(station))
    assert refusal.value.field == "visit_id"


def test_an_injection_in_the_future_is_refused(station):
    error = refusal_of(station, ready(station), at=clock.now() + timedelta(hours=1))
    assert (error.code, error.field) == ("injected_in_future", "injected_at")


@pytest.mark.parametrize("changes", [{"lot_number": "NOLOT1"}, {"arm": "right"}])
def test_the_id_of_an_injection_with_other_content_is_refused(station, changes):
    visit = ready(station)
    said = {"visit_id": visit.id, "lot_number": station.lot.number, "arm": "left", "by": station.nurse}
    dose = actions.inject(**said)
    with pytest.raises(ConflictError) as refusal:
        actions.inject(**said | {"dose_id": dose.id} | changes)
    assert (refusal.value.code, refusal.value.field) == ("id_taken", "dose_id")
