"""Tasks open by what checks find and close when it is gone; who takes which step, and what a correction does."""

from datetime import timedelta
from typing import Any

import pytest

from tests.station import Station, open_station
from tests.unit.cleaning.tasks import judged, merged_task_of, task_of, worker
from tests.unit.people.made import declared
from tiemchung.accounts.models import Account, Role
from tiemchung.cleaning import actions
from tiemchung.cleaning.causes import ErrorClass, error_class, words
from tiemchung.cleaning.models import CleaningStep, CleaningTask, ConfirmationRequest, Step
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.identity import states
from tiemchung.identity.actions import ask_anew
from tiemchung.identity.models import Recheck
from tiemchung.linkage.kinds import HARMLESS, DateKind, NameKind, NumberKind, SexKind
from tiemchung.people import actions as people
from tiemchung.people import merges
from tiemchung.people.actions_merge import merge, undo
from tiemchung.people.models import Person, PersonStatement
from tiemchung.people.policy import Source

pytestmark = pytest.mark.django_db


def causes_of(person: Person) -> set[tuple[str, str]]:
    return set(CleaningTask.objects.filter(person=person, closed_at=None).values_list("field", "kind"))


@pytest.mark.parametrize(
    ("verdict", "fields", "causes"),
    [
        ("wrong", {"birth_date": "day_month_swap"}, {("birth_date", "day_month_swap")}),
        ("wrong", {"sex": "other", "full_name": "accents_lost"}, {("sex", "other"), ("full_name", "accents_lost")}),
        ("wrong", {"number": "old_number", "sex": "other"}, {("sex", "other")}),
        ("unknown", {}, {("number", "unknown")}),
        ("right", {}, set()),
    ],
)
def test_a_check_opens_a_task_for_each_cause(
    verdict: str, fields: dict[str, str], causes: set[tuple[str, str]]
) -> None:
    person = open_station().person()
    judged(person, verdict, **fields)
    actions.settle(person_ids=[person.id])
    actions.settle(person_ids=[person.id])
    assert causes_of(person) == causes


def test_a_childs_task_says_that_the_number_may_be_a_parents() -> None:
    """By the number's own digits: nobody asks whose it is."""
    number = (("cccd", "001184000017"),)
    child = declared(Source.DEVICE, birth_date="05/06/2012", sex="female", identity_numbers=number)
    judged(child, "unknown")
    actions.settle(person_ids=[child.id])
    assert causes_of(child) == {("number", "parents_number")}


def test_a_parents_number_is_told_of_the_record_that_speaks_though_it_came_with_the_merged_one() -> None:
    born = {"birth_date": "05/06/2012", "sex": "female"}
    kept = declared(Source.DEVICE, **born, identity_numbers=())
    other = declared(Source.DEVICE, **born, identity_numbers=(("cccd", "001184000017"),))
    merge(kept_id=kept.id, merged_id=other.id, evidence={"reasons": []}, by=new_id())
    judged(kept, "unknown")
    actions.settle(person_ids=[kept.id])
    assert causes_of(kept) == {("number", "parents_number")}


def test_who_has_no_number_has_a_task_unless_he_is_a_foreigner() -> None:
    station = open_station()
    ours, foreigner = station.person(identity_numbers=()), station.person(identity_numbers=(), nationality="LA")
    actions.settle(person_ids=[ours.id, foreigner.id])
    assert (causes_of(ours), causes_of(foreigner)) == ({("number", "missing")}, set())


def test_it_goes_to_the_commune_of_the_person_and_the_site_that_stated_him() -> None:
    station = open_station()
    task = task_of(station.person(), sex="other")
    assert (task.commune_id, task.facility) == ("00001", station.facility)


def test_the_cause_that_is_gone_closes_its_task_and_the_other_stays() -> None:
    person = open_station().person()
    judged(person, birth_date="day_month_swap", sex="other")
    actions.settle(person_ids=[person.id])
    judged(person, sex="other")
    assert actions.settle(person_ids=[person.id]) == {"opened": 0, "closed": 1}
    assert causes_of(person) == {("sex", "other")}


def test_what_changed_is_found_and_only_once_looked_at(settings: Any) -> None:
    station = open_station()
    wrong = station.person()
    judged(wrong, sex="other")
    station.person(identity_numbers=())
    assert actions.settle_changed()["opened"] == 2
    settings.CLOCK_OFFSET += timedelta(minutes=20)
    assert actions.settle_changed() == {"opened": 0, "closed": 0}
    judged(wrong, "right")
    assert actions.settle_changed()["closed"] == 1


