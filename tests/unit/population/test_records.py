"""Records for commune police: what comes in, who sees it, what is decided, and what then goes out."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.unit.population.police import COMMUNE, officer, pages, record, signed_in
from tests.unit.population.register import HANH, NUMBER, ask, enrol
from tiemchung.ground import signed_notice
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.population import actions_records
from tiemchung.population.actions_records import Said, decide
from tiemchung.population.models import Act, Confirmation, Decision, Notice, RegisterChange
from tiemchung.population.records import search

__all__ = ["pages"]
pytestmark = pytest.mark.django_db
KIND = Decision.Kind
CARD = "card_seen"


def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Notice.objects.get().body)
    return found


def test_the_same_record_again_is_taken_again_and_another_under_its_id_is_a_conflict() -> None:
    found = record()
    said = {name: getattr(found, name) for name in Said.__annotations__}
    assert actions_records.receive(said=Said(**said)) == "taken"
    assert actions_records.receive(said=Said(**said | {"full_name": "Somebody else"})) == "conflict"
    assert Confirmation.objects.count() == 1


def test_it_goes_where_the_register_has_who_is_plainly_meant() -> None:
    enrol(residence_code="00004")
    assert record().commune_code == "00004"


def test_a_number_of_somebody_else_does_not_move_the_record_to_him() -> None:
    enrol(full_name="Đặng Quang Lộc", birth_date="1957-03-29", sex="male", residence_code="00004")
    assert record().commune_code == COMMUNE


def test_confirming_sends_one_field_signed() -> None:
    citizen = enrol(residence_code=COMMUNE)
    found, known = record(), officer()
    decide(confirmation_id=found.id, kind=KIND.CONFIRM, officer=known, citizen_id=citizen.id, ground=CARD)
    slip = told()
    assert slip == {
        "number": 1,
        "id": str(Decision.objects.get().id),
        "kind": "slip",
        "record": str(found.id),
        "field": "birth_date",
        "value": "1984-11-18",
        "officer": str(known.id),
        "ground": CARD,
        "at": Decision.objects.get().decided_at.isoformat(),
    }


def test_the_signature_is_that_of_the_key_over_every_word(settings: Any) -> None:
    citizen = enrol(residence_code=COMMUNE)
    decide(confirmation_id=record().id, kind=KIND.CONFIRM, officer=officer(), citizen_id=citizen.id, ground=CARD)
    notice = Notice.objects.get()
    assert signed_notice.is_genuine(notice.body, notice.signature, key=notice.key, known=settings.SLIP_KEYS)
    forged = notice.body.replace("1984-11-18", "1984-11-19")
    assert not signed_notice.is_genuine(forged, notice.signature, key=notice.key, known=settings.SLIP_KEYS)


def test_correcting_the_register_takes_what_health_said_and_sends_no_value() -> None:
    citizen = enrol(residence_code=COMMUNE, birth_date="1984-12-18")
    found = record(birth_date="1984-11-18")
    decide(confirmation_id=found.id, kind=KIND.CORRECT_REGISTER, officer=officer(), citizen_id=citizen.id, ground=CARD)
    citizen.refresh_from_db()
    assert citizen.birth_date == "1984-11-18"
    assert (told()["kind"], told()["outcome"], "value" in told()) == ("outcome", "register_corrected", False)
    assert ask().verdict == "right"


def test_a_number_that_the_register_lacked_becomes_one_more_of_the_citizen() -> None:
    citizen = enrol(residence_code=COMMUNE)
    found = record(number="013245679", field="number", birth_date=HANH["birth_date"])
    decide(confirmation_id=found.id, kind=KIND.CORRECT_REGISTER, officer=officer(), citizen_id=citizen.id, ground=CARD)
    assert ask(number="013245679").verdict == "right"
    assert ask(number=NUMBER).verdict == "right"


def test_a_citizen_does_not_get_the_twelve_digits_of_another() -> None:
    citizen = enrol("001184000917", residence_code=COMMUNE)
    enrol(NUMBER, full_name="Vi Thị Hoa")
    found, by = record(number=NUMBER, field="number", birth_date=HANH["birth_date"]), officer()
    with pytest.raises(ConflictError) as refused:
        decide(confirmation_id=found.id, kind=KIND.CORRECT_REGISTER, officer=by, citizen_id=citizen.id, ground=CARD)
    assert (refused.value.code, refused.value.field) == ("number_taken", "number")
    assert [one.value for one in citizen.numbers.all()] == ["001184000917"]
    assert not Decision.objects.exists()
    assert not RegisterChange.objects.exists()


def test_an_old_number_that_two_citizens_were_given_is_added() -> None:
    citizen = enrol(residence_code=COMMUNE)
    enrol("013245679", full_name="Vi Thị Hoa")
    found = record(number="013245679", field="number", birth_date=HANH["birth_date"])
    decide(confirmation_id=found.id, kind=KIND.CORRECT_REGISTER, officer=officer(), citizen_id=citizen.id, ground=CARD)
    assert citizen.numbers.filter(value="013245679").exists()


@pytest.mark.parametrize("kind", [KIND.UNKNOWN, KIND.SOMEBODY_ELSE])
def test_somebody_else_reads_the_same_as_unknown(kind: Decision.Kind) -> None:
    decide(confirmation_id=record().id, kind=kind, officer=officer())
    assert told()["outcome"] == "not_confirmed"


def test_the_same_decision_again_changes_nothing_and_another_is_refused() -> None:
    found, known = record(), officer()
    first = decide(confirmation_id=found.id, kind=KIND.NOT_RESIDENT, officer=known)
    assert decide(confirmation_id=found.id, kind=KIND.NOT_RESIDENT, officer=known) == first
    with pytest.raises(ConflictError, match="decided_already"):
        decide(confirmation_id=found.id, kind=KIND.UNKNOWN, officer=known)
    assert Notice.objects.count() == 1


def test_a_record_of_another_commune_is_not_there() -> None:
    with pytest.raises(NotFoundError):
        decide(confirmation_id=record().id, kind=KIND.UNKNOWN, officer=officer("00004"))


def test_a_citizen_of_another_commune_can_neither_be_seen_nor_vouched_for() -> None:
    stranger = enrol(residence_code="00004", full_name="Đặng Quang Lộc")
    found = record(full_name="Đặng Quang Lộc", number="")
    assert search(found).candidates == ()
    with pytest.raises(InvalidInputError) as refused:
        decide(confirmation_id=found.id, kind=KIND.CONFIRM, officer=officer(), citizen_id=stranger.id, ground=CARD)
    assert refused.value.field == "citizen"


@pytest.mark.parametrize("ground", ["", "because"])
def test_vouching_needs_a_ground(ground: str) -> None:
    citizen = enrol(residence_code=COMMUNE)
    with pytest.raises(InvalidInputError) as refused:
        decide(confirmation_id=record().id, kind=KIND.CONFIRM, officer=officer(), citizen_id=citizen.id, ground=ground)
    assert refused.value.field == "ground"
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"birth_date": "1984-13-40"}, "birth_date"), ({"field": "sex", "sex": "unknown"}, "sex")],
)
def test_what_the_register_cannot_hold_does_not_go_in(changes: dict[str, str], field: str) -> None:
    citizen = enrol(residence_code=COMMUNE)
    found = record(**changes)
    with pytest.raises(InvalidInputError) as refused:
        decide(
            confirmation_id=found.id,
            kind=KIND.CORRECT_REGISTER,
            officer=officer(),
            citizen_id=citizen.id,
            ground=CARD,
        )
    assert refused.value.field == field


def test_without_a_key_nothing_is_decided(settings: Any) -> None:
    settings.SLIP_KEY = ""
    with pytest.raises(ConflictError, match="no_slip_key"):
        decide(confirmation_id=record().id, kind=KIND.UNKNOWN, officer=officer())
    assert not Decision.objects.exists()


def test_a_record_that_is_needed_no_more_is_not_decided() -> None:
    found = record()
    assert actions_records.withdraw(ids=[found.id, new_id()]) == 1
    with pytest.raises(ConflictError, match="withdrawn"):
        decide(confirmation_id=found.id, kind=KIND.UNKNOWN, officer=officer())


def test_the_page_shows_both_sides_and_takes_the_decision(pages: Client) -> None:
    signed_in(pages)
    citizen, found = enrol(residence_code=COMMUNE), record()
    assert "Nguyễn Thị Thu Hạnh" in pages.get("/").content.decode()
    text = pages.get(f"/ho-so/{found.id}/").content.decode()
    assert "1984" in text
    assert "18/11/1984" in text
    answer = pages.post(f"/ho-so/{found.id}/", {"kind": "confirm", "citizen": str(citizen.id), "ground": CARD})
    assert answer.status_code == 302
    assert told()["value"] == "1984-11-18"
    assert "1 hồ sơ đã kết luận" in pages.get("/?xong").content.decode()
    assert set(Act.objects.values_list("act", flat=True)) >= {"list", "look", "decide", "receive"}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Chưa chọn kết luận"),
        ({"kind": "confirm"}, "Chưa chọn công dân"),
        ({"kind": "confirm", "citizen": "x"}, "Chưa chọn công dân"),
        ({"kind": "bribe"}, "Chưa chọn kết luận"),
    ],
)
def test_a_decision_that_lacks_something_says_what(pages: Client, sent: dict[str, str], words: str) -> None:
    signed_in(pages)
    found = record()
    answer = pages.post(f"/ho-so/{found.id}/", sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_no_page_of_another_commune_opens(pages: Client) -> None:
    signed_in(pages, "00004")
    found = record()
    assert pages.get(f"/ho-so/{found.id}/").status_code == 404
    assert pages.post(f"/ho-so/{found.id}/", {"kind": "unknown"}).status_code == 404
    assert "Hạnh" not in pages.get("/").content.decode()


def test_nothing_opens_for_nobody(pages: Client) -> None:
    found = record()
    for path in ("/", f"/ho-so/{found.id}/"):
        assert pages.get(path).headers["Location"] == "/dang-nhap/"
        assert pages.post(path, {"kind": "unknown"}).status_code == 302
    assert not Decision.objects.exists()
