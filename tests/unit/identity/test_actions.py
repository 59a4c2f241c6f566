"""Asking the population side: what goes out, what is kept, who is asked again and when."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.ledger import judged
from tests.other_side import Answer, OtherSide, right, serving
from tests.station import open_station
from tests.unit.people.made import stated
from tests.unit.population.register import answers, ask, enrol, question
from tiemchung.ground.errors import ConflictError
from tiemchung.ground.models import AuditEntry
from tiemchung.identity import actions, exchange, patience, states
from tiemchung.identity.models import CheckRound, PopulationCheck, Recheck
from tiemchung.identity.tasks import ask_about_the_unknown_again, check_the_unchecked
from tiemchung.people import actions as people
from tiemchung.people.models import PersonStatement
from tiemchung.people.policy import Source
from tiemchung.population import actions as register
from tiemchung.population.models import Question

pytestmark = pytest.mark.django_db


@pytest.fixture
def side(settings: Any) -> Iterator[OtherSide]:
    with serving() as found:
        settings.POPULATION_URL = found.address
        yield found


def test_the_fields_go_out_and_the_verdict_is_kept(side: OtherSide) -> None:
    person = open_station().person(full_name="Lý Thị Sửu", identity_numbers=(("cccd", "001167000999"),))
    assert actions.check(person_id=person.id, by=None).state == "right"
    [[asked]] = side.asked
    kept = PopulationCheck.objects.get()
    assert asked == {
        "id": str(kept.id),
        "number": "001167000999",
        "full_name": "Lý Thị Sửu",
        "birth_date": "1967-09-03",
        "sex": "female",
        "record": actions.handle_of(person.id),
        "asker": actions.handle_of(PersonStatement.objects.get(person=person).by),
    }
    assert str(person.id) not in str(asked)
    assert (kept.verdict, kept.handle, kept.fault) == ("right", "h", "")


@pytest.mark.parametrize(("born", "asked"), [("1967", "1967"), ("09/1967", "1967-09"), ("03/09/1967", "1967-09-03")])
def test_a_birth_date_goes_out_as_far_as_it_is_known(side: OtherSide, born: str, asked: str) -> None:
    actions.check(person_id=open_station().person(birth_date=born).id, by=None)
    assert side.asked[0][0]["birth_date"] == asked


def test_of_several_numbers_the_newest_that_is_no_cmnd_is_asked_about(side: OtherSide) -> None:
    numbers = (("cccd", "001167000999"), ("cmnd", "013245679"))
    actions.check(person_id=open_station().person(identity_numbers=numbers).id, by=None)
    assert side.asked[0][0]["number"] == "001167000999"


def test_who_has_no_number_cannot_be_checked_and_is_told_the_cure(side: OtherSide) -> None:
    person = open_station().person(identity_numbers=())
    with pytest.raises(ConflictError) as refused:
        actions.check(person_id=person.id, by=None)
    assert refused.value.field == "identity_number"
    assert side.asked == []


def test_everybody_unchecked_is_asked_about_in_batches_and_once(side: OtherSide) -> None:
    station = open_station()
    persons = [station.person() for _ in range(5)]
    judged(persons[0], "unknown")
    assert actions.check_due(by=None, limit=2) == 4
    assert [len(batch) for batch in side.asked] == [2, 2]
    assert actions.check_due(by=None) == 0
    assert len(side.asked) == 2


def test_a_round_passes_nobody_over_however_few_are_looked_through_together(
    side: OtherSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "WINDOW", 2)
    station = open_station()
    persons = [station.person() for _ in range(7)]
    for person in persons[:3]:
        judged(person, "unknown")
    assert actions.check_due(by=None, limit=1) == 4
    assert {states.of(person.id).state.value for person in persons[3:]} == {"right"}


def test_the_next_round_begins_after_whom_the_last_one_asked_about_in_vain(
    side: OtherSide, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = open_station()
    persons = [station.person() for _ in range(3)]
    monkeypatch.setattr(actions, "AT_ONE_TIME", 1)
    side.status = 500
    actions.check_due(by=None)
    side.status = 200
    settings.CLOCK_OFFSET += actions.PAUSE + timedelta(seconds=1)
    assert actions.check_due(by=None) == 3
    asked = [question["record"] for [question] in side.asked]
    assert asked == [actions.handle_of(persons[at].id) for at in (0, 1, 2, 0)]
    assert CheckRound.objects.count() == 1


def test_the_worker_asks_too(side: OtherSide) -> None:
    person = open_station().person()
    check_the_unchecked(0)
    assert states.of(person.id).state == "right"


def test_a_question_without_an_answer_waits_five_minutes_and_keeps_its_id(side: OtherSide, settings: Any) -> None:
    person = open_station().person()
    side.status = 500
    assert actions.check_due(by=None) == 0
    side.status = 200
    assert actions.check_due(by=None) == 0
    settings.CLOCK_OFFSET += actions.PAUSE + timedelta(seconds=1)
    assert actions.check_due(by=None) == 1
    [[first], [second]] = side.asked
    assert first["id"] == second["id"]
    assert states.of(person.id).state == "right"
    assert PopulationCheck.objects.count() == 1


def test_an_id_that_the_other_side_knows_for_another_question_is_not_used_again(side: OtherSide, settings: Any) -> None:
    open_station().person()
    side.answer = lambda asked: {"answers": [{"id": asked[0]["id"], "verdict": "conflict", "fields": {}}]}
    actions.check_due(by=None)
    settings.CLOCK_OFFSET += actions.PAUSE + timedelta(seconds=1)
    actions.check_due(by=None)
    [[first], [second]] = side.asked
    assert first["id"] != second["id"]


def test_a_right_whose_answer_was_lost_does_not_outlive_a_correction_of_the_register(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    citizen = enrol("001167000999", full_name="Lý Thị Sửu", birth_date="1967-09-03", sex="female")
    person = open_station().person(full_name="Lý Thị Sửu", identity_numbers=(("cccd", "001167000999"),))
    monkeypatch.setattr(actions.exchange, "ask", lambda asked, **_: by_the_register(asked) and [LOST])
    assert actions.check(person_id=person.id, by=None).state == "unchecked"
    citizen.full_name = "Lý Thị Sáu"
    citizen.save()
    register.note_change(citizen=citizen)
    actions.ask_anew(person_ids=[person.id], why=Recheck.Why.REGISTER_CORRECTED, by=None)
    monkeypatch.setattr(actions.exchange, "ask", lambda asked, **_: by_the_register(asked))
    assert actions.check(person_id=person.id, by=None).state == "wrong"
    assert Question.objects.get().id == PopulationCheck.objects.get().id


LOST = exchange.Reply("", {}, "", "no_answer")


def by_the_register(asked: list[exchange.Question]) -> list[exchange.Reply]:
    """What the population side answers, in the test's own transaction."""
    replies = []
    for one in asked:
        said = {"full_name": one.full_name, "birth_date": one.birth_date, "sex": one.sex}
        given = ask(one.id, number=one.number, record=one.record, asker=one.asker, **said)
        replies.append(exchange.believed(given.verdict, given.fields, given.handle))
    return replies


