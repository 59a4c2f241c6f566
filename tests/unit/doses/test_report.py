"""After the act: it is recorded in any case, and what speaks against it becomes findings."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from tests.station import declared, give, morning, open_station, ready
from tiemchung.doses import actions, course, histories
from tiemchung.doses.models import Dose
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.stock import balance
from tiemchung.visits.facts import PersonFacts

pytestmark = pytest.mark.django_db


def codes(dose):
    return set(dose.findings.filter(resolved_at__isnull=True).values_list("code", flat=True))


def left(station):
    return balance.left(station.facility.id, station.lot.id)


def test_a_late_dose_takes_its_dose_from_stock(station):
    dose = give(station, station.person(), days_ago=70)
    assert (dose.source, codes(dose), left(station)) == ("late_entry", set(), 99)


def test_the_same_report_again_is_the_same_entry(station):
    person, dose_id = station.person(), new_id()
    first = give(station, person, days_ago=70, dose_id=dose_id)
    assert give(station, person, days_ago=70, dose_id=dose_id) == first
    assert left(station) == 99


def test_an_id_of_another_entry_is_refused(station):
    dose = give(station, station.person(), days_ago=70)
    with pytest.raises(ConflictError) as refusal:
        give(station, station.person(), days_ago=70, dose_id=dose.id)
    assert refusal.value.code == "id_taken"


def test_a_dose_too_early_is_recorded_with_a_finding(station):
    person = station.person()
    give(station, person, days_ago=80)
    early = give(station, person, days_ago=70)
    (finding,) = early.findings.all()
    assert finding.field == "product"
    assert "BYT" in finding.vi
    assert finding.en


def test_a_finding_bars_the_card_until_somebody_resolves_it(station):
    person = station.person()
    give(station, person, days_ago=80)
    early = give(station, person, days_ago=70)
    taken = course.of(person.id)
    assert (taken.card, taken.barred, taken.has_waiting) == ("yellow", True, True)
    actions.resolve(finding_id=early.findings.get().id, by=station.head)
    taken = course.of(person.id)
    assert (taken.card, taken.barred, taken.has_waiting) == ("green", False, False)


def test_resolving_again_is_harmless_and_needs_scope(station):
    dose = give(station, station.person(), days_ago=70, lot_number="NOLOT1")
    finding = dose.findings.get()
    with pytest.raises(NotAllowedError):
        actions.resolve(finding_id=finding.id, by=open_station().head)
    actions.resolve(finding_id=finding.id, by=station.head)
    again = actions.resolve(finding_id=finding.id, by=station.nurse)
    assert again.resolved_by == station.head.id
    with pytest.raises(NotFoundError):
        actions.resolve(finding_id=new_id(), by=station.head)


def test_one_dose_entered_by_two_sites_counts_once_everywhere(station):
    person, elsewhere = station.person(), open_station()
    give(station, person, days_ago=70)
    double = give(elsewhere, person, days_ago=69)
    assert codes(double) == {"possible_double"}
    assert len(course.of(person.id).doses) == 1
    assert (left(station), left(elsewhere)) == (99, 100)


def test_a_possible_double_that_stands_counts_from_then_on(station):
    person, elsewhere = station.person(), open_station()
    give(station, person, days_ago=70)
    double = give(elsewhere, person, days_ago=69)
    actions.resolve(finding_id=double.findings.get().id, by=elsewhere.head)
    assert len(course.of(person.id).doses) == 2
    assert left(elsewhere) == 99


def test_when_the_first_of_a_double_is_voided_the_second_stands(station):
    person, elsewhere = station.person(), open_station()
    first = give(station, person, days_ago=70)
    double = give(elsewhere, person, days_ago=69)
    actions.void(dose_id=first.id, reason="Nhập nhầm người", by=station.head)
    assert codes(double) == set()
    assert [entry.id for entry in course.of(person.id).doses] == [double.id]
    assert (left(station), left(elsewhere)) == (100, 99)


def test_a_void_names_its_reason_and_happens_once(station):
    dose = give(station, station.person(), days_ago=70)
    with pytest.raises(InvalidInputError) as refusal:
        actions.void(dose_id=dose.id, reason="  ", by=station.head)
    assert refusal.value.field == "reason"
    actions.void(dose_id=dose.id, reason="Nhập nhầm", by=station.head)
    with pytest.raises(ConflictError) as conflict:
        actions.void(dose_id=dose.id, reason="Nhập nhầm", by=station.head)
    assert conflict.value.code == "dose_no_longer_stands"
    assert course.of(dose.person_id).card == "none"
    assert left(station) == 100


def test_a_correction_supersedes_and_is_judged_anew(station):
    person = station.person()
    wrong = give(station, person, days_ago=70, lot_number="NOLOT1")
    assert codes(wrong) == {"lot_unknown"}
    right = actions.supersede(dose_id=wrong.id, lot_number=station.lot.number, by=station.head)
    assert (right.supersedes_id, right.injected_at, codes(right)) == (wrong.id, wrong.injected_at, set())
    assert wrong.findings.get().resolution == "corrected"
    assert [entry.id for entry in course.of(person.id).doses] == [right.id]
    assert left(station) == 99


def test_two_corrections_of_one_entry_cannot_both_land(station):
    dose = give(station, station.person(), days_ago=70)
    actions.supersede(dose_id=dose.id, arm="left", by=station.head)
    with pytest.raises(ConflictError) as refusal:
        actions.supersede(dose_id=dose.id, arm="right", by=station.head)
    assert refusal.value.code == "dose_no_longer_stands"
    assert left(station) == 99


def test_a_dose_of_the_wrong_person_goes_to_the_right_one(station):
    wrong, right = station.person(), station.person()
    dose = give(station, wrong, days_ago=70)
    actions.supersede(dose_id=dose.id, person_id=right.id, by=station.head)
    assert (course.of(wrong.id).card, course.of(right.id).card) == ("none", "yellow")


def test_another_facility_corrects_nothing_here(station):
    dose = give(station, station.person(), days_ago=70)
    with pytest.raises(NotAllowedError):
        actions.supersede(dose_id=dose.id, arm="left", by=open_station().head)
    with pytest.raises(NotAllowedError):
        actions.void(dose_id=dose.id, reason="Thử", by=open_station().head)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days_ago": -1}, "injected_at"),
        ({"days_ago": 30_000}, "injected_at"),
        ({"days_ago": 70, "product": "XX"}, "product"),
    ],
)
def test_a_slip_of_who_types_now_is_refused_at_its_field(station, changes, field):
    with pytest.raises(InvalidInputError) as refusal:
        give(station, station.person(), **changes)
    assert refusal.value.field == field
    assert not Dose.objects.exists()


def test_an_unknown_person_or_session_is_not_found(station):
    with pytest.raises(NotFoundError) as refusal:
        give(station, station.person(), days_ago=70, person_id=new_id())
    assert refusal.value.field == "person_id"
    with pytest.raises(NotFoundError) as refusal:
        give(station, station.person(), days_ago=70, session_id=open_station().session.id)
    assert refusal.value.field == "session_id"


def test_the_ledger_cannot_be_changed(station):
    give(station, station.person(), days_ago=70)
    with pytest.raises(DatabaseError), transaction.atomic():
        Dose.objects.update(product="PF")
    with pytest.raises(DatabaseError), transaction.atomic():
        Dose.objects.all().delete()


def test_the_course_as_of_an_earlier_day(station):
    person = station.person()
    give(station, person, days_ago=70)
    give(station, person, days_ago=5)
    assert course.of(person.id, as_of=morning(6).date()).card == "yellow"
    assert course.of(person.id).card == "green"


def test_courses_of_many_are_those_of_each(station):
    persons = [station.person() for _ in range(3)]
    for days_ago, person in zip((70, 60, 50), persons, strict=True):
        give(station, person, days_ago=days_ago)
    give(station, persons[0], days_ago=5)
    together = course.of_many([person.id for person in persons])
    assert {person: taken.card for person, taken in together.items()} == {
        person.id: course.of(person.id).card for person in persons
    }


def test_the_question_of_alike_adults_is_answered_as_each_ones_own(station):
    births = [("01/01/1950", "AZ"), ("14/05/2004", "AZ"), ("15/05/2004", "AZ"), ("29/02/1960", "PF"), ("1970", "PF")]
    for birth_date, product in births:
        person = declared(station.nurse, birth_date=birth_date, identity_numbers=())
        question = (PersonFacts.of(person), [], product, morning().date(), "01")
        assert course.is_allowed(*question) == course.may_give(*question).allowed


def test_whose_day_is_known_is_not_answered_for_whose_year_alone_is(station):
    answers = []
    for precision in ("day", "year"):
        child = PersonFacts(new_id(), "female", date(2010, 1, 1), precision, new_id())
        question = (child, [], "PF", morning().date(), "01")
        answers.append(course.is_allowed(*question))
        assert answers[-1] == course.may_give(*question).allowed
    assert answers == [True, False]


def test_a_preview_says_what_would_speak_against_it_and_writes_nothing(station):
    visit = ready(station)
    assert actions.preview(visit_id=visit.id, lot_number=station.lot.number, by=station.nurse) == []
    (objection,) = actions.preview(visit_id=visit.id, lot_number="NOLOT1", by=station.nurse)
    assert objection.code == "lot_unknown"
    assert not Dose.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"days_ago": 71}, {"lot_number": "NOLOT1"}, {"arm": "left"}, {"stated_number": 2}, {"product": "PF"}]
)
def test_an_id_of_an_entry_with_other_content_is_refused(station, changes):
    person = station.person()
    dose = give(station, person, days_ago=70)
    with pytest.raises(ConflictError) as refusal:
        give(station, person, **{"days_ago": 70, "dose_id": dose.id} | changes)
    assert (refusal.value.code, refusal.value.field) == ("id_taken", "dose_id")
    assert Dose.objects.get() == dose


def test_when_the_first_of_three_alike_is_voided_only_the_earliest_of_the_others_stands(station):
    person, second, third = station.person(), open_station(), open_station()
    first = give(station, person, days_ago=70)
    later = give(third, person, days_ago=68)
    earlier = give(second, person, days_ago=69)
    actions.void(dose_id=first.id, reason="Nhập nhầm người", by=station.head)
    assert [entry.id for entry in course.of(person.id).doses] == [earlier.id]
    finding = later.findings.get()
    assert (finding.other_id, finding.resolved_at) == (earlier.id, None)
    assert f"{morning(69):%d/%m/%Y}" in finding.vi
    assert (left(second), left(third)) == (99, 100)


def test_when_the_first_is_voided_those_too_far_apart_to_be_one_both_stand(station):
    person = station.person()
    first = give(station, person, days_ago=70)
    for days_ago in (75, 65):
        give(station, person, days_ago=days_ago)
    actions.void(dose_id=first.id, reason="Nhập nhầm người", by=station.head)
    assert len(course.of(person.id).doses) == 2


def test_a_double_follows_the_correction_of_the_entry_that_it_doubles(station):
    person, elsewhere = station.person(), open_station()
    first = give(station, person, days_ago=70)
    double = give(elsewhere, person, days_ago=69)
    near = actions.supersede(dose_id=first.id, injected_at=morning(71), by=station.head)
    assert double.findings.get().other_id == near.id
    actions.supersede(dose_id=near.id, person_id=station.person().id, by=station.head)
    assert [entry.id for entry in course.of(person.id).doses] == [double.id]


def test_a_correction_that_waited_for_another_says_that_the_entry_no_longer_stands(station, monkeypatch):
    dose, lock = give(station, station.person(), days_ago=70), histories.lock

    def wait(person_ids):
        monkeypatch.setattr(histories, "lock", lock)
        actions.void(dose_id=dose.id, reason="Nhập nhầm", by=station.head)

    monkeypatch.setattr(histories, "lock", wait)
    with pytest.raises(ConflictError) as refusal:
        actions.supersede(dose_id=dose.id, arm="left", by=station.head)
    assert refusal.value.code == "dose_no_longer_stands"
