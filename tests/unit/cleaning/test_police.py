"""Records go out to be confirmed; notices come back and are believed only when all of it fits."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.station import Station, open_station
from tests.unit.cleaning.tasks import judged, merged_task_of, task_of, worker
from tiemchung.accounts.models import Role
from tiemchung.cleaning import actions, actions_police
from tiemchung.cleaning.models import CleaningStep, CleaningTask, ConfirmationRequest, PoliceNotice, Step
from tiemchung.ground import clock, signed_notice
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.identity import exchange, states
from tiemchung.people import merges
from tiemchung.people.models import Person, PersonStatement

pytestmark = pytest.mark.django_db
DROPPED = object()


@pytest.fixture
def station() -> Station:
    return open_station()


def asked(station: Station, **kinds: str) -> ConfirmationRequest:
    """A record that the other side has taken, its birth date in doubt."""
    return taken(task_of(station.person(), **(kinds or {"birth_date": "day_differs"})), station)


def taken(task: CleaningTask, station: Station) -> ConfirmationRequest:
    """The task's record, sent and taken."""
    actions.take_step(task_ids=[task.id], step=Step.SENT_TO_POLICE, by=worker(Role.COMMUNE_HEALTH_STATION, station))
    ConfirmationRequest.objects.filter(task=task).update(taken_at=clock.now())
    return ConfirmationRequest.objects.get(task=task)


def slip(request: ConfirmationRequest, **changes: Any) -> dict[str, Any]:
    """A correction slip as it comes, before it is signed."""
    content = {
        "number": 1,
        "id": str(new_id()),
        "kind": "slip",
        "record": str(request.id),
        "field": request.field,
        "value": "1967-09-04",
        "officer": str(new_id()),
        "ground": "card_seen",
        "at": clock.now().isoformat(),
        **changes,
    }
    return {name: value for name, value in content.items() if value is not DROPPED}


def outcome(request: ConfirmationRequest, word: str) -> dict[str, Any]:
    return slip(request, kind="outcome", outcome=word, field=DROPPED, value=DROPPED, officer=DROPPED, ground=DROPPED)


def signed(content: dict[str, Any], settings: Any, private: str = "") -> dict[str, Any]:
    key = private or settings.SLIP_KEY
    body = json.dumps(content)
    named = signed_notice.key_id(signed_notice.public_of(key))
    return {
        "number": content.get("number", 1),
        "body": body,
        "signature": signed_notice.sign(body, private=key),
        "key": named,
    }


def born(request: ConfirmationRequest) -> str:
    return Person.objects.get(id=request.person_id).birth_date.isoformat()


def test_a_slip_puts_one_field_right_and_the_person_is_asked_about_again(station: Station, settings: Any) -> None:
    request = asked(station)
    assert actions_police.take_notice(told=signed(slip(request), settings)) == request.person_id
    person = Person.objects.get(id=request.person_id)
    assert (born(request), person.sex, person.full_name) == ("1967-09-04", "female", request.person.full_name)
    assert PersonStatement.objects.filter(person=person).latest("id").source == "police"
    assert states.of(person.id).state == "unchecked"
    assert CleaningStep.objects.latest("id").step == Step.POLICE_SLIP
    audited = AuditEntry.objects.get(act="cleaning.notice")
    assert (audited.person_id, "1967" in json.dumps(audited.detail)) == (person.id, False)


def test_a_slip_about_a_merged_record_changes_one_field_of_the_one_that_speaks(station: Station, settings: Any) -> None:
    request = taken(merged_task_of(station, birth_date="day_differs"), station)
    assert actions_police.take_notice(told=signed(slip(request), settings))
    person = merges.speaking(request.person_id)
    assert (person.birth_date.isoformat(), person.full_name) == ("1967-09-04", "Bùi Thị Ngát Mới")
    assert (person.sex, person.address, born(request)) == ("male", "Tổ 4", "1967-09-03")


def test_a_slip_about_a_merged_record_leaves_the_one_that_speaks_when_it_is_right(
    station: Station, settings: Any
) -> None:
    request = taken(merged_task_of(station, birth_date="day_differs"), station)
    judged(merges.speaking(request.person_id), "right")
    assert actions_police.take_notice(told=signed(slip(request), settings))
    assert merges.speaking(request.person_id).birth_date.isoformat() == "1970-11-05"


def test_a_register_put_right_about_a_merged_record_lets_the_one_that_speaks_be_asked_anew(
    station: Station, settings: Any
) -> None:
    request = taken(merged_task_of(station, birth_date="day_differs"), station)
    speaks = merges.speaking(request.person_id)
    judged(speaks, birth_date="day_differs")
    assert actions_police.take_notice(told=signed(outcome(request, "register_corrected"), settings))
    assert states.of(speaks.id).state == "unchecked"


def test_a_number_may_come_by_slip_too(station: Station, settings: Any) -> None:
    task = task_of(station.person(), "unknown")
    actions.take_step(task_ids=[task.id], step=Step.SENT_TO_POLICE, by=worker(Role.DATA_CLERK, station))
    ConfirmationRequest.objects.update(taken_at=clock.now())
    told = signed(slip(ConfirmationRequest.objects.get(), value="001167009998"), settings)
    assert actions_police.take_notice(told=told) == task.person_id
    [number] = task.person.identity_numbers.filter(withdrawn_at=None)
    assert number.value == "001167009998"