def test_a_verdict_about_what_was_said_before_counts_for_nothing_after_a_correction(side: OtherSide) -> None:
    person = open_station().person()
    actions.check(person_id=person.id, by=None)
    people.correct(person_id=person.id, statement=stated(phone=""), source=Source.SITE, by=None)
    assert states.of(person.id).state == "unchecked"


def test_an_answer_that_came_by_another_way_is_not_overwritten_by_a_fault(side: OtherSide) -> None:
    person = open_station().person()
    side.status = 500
    real = actions.exchange.ask

    def answered_meanwhile(questions: list[Any], **_: Any) -> list[Any]:
        PopulationCheck.objects.update(verdict="right", handle="h", answered_at=person.created_at)
        return real(questions)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions.exchange, "ask", answered_meanwhile)
        actions.check(person_id=person.id, by=None)
    assert states.of(person.id).state == "right"


def test_the_audit_counts_and_names_nobody(side: OtherSide) -> None:
    open_station().person()
    actions.check_due(by=None)
    assert AuditEntry.objects.get(act="identity.check").detail == {"asked": 1, "answered": 1}


def test_no_request_is_so_long_that_a_busy_side_could_not_answer_it(
    side: OtherSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONE_TIME", 2)
    station = open_station()
    for _ in range(5):
        station.person()
    assert actions.check_due(by=None) == 5
    assert [len(request) for request in side.asked] == [2, 2, 1]


def test_the_worker_waits_longer_than_somebody_at_a_table(side: OtherSide, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float | None] = []
    asked = exchange.ask

    def noting(questions: list[exchange.Question], *, within: float | None = None) -> list[exchange.Reply]:
        waited.append(within)
        return asked(questions, within=within)

    monkeypatch.setattr(exchange, "ask", noting)
    person = open_station().person()
    actions.check_due(by=None)
    actions.ask_anew(person_ids=[person.id], why=Recheck.Why.REGISTER_CORRECTED, by=None)
    actions.check_at_once(person_id=person.id, by=None)
    assert waited == [actions.WITHIN, patience.WITHIN]
    assert actions.WITHIN > exchange.TIMEOUT > patience.WITHIN


def refusing(*numbers: str, fault: str = "too_many") -> Answer:
    """Answer «right», but to questions about these numbers with that fault."""

    def answer(asked: list[dict[str, Any]]) -> dict[str, Any]:
        said = right(asked)["answers"]
        refused = [{"id": one["id"], "verdict": fault, "fields": {}} for one in asked]
        return {
            "answers": [
                bad if one["number"] in numbers else good for one, good, bad in zip(asked, said, refused, strict=True)
            ]
        }

    return answer


def numbered(count: int) -> list[str]:
    """People with these numbers, one after the other."""
    station, numbers = open_station(), [f"0011670{at:03}99" for at in range(count)]
    for number in numbers:
        station.person(identity_numbers=(("cccd", number),))
    return numbers


@pytest.mark.parametrize("fault", ["too_many", "unreadable", "conflict"])
def test_refused_questions_keep_nobody_behind_them_waiting(
    side: OtherSide, settings: Any, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(actions, "AT_ONE_TIME", 2)
    numbers = numbered(5)
    side.answer = refusing(*numbers[:4], fault=fault)
    assert actions.check_due(by=None, limit=2) == 1
    assert [len(request) for request in side.asked] == [2, 2, 1]
    assert actions.check_due(by=None, limit=2) == 0
    assert len(side.asked) == 3


@pytest.mark.parametrize("fault", ["too_many", "unreadable"])
def test_what_was_refused_is_asked_again_the_next_day(side: OtherSide, settings: Any, fault: str) -> None:
    [number] = numbered(1)
    side.answer = refusing(number, fault=fault)
    actions.check_due(by=None)
    settings.CLOCK_OFFSET += actions.REFUSED_PAUSE - timedelta(minutes=1)
    actions.check_due(by=None)
    assert len(side.asked) == 1
    settings.CLOCK_OFFSET += timedelta(minutes=2)
    side.answer = right
    assert actions.check_due(by=None) == 1


def test_who_was_asked_about_longest_ago_comes_first(
    side: OtherSide, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONE_TIME", 1)
    numbers = numbered(3)
    side.status = 500
    for _ in numbers:
        actions.check_due(by=None)
        settings.CLOCK_OFFSET += actions.PAUSE + timedelta(seconds=1)
    assert [one["number"] for [one] in side.asked] == numbers


def test_a_number_of_any_length_is_answered_by_wire_as_in_a_batch() -> None:
    """Not «unreadable», for ever: a malformed number is nobody's."""
    [answer] = answers(question(number="0011840000171"))
    assert answer["verdict"] == "unknown"


def test_the_unknown_are_spread_over_the_nights_of_a_week(settings: Any) -> None:
    station = open_station()
    for _ in range(12):
        judged(station.person(), "unknown")
    settings.CLOCK_OFFSET += actions.UNKNOWN_AGAIN
    a_night = [actions.ask_unknown_anew(by=None, night=night) for night in range(7)]
    assert sum(a_night) == 12
    assert max(a_night) < 12


def test_the_worker_asks_about_everybody_once_within_a_week(settings: Any) -> None:
    unknown = [open_station().person() for _ in range(3)]
    for person in unknown:
        judged(person, "unknown")
    settings.CLOCK_OFFSET += actions.UNKNOWN_AGAIN
    for _ in range(7):
        ask_about_the_unknown_again(0)
        settings.CLOCK_OFFSET += timedelta(days=1)
    assert sorted(Recheck.objects.values_list("person", flat=True)) == sorted(person.id for person in unknown)


def test_a_night_asks_about_so_many_the_oldest_first(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_A_NIGHT", 2)
    station, persons = open_station(), []
    for _ in range(3):
        persons.append(station.person())
        settings.CLOCK_OFFSET += timedelta(minutes=1)
    for person in reversed(persons):
        judged(person, "unknown")
        settings.CLOCK_OFFSET += timedelta(minutes=1)
    assert actions.ask_unknown_anew(by=None, older_than=timedelta(0)) == 2
    assert states.of(persons[0].id).state == "unknown"


def test_a_number_that_nobody_had_is_asked_about_again_after_a_week(side: OtherSide, settings: Any) -> None:
    unknown, wrong = open_station().person(), open_station().person()
    judged(unknown, "unknown")
    judged(wrong, "wrong")
    settings.CLOCK_OFFSET += actions.UNKNOWN_AGAIN - timedelta(minutes=1)
    assert actions.ask_unknown_anew(by=None) == 0
    settings.CLOCK_OFFSET += timedelta(minutes=1)
    assert actions.ask_unknown_anew(by=None) == 1
    assert (states.of(unknown.id).state, states.of(wrong.id).state) == ("unchecked", "wrong")
    assert actions.ask_unknown_anew(by=None) == 0
    assert actions.check_due(by=None) == 1
    assert states.of(unknown.id).state == "right"


def test_an_answer_ends_the_pause_of_an_earlier_question_in_vain(side: OtherSide, settings: Any) -> None:
    station = open_station()
    person = station.person()
    side.status = 503
    assert actions.check_due(by=None) == 0
    side.status = 200
    assert actions.check_due(by=None) == 0  # asked in vain just now
    judged(person, "wrong", {"full_name": "accents_lost"})  # by a batch
    people.correct(
        person_id=person.id, statement=stated(full_name="Lý Thị Sữu"), source=Source.SITE, by=station.nurse.id
    )
    assert actions.check_due(by=None) == 1