@pytest.mark.parametrize("verdict", ["wrong", "unchecked"])
def test_a_merged_record_has_no_task_until_it_is_parted_again(settings: Any, verdict: str) -> None:
    station = open_station()
    kept, other = station.person(), station.person()
    judged(other, sex="other")
    assert actions.settle_changed()["opened"] == 1
    if verdict == "unchecked":
        ask_anew(person_ids=[other.id], why=Recheck.Why.REGISTER_CORRECTED, by=None)
    settings.CLOCK_OFFSET += timedelta(minutes=20)
    actions.settle_changed()
    made = merge(kept_id=kept.id, merged_id=other.id, evidence={"reasons": []}, by=station.head.id)
    assert actions.settle_changed() == {"opened": 0, "closed": 1}
    settings.CLOCK_OFFSET += timedelta(minutes=20)
    actions.settle_changed()
    undo(merge_id=made.id, reason="Nhầm người", by=station.head.id)
    opened = {"wrong": 1, "unchecked": 0}[verdict]  # who is unchecked has no known cause
    assert actions.settle_changed() == {"opened": opened, "closed": 0}


def test_station_hamlet_and_police_work_on_it_in_turn() -> None:
    station = open_station()
    task = task_of(station.person(), birth_date="day_differs")
    health, hamlet = worker(Role.COMMUNE_HEALTH_STATION, station), worker(Role.HAMLET_TEAM, station)
    for by, step in [
        (health, Step.GIVEN_TO_HAMLET),
        (hamlet, Step.HAMLET_CONFIRMED),
        (health, Step.SENT_TO_POLICE),
    ]:
        assert actions.take_step(task_ids=[task.id], step=step, by=by) == 1
        assert actions.take_step(task_ids=[task.id], step=step, by=by) == 0  # pressed twice
    request = ConfirmationRequest.objects.get()
    assert (request.task, request.field, request.taken_at) == (task, "birth_date", None)
    assert CleaningStep.objects.count() == 3


@pytest.mark.parametrize(
    ("role", "step", "error"),
    [
        (Role.HAMLET_TEAM, Step.SENT_TO_POLICE, NotAllowedError),
        (Role.COMMUNE_HEALTH_STATION, Step.POLICE_SLIP, NotAllowedError),
        (Role.VACCINATOR, Step.SENT_TO_POLICE, NotAllowedError),
        (Role.HAMLET_TEAM, Step.HAMLET_CONFIRMED, ConflictError),  # nobody gave it to the hamlet
        (Role.DATA_CLERK, Step.SITE_UNKNOWN, ConflictError),
    ],
)
def test_a_step_of_another_role_or_out_of_turn_is_refused(role: Role, step: Step, error: type[Exception]) -> None:
    station = open_station()
    task = task_of(station.person(), birth_date="day_differs")
    with pytest.raises(error):
        actions.take_step(task_ids=[task.id], step=step, by=worker(role, station))
    assert not CleaningStep.objects.exists()


def test_another_sites_task_and_none_at_all_read_alike() -> None:
    station, other = open_station(), open_station()
    task = task_of(station.person(), birth_date="day_differs")
    clerk = worker(Role.DATA_CLERK, other)
    for task_id in (task.id, new_id()):
        with pytest.raises(NotFoundError, match="task_unknown"):
            actions.take_step(task_ids=[task_id], step=Step.SENT_TO_POLICE, by=clerk)
        with pytest.raises(NotFoundError, match="task_unknown"):
            actions.correct(task_id=task_id, value="x", by=clerk)


def test_of_several_all_or_none() -> None:
    station = open_station()
    one, other = (task_of(station.person(), birth_date="day_differs") for _ in range(2))
    judged(other.person, "right")
    actions.settle(person_ids=[other.person_id])
    with pytest.raises(ConflictError, match="task_cured"):
        actions.take_step(
            task_ids=[one.id, other.id], step=Step.GIVEN_TO_HAMLET, by=worker(Role.COMMUNE_HEALTH_STATION, station)
        )
    assert not CleaningStep.objects.exists()


def corrected(field: str, value: str, by: Account, station: Station, **kinds: str) -> Person:
    task = task_of(station.person(), **kinds)
    actions.correct(task_id=task.id, value=value, by=by)
    person = Person.objects.get(id=task.person_id)
    assert states.of(person.id).state == "unchecked"
    return person


def test_a_correction_changes_one_field_and_the_person_is_asked_about_again() -> None:
    station = open_station()
    clerk = worker(Role.DATA_CLERK, station)
    person = corrected("birth_date", "04/09/1967", clerk, station, birth_date="day_differs")
    assert (person.birth_date.day, person.sex, person.address) == (4, "female", "Thôn Nà Lốc")
    assert person.identity_numbers.filter(withdrawn_at=None).count() == 1
    last = PersonStatement.objects.filter(person=person).latest("id")
    assert (last.source, last.by) == ("site", clerk.id)


def test_a_number_takes_the_place_of_the_wrong_one() -> None:
    station = open_station()
    task = task_of(station.person(), "unknown")
    actions.correct(task_id=task.id, value="001167009999", by=worker(Role.DATA_CLERK, station))
    [number] = task.person.identity_numbers.filter(withdrawn_at=None)
    assert number.value == "001167009999"


