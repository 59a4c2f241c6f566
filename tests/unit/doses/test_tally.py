"""Given is not recorded: tallies typed from paper stand beside the ledger, and the difference is the backlog."""

import pytest

from tests.station import give, open_station, ready
from tiemchung.doses import actions, backlog
from tiemchung.doses.models import Tally
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.ground.ids import new_id

pytestmark = pytest.mark.django_db


def type_tally(station, doses, **changes):
    said = {"session_id": station.session.id, "product": "AZ", "doses": doses, "by": station.nurse}
    return actions.type_tally(**said | changes)


def test_without_a_tally_nothing_is_missing(station):
    (line,) = backlog.of(station.facility.id)
    assert (line.given, line.recorded, line.missing) == (None, 0, 0)


def test_the_backlog_is_given_minus_recorded(station):
    visit = ready(station)
    actions.inject(visit_id=visit.id, lot_number=station.lot.number, arm="left", by=station.nurse)
    type_tally(station, 5)
    (line,) = backlog.of(station.facility.id)
    assert (line.given, line.recorded, line.missing) == (5, 1, 4)


def test_a_correction_supersedes(station):
    first = type_tally(station, 5)
    second = type_tally(station, 6)
    assert second.supersedes == first
    assert backlog.of(station.facility.id)[0].given == 6


def test_the_same_figure_again_is_the_same_tally(station):
    assert type_tally(station, 5) == type_tally(station, 5)
    assert Tally.objects.count() == 1


def test_a_possible_double_is_recorded_once(station):
    person, elsewhere = station.person(), open_station()
    give(station, person, days_ago=1, session_id=station.session.id)
    give(elsewhere, person, days_ago=0, session_id=elsewhere.session.id)
    assert backlog.of(station.facility.id)[0].recorded == 1
    assert backlog.of(elsewhere.facility.id)[0].recorded == 0


def test_another_product_of_the_session_has_its_own_line(station):
    type_tally(station, 5)
    type_tally(station, 2, product="PF")
    assert {line.product: line.given for line in backlog.of(station.facility.id)} == {"AZ": 5, "PF": 2}


def test_nothing_given_is_a_figure_too(station):
    assert type_tally(station, 0).doses == 0


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"doses": -1}, InvalidInputError, "doses"),
        ({"doses": 10_001}, InvalidInputError, "doses"),
        ({"product": "XX"}, InvalidInputError, "product"),
        ({"session_id": new_id()}, NotFoundError, "session_id"),
    ],
)
def test_a_tally_that_cannot_be_is_refused_at_its_field(station, changes, error, field):
    with pytest.raises(error) as refusal:
        type_tally(station, **{"doses": 5} | changes)
    assert refusal.value.field == field


def test_nobody_types_for_another_facility(station):
    with pytest.raises(NotAllowedError):
        type_tally(station, 5, by=open_station().nurse)


def test_the_same_tally_again_is_harmless_though_another_came_after_it(station):
    tally_id = new_id()
    first = type_tally(station, 5, tally_id=tally_id)
    type_tally(station, 6)
    assert type_tally(station, 5, tally_id=tally_id) == first
    assert backlog.of(station.facility.id)[0].given == 6


@pytest.mark.parametrize("changes", [{"doses": 6}, {"product": "PF"}])
def test_the_id_of_a_tally_with_other_content_is_refused(station, changes):
    first = type_tally(station, 5)
    with pytest.raises(ConflictError) as refusal:
        type_tally(station, **{"doses": 5, "tally_id": first.id} | changes)
    assert (refusal.value.code, refusal.value.field) == ("id_taken", "tally_id")