def test_the_same_notice_again_is_nothing_new(station: Station, settings: Any) -> None:
    told = signed(slip(asked(station)), settings)
    assert actions_police.take_notice(told=told)
    said = PersonStatement.objects.count()
    assert actions_police.take_notice(told=told) is None
    assert (PersonStatement.objects.count(), PoliceNotice.objects.count()) == (said, 1)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"record": str(new_id())}, "never_asked"),
        ({"field": "full_name", "value": "Kẻ Gian"}, "wrong_field"),
        ({"value": "45/13/1967"}, "date_form"),
        ({"value": ""}, "value_needed"),
    ],
)
def test_a_genuine_slip_that_does_not_fit_changes_nothing(
    station: Station, settings: Any, changes: dict[str, Any], why: str
) -> None:
    request = asked(station)
    assert actions_police.take_notice(told=signed(slip(request, **changes), settings)) is None
    assert born(request) == "1967-09-03"
    refused = PoliceNotice.objects.get().refused
    assert refused == why or (why == "date_form" and refused)


def test_a_record_that_the_other_side_never_took_is_not_answered(station: Station, settings: Any) -> None:
    request = asked(station)
    ConfirmationRequest.objects.update(taken_at=None)
    assert actions_police.take_notice(told=signed(slip(request), settings)) is None
    assert PoliceNotice.objects.get().refused == "never_asked"


def test_a_record_is_answered_once(station: Station, settings: Any) -> None:
    request = asked(station)
    assert actions_police.take_notice(told=signed(slip(request), settings))
    assert actions_police.take_notice(told=signed(slip(request, number=2, value="1967-09-05"), settings)) is None
    assert born(request) == "1967-09-04"
    assert PoliceNotice.objects.get(number=2).refused == "answered_before"


@pytest.mark.parametrize(
    "changes",
    [
        {"id": DROPPED}, {"id": "x"}, {"number": "1"}, {"record": 7}, {"kind": "gift"}, {"at": "yesterday"},
        {"at": "2022-05-14T10:00:00"}, {"field": "residence"}, {"value": 1967}, {"officer": DROPPED},
        {"kind": "outcome", "outcome": "released"},
    ],
)  # fmt: skip
def test_what_is_signed_and_cannot_be_read_changes_nothing(
    station: Station, settings: Any, changes: dict[str, Any]
) -> None:
    request = asked(station)
    assert actions_police.take_notice(told=signed(slip(request, **changes), settings)) is None
    assert born(request) == "1967-09-03"
    assert not PoliceNotice.objects.exists()
    assert AuditEntry.objects.get(act="cleaning.notice_not_believed").detail == {"why": "unreadable"}


def test_a_forged_slip_is_not_believed(station: Station, settings: Any) -> None:
    request = asked(station)
    told = signed(slip(request), settings)
    for forged in (
        told | {"body": told["body"].replace("1967-09-04", "1967-09-05")},
        told | {"signature": ""},
        told | {"signature": "A" * 86},
        told | {"signature": "đ"},
        told | {"key": "0" * 16},
        {"body": told["body"]},
        "slip",
        None,
        signed(slip(request), settings, private=signed_notice.new_key()[0]),
    ):
        assert actions_police.take_notice(told=forged) is None
    assert born(request) == "1967-09-03"
    assert not PoliceNotice.objects.exists()


def test_a_slip_of_a_key_that_was_taken_away_is_not_believed_and_one_of_two_known_is(
    station: Station, settings: Any
) -> None:
    request, (private, public) = asked(station), signed_notice.new_key()
    old = signed(slip(request), settings)
    settings.SLIP_KEYS = [public]
    assert actions_police.take_notice(told=old) is None
    settings.SLIP_KEYS = [public, signed_notice.public_of(settings.SLIP_KEY)]
    assert actions_police.take_notice(told=old)
    other = asked(station)
    assert actions_police.take_notice(told=signed(slip(other, number=2), settings, private))


def test_a_slip_from_the_future_is_not_believed(station: Station, settings: Any) -> None:
    told = signed(slip(asked(station), at=(clock.now() + timedelta(hours=1)).isoformat()), settings)
    assert actions_police.take_notice(told=told) is None
    assert AuditEntry.objects.get(act="cleaning.notice_not_believed").detail == {"why": "from_the_future"}


def test_without_a_known_key_nothing_is_believed(station: Station, settings: Any) -> None:
    told = signed(slip(asked(station)), settings)
    settings.SLIP_KEYS = []
    assert actions_police.take_notice(told=told) is None


def test_who_is_right_by_now_is_left_as_he_is(station: Station, settings: Any) -> None:
    request = asked(station)
    judged(request.person, "right")
    assert actions_police.take_notice(told=signed(slip(request), settings))
    assert born(request) == "1967-09-03"