@pytest.mark.parametrize(("value", "field"), [("", "value"), ("45/13/1967", "birth_date")])
def test_a_value_that_cannot_be_is_refused_at_its_field(value: str, field: str) -> None:
    station = open_station()
    task = task_of(station.person(), birth_date="day_differs")
    with pytest.raises(InvalidInputError) as refused:
        actions.correct(task_id=task.id, value=value, by=worker(Role.DATA_CLERK, station))
    assert refused.value.field.split(".")[0] == field


def test_a_hamlet_team_corrects_what_it_was_given_and_nothing_else() -> None:
    station = open_station()
    task = task_of(station.person(), birth_date="day_differs")
    hamlet = worker(Role.HAMLET_TEAM, station)
    with pytest.raises(ConflictError):
        actions.correct(task_id=task.id, value="04/09/1967", by=hamlet)
    actions.take_step(task_ids=[task.id], step=Step.GIVEN_TO_HAMLET, by=worker(Role.COMMUNE_HEALTH_STATION, station))
    actions.correct(task_id=task.id, value="04/09/1967", by=hamlet)


def test_one_decision_puts_many_records_of_one_cause_right() -> None:
    station = open_station()
    tasks = [
        task_of(station.person(birth_date=born, identity_numbers=(("cmnd", number),)), birth_date="day_month_swap")
        for born, number in (("03/09/1967", "013245671"), ("05/11/1970", "013245672"), ("07/08/1981", "013245673"))
    ]
    head = worker(Role.FACILITY_HEAD, station)
    assert actions.accept_proposal(task_ids=[each.id for each in tasks], by=head) == 3
    found = [Person.objects.get(id=each.person_id).birth_date.isoformat() for each in tasks]
    assert found == ["1967-03-09", "1970-05-11", "1981-07-08"]
    assert actions.accept_proposal(task_ids=[each.id for each in tasks], by=head) == 0  # they await their check


def test_a_correction_of_a_merged_record_changes_one_field_of_the_one_that_speaks() -> None:
    station = open_station()
    task = merged_task_of(station, birth_date="day_differs")
    actions.correct(task_id=task.id, value="04/09/1967", by=worker(Role.DATA_CLERK, station))
    person = merges.speaking(task.person_id)
    assert (person.birth_date.isoformat(), person.full_name) == ("1967-09-04", "Bùi Thị Ngát Mới")
    assert (person.sex, person.address) == ("male", "Tổ 4")
    assert Person.objects.get(id=task.person_id).birth_date.isoformat() == "1967-09-03"


def test_what_follows_from_a_merged_records_words_is_not_taken_for_the_one_that_speaks() -> None:
    station = open_station()
    task = merged_task_of(station, birth_date="day_month_swap")
    assert actions.accept_proposal(task_ids=[task.id], by=worker(Role.FACILITY_HEAD, station)) == 0
    assert merges.speaking(task.person_id).birth_date.isoformat() == "1970-11-05"


def test_a_cause_from_which_no_value_follows_is_not_cured_by_a_proposal() -> None:
    station = open_station()
    task = task_of(station.person(), birth_date="first_of_january")
    with pytest.raises(ConflictError, match="no_proposal"):
        actions.accept_proposal(task_ids=[task.id], by=worker(Role.FACILITY_HEAD, station))


def test_a_task_goes_with_who_moves() -> None:
    station = open_station()
    task = task_of(station.person(residence_code=""), sex="other")
    assert task.commune_id == station.facility.area_id
    Person.objects.filter(id=task.person_id).update(residence_id="00001")
    actions.settle(person_ids=[task.person_id])
    assert CleaningTask.objects.get().commune_id == "00001"


def test_a_new_statement_of_the_holder_lets_the_task_await_its_check() -> None:
    station = open_station()
    task = task_of(station.person(), sex="other")
    statement = actions.corrections.statement_with(task.person, "sex", "male")
    people.correct(person_id=task.person_id, statement=statement, source=Source.CARD_QR, by=None)
    actions.settle(person_ids=[task.person_id])
    [row] = actions.sql.fetch_all(actions.queries["standing"], {"tasks": [task.id]})
    assert row["state"] == "awaiting_check"


@pytest.mark.parametrize(
    ("field", "kind", "found"),
    [
        ("number", "missing", ErrorClass.NO_NUMBER),
        ("number", "lost_zero", ErrorClass.MALFORMED_NUMBER),
        ("number", "unknown", ErrorClass.WRONG_INFORMATION),
        ("birth_date", "missing", ErrorClass.WRONG_INFORMATION),
    ],
)
def test_a_cause_has_its_class_of_the_ministry(field: str, kind: str, found: ErrorClass) -> None:
    assert error_class(field, kind) is found


def test_staff_read_a_line_of_their_own_for_each_kind_that_is_a_difference() -> None:
    hidden = {NumberKind.OTHER_PERSONS_NUMBER}  # never leaves the other side
    by_field = {"number": NumberKind, "full_name": NameKind, "birth_date": DateKind, "sex": SexKind}
    for field, kinds in by_field.items():
        for kind in set(kinds) - HARMLESS - hidden:
            assert words(field, kind) != words(field, "general"), (field, kind)
