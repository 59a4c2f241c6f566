"""Who acts now is stopped by the first objection; doing the same again is harmless."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.station import hold_session, open_station, ready
from tiemchung.doses import actions as doses
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.visits import actions, screening, states
from tiemchung.visits.models import Screening, Visit
from tiemchung.visits.policy import AlreadyCheckedInError
from tiemchung.visits.states import VisitState
from tiemchung.visits.vitals import Vitals

pytestmark = pytest.mark.django_db
WELL = Vitals(temperature=Decimal("36.8"), systolic=120, diastolic=80)


def check_in(station, person, **changes):
    said = {"session_id": station.session.id, "person_id": person.id, "way": Visit.Way.CCCD_QR, "by": station.nurse}
    return actions.check_in(**said | changes)


def answers(*yes):
    asked = screening.questions(sex="female", on=clock.today())
    return {question.code: "yes" if question.code in yes else "no" for question in asked}


def screen(station, visit, **changes):
    said = {
        "visit_id": visit.id,
        "answers": answers(),
        "vitals": WELL,
        "outcome": Screening.Outcome.ELIGIBLE,
        "by": station.nurse,
    }
    return actions.screen(**said | changes)


def test_a_check_in_begins_a_visit(station):
    person = station.person()
    visit = check_in(station, person)
    assert (visit.facility_id, visit.person_id, visit.checked_in_by) == (
        station.facility.id,
        person.id,
        station.nurse.id,
    )
    assert states.of(visit) == VisitState.CHECKED_IN
    assert AuditEntry.objects.get(act="visits.check_in").person_id == person.id


def test_the_same_check_in_again_is_the_same_visit(station):
    person, visit_id = station.person(), new_id()
    first = check_in(station, person, visit_id=visit_id)
    assert check_in(station, person, visit_id=visit_id) == first
    assert Visit.objects.count() == 1


def test_a_second_check_in_says_which_visit_there_is(station):
    person = station.person()
    visit = check_in(station, person)
    with pytest.raises(AlreadyCheckedInError) as refusal:
        check_in(station, person, visit_id=new_id())
    assert refusal.value.visit.id == visit.id
    assert f"{clock.local(visit.checked_in_at):%H:%M}" in refusal.value.vi
    assert Visit.objects.count() == 1


def test_an_id_of_another_visit_is_refused(station):
    visit = check_in(station, station.person())
    with pytest.raises(ConflictError) as refusal:
        check_in(station, station.person(), visit_id=visit.id)
    assert (refusal.value.code, refusal.value.field) == ("id_taken", "visit_id")


def test_a_session_of_another_day_is_refused(station):
    tomorrow = hold_session(station.facility, product="AZ", on=clock.today() + timedelta(days=1))
    with pytest.raises(ConflictError) as refusal:
        check_in(station, station.person(), session_id=tomorrow.id)
    assert refusal.value.code == "session_on_another_day"
    assert f"{tomorrow.on:%d/%m/%Y}" in refusal.value.vi


def test_a_session_of_another_facility_is_not_found(station):
    with pytest.raises(NotFoundError) as refusal:
        check_in(station, station.person(), session_id=open_station().session.id)
    assert refusal.value.code == "session_unknown"


def test_an_unknown_session_or_person_is_not_found(station):
    with pytest.raises(NotFoundError) as refusal:
        check_in(station, station.person(), session_id=new_id())
    assert refusal.value.field == "session_id"
    with pytest.raises(NotFoundError) as refusal:
        actions.check_in(session_id=station.session.id, person_id=new_id(), way=Visit.Way.TYPED, by=station.nurse)
    assert refusal.value.field == "person_id"


def test_a_screening_keeps_answers_and_signs(station):
    visit = check_in(station, station.person())
    screening_ = screen(station, visit, answers=answers("allergy"), outcome=Screening.Outcome.CAUTION)
    assert screening_.answers["allergy"] == "yes"
    assert (screening_.temperature, screening_.systolic) == (Decimal("36.8"), 120)
    assert states.of(visit) == VisitState.CLEARED


def test_a_graver_outcome_than_proposed_sends_the_person_home(station):
    visit = check_in(station, station.person())
    screen(station, visit, outcome=Screening.Outcome.POSTPONED)
    assert states.of(visit) == VisitState.NOT_TODAY


def test_a_better_outcome_than_proposed_is_refused(station):
    visit = check_in(station, station.person())
    with pytest.raises(ConflictError) as refusal:
        screen(station, visit, answers=answers("acute_illness"))
    assert refusal.value.field == "outcome"
    assert not Screening.objects.exists()


def test_an_open_question_is_refused_by_its_field(station):
    visit = check_in(station, station.person())
    with pytest.raises(InvalidInputError) as refusal:
        screen(station, visit, answers=answers() | {"allergy": ""})
    assert refusal.value.field == "allergy"


def test_over_65_without_blood_pressure_is_refused(station):
    visit = check_in(station, station.person(birth_date="01/02/1950", identity_numbers=()))
    with pytest.raises(InvalidInputError) as refusal:
        screen(station, visit, vitals=Vitals(temperature=Decimal("36.8")))
    assert refusal.value.field == "systolic"


def test_the_same_screening_again_is_harmless_another_is_refused(station):
    visit, screening_id = check_in(station, station.person()), new_id()
    first = screen(station, visit, screening_id=screening_id)
    assert screen(station, visit, screening_id=screening_id) == first
    with pytest.raises(ConflictError) as refusal:
        screen(station, visit)
    assert refusal.value.code == "already_screened"


def test_a_visit_of_another_facility_is_not_found(station):
    visit = check_in(station, station.person())
    elsewhere = open_station()
    with pytest.raises(NotFoundError) as refusal:
        screen(elsewhere, visit)
    assert refusal.value.field == "visit_id"


def test_nobody_is_let_go_before_an_injection_is_recorded(station):
    visit = check_in(station, station.person())
    with pytest.raises(ConflictError) as refusal:
        actions.end_observation(visit_id=visit.id, outcome="well", by=station.nurse)
    assert refusal.value.code == "not_injected"


def test_a_check_in_under_a_known_id_by_another_way_is_refused(station):
    person, visit_id = station.person(), new_id()
    check_in(station, person, visit_id=visit_id)
    with pytest.raises(ConflictError) as refusal:
        check_in(station, person, visit_id=visit_id, way=Visit.Way.TYPED)
    assert (refusal.value.code, refusal.value.field) == ("id_taken", "visit_id")


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": Screening.Outcome.POSTPONED},
        {"vitals": Vitals(temperature=Decimal("36.9"), systolic=120, diastolic=80)},
        {"vitals": Vitals(temperature=Decimal("36.8"), systolic=120, diastolic=80, pulse=70)},
    ],
)
def test_a_screening_under_a_known_id_with_other_content_is_refused(station, changes):
    visit, screening_id = check_in(station, station.person()), new_id()
    screen(station, visit, screening_id=screening_id)
    with pytest.raises(ConflictError) as refusal:
        screen(station, visit, screening_id=screening_id, **changes)
    assert (refusal.value.code, refusal.value.field) == ("id_taken", "screening_id")
    assert Screening.objects.get().outcome == "eligible"


def test_a_screening_under_the_id_of_another_visits_screening_is_refused(station):
    there = screen(station, check_in(station, station.person()))
    with pytest.raises(ConflictError) as refusal:
        screen(station, check_in(station, station.person()), screening_id=there.id)
    assert (refusal.value.code, refusal.value.field) == ("id_taken", "screening_id")


def test_the_same_end_again_is_harmless_though_thirty_minutes_have_passed_meanwhile(station, settings):
    visit, said = injected(station), {"by": station.nurse, "observation_id": new_id()}
    first = actions.end_observation(visit_id=visit.id, outcome="well", **said)
    settings.CLOCK_OFFSET += timedelta(minutes=31)
    assert actions.end_observation(visit_id=visit.id, outcome="well", **said) == first
    assert first.outcome == "left_early"


@pytest.mark.parametrize("changes", [{"outcome": "reaction"}, {"note": "Nổi mẩn ở tay"}])
def test_an_end_under_a_known_id_with_other_content_is_refused(station, changes):
    visit, said = injected(station), {"outcome": "well", "by": station.nurse, "observation_id": new_id()}
    actions.end_observation(visit_id=visit.id, **said)
    with pytest.raises(ConflictError) as refusal:
        actions.end_observation(visit_id=visit.id, **said | changes)
    assert (refusal.value.code, refusal.value.field) == ("id_taken", "observation_id")


def injected(station):
    visit = ready(station)
    doses.inject(visit_id=visit.id, lot_number=station.lot.number, arm="left", by=station.nurse)
    return visit