@pytest.mark.parametrize(
    ("word", "step", "state"),
    [
        ("register_corrected", Step.POLICE_REGISTER_CORRECTED, "unchecked"),
        ("not_resident", Step.POLICE_NOT_RESIDENT, "wrong"),
        ("not_confirmed", Step.POLICE_NOT_CONFIRMED, "wrong"),
    ],
)
def test_an_outcome_without_a_value_changes_no_person(
    station: Station, settings: Any, word: str, step: Step, state: str
) -> None:
    request = asked(station)
    said = PersonStatement.objects.count()
    assert actions_police.take_notice(told=signed(outcome(request, word), settings))
    assert CleaningStep.objects.latest("id").step == step
    assert (PersonStatement.objects.count(), states.of(request.person_id).state) == (said, state)


class Wire:
    """The other side, as far as one call goes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.notices: list[dict[str, Any]] = []
        self.answer: Any = None
        monkeypatch.setattr(exchange, "call", self.call)

    def call(self, what: str, content: dict[str, Any], **_: Any) -> Any:
        self.sent.append((what, content))
        if self.answer is not None:
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer
        if what == "notices":
            return {"notices": [one for one in self.notices if one["number"] > content["after"]][:2]}
        return {"answers": [{"id": one["id"], "answer": "taken"} for one in content["records"]]}


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    return Wire(monkeypatch)


def test_requests_go_out_once_with_the_field_in_doubt(station: Station, wire: Wire) -> None:
    request = asked(station)
    ConfirmationRequest.objects.update(taken_at=None)
    assert (actions_police.send_requests(), actions_police.send_requests()) == (1, 0)
    [(what, content)] = wire.sent
    assert what == "confirmations"
    [record] = content["records"]
    assert (record["id"], record["field"], record["birth_date"]) == (str(request.id), "birth_date", "1967-09-03")
    assert (record["commune"], len(record["number"])) == ("00001", 12)


def test_who_was_cured_meanwhile_is_withdrawn(station: Station, wire: Wire) -> None:
    request = asked(station)
    judged(request.person, "right")
    actions.settle(person_ids=[request.person_id])
    actions_police.send_requests()
    actions_police.send_requests()
    assert [content["withdrawn"] for _, content in wire.sent] == [[str(request.id)]]


@pytest.mark.parametrize(
    "answer", [exchange.NoAnswerError("down"), {}, {"answers": []}, {"answers": [1]}, {"answers": None}, []]
)
def test_a_side_that_is_down_or_talks_nonsense_has_taken_nothing(station: Station, wire: Wire, answer: Any) -> None:
    asked(station)
    ConfirmationRequest.objects.update(taken_at=None)
    wire.answer = answer
    assert actions_police.send_requests() == 0
    assert actions_police.take_notices() == {}
    assert ConfirmationRequest.objects.get().taken_at is None


def test_what_the_other_side_cannot_read_is_noted_and_not_sent_again(station: Station, wire: Wire) -> None:
    asked(station)
    ConfirmationRequest.objects.update(taken_at=None)
    wire.answer = {"answers": [{"answer": "unreadable", "field": "address"}]}
    actions_police.send_requests()
    assert ConfirmationRequest.objects.get().fault == "unreadable"
    wire.sent.clear()
    actions_police.send_requests()
    assert wire.sent == []


def test_notices_are_taken_page_after_page_from_the_last_one_on(station: Station, wire: Wire, settings: Any) -> None:
    requests = [asked(station) for _ in range(5)]
    wire.notices = [signed(slip(one, number=place + 1), settings) for place, one in enumerate(requests)]
    assert actions_police.take_notices() == {one.person_id: 1 for one in requests}
    wire.sent.clear()
    assert actions_police.take_notices() == {}
    assert wire.sent == [("notices", {"after": 5})]


def test_a_notice_that_is_not_believed_yet_is_not_passed_over(station: Station, wire: Wire, settings: Any) -> None:
    requests, (private, public) = [asked(station) for _ in range(3)], signed_notice.new_key()
    bodies = [slip(one, number=place + 1) for place, one in enumerate(requests)]
    wire.notices = [signed(bodies[0], settings), signed(bodies[1], settings, private), signed(bodies[2], settings)]
    assert actions_police.take_notices() == {requests[0].person_id: 1}
    settings.SLIP_KEYS = [*settings.SLIP_KEYS, public]
    assert actions_police.take_notices() == {one.person_id: 1 for one in requests[1:]}


def test_a_number_that_nobody_signed_does_not_move_the_place_from_which_we_go_on(
    station: Station, wire: Wire, settings: Any
) -> None:
    wire.notices = [{**signed(slip(asked(station)), settings), "number": 2**40}]
    actions_police.take_notices()
    assert PoliceNotice.objects.get().number == 1


def test_the_value_stands_nowhere_in_plain_but_in_the_person(station: Station, settings: Any) -> None:
    request = asked(station)
    actions_police.take_notice(told=signed(slip(request), settings))
    assert PoliceNotice.objects.get().body  # read back in plain
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM cleaning_policenotice")
        [(kept,)] = cursor.fetchall()
    assert b"1967" not in bytes(kept)
    assert CleaningTask.objects.get().closed_at is None
