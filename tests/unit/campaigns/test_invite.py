"""Who is invited to a session, when, and how he is told."""

from datetime import timedelta

import pytest

from tests.unit.campaigns.made import a_facility, a_session, head_of, registered
from tests.unit.people.made import a_commune, declared
from tiemchung.campaigns import lookup
from tiemchung.campaigns.actions import invite, withdraw
from tiemchung.campaigns.models import Invitation, Registration, Session
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError, NotAllowedError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.messages.models import Message

pytestmark = pytest.mark.django_db


def all_due(session, person_ids):
    return person_ids


def invited(session, **changes):
    asked = {"session_id": session.id, "due": all_due, "by": head_of(session.facility)}
    return [each.registration_id for each in invite(**{**asked, **changes})]


def test_the_priority_group_comes_first_and_then_the_time_of_registration():
    session = a_session()
    late, early = registered(1), registered(2)
    health_worker = registered(3, priority_group=1)
    type(late).objects.filter(id=late.id).update(registered_at=clock.now() + timedelta(hours=1))
    assert invited(session) == [health_worker.id, early.id, late.id]


def test_no_more_are_invited_than_the_session_has_places_for():
    session = a_session(capacity=2)
    for n in range(1, 4):
        registered(n)
    assert len(invited(session)) == 2
    assert invited(session) == []


def test_a_limit_leaves_places_free():
    session = a_session()
    first, second = registered(1), registered(2)
    assert invited(session, limit=1) == [first.id]
    assert invited(session) == [second.id]


def test_only_who_is_due_is_invited():
    session = a_session()
    registered(1)
    due = registered(2)
    assert invited(session, due=lambda session, ids: {due.person_id}) == [due.id]


def test_who_withdrew_is_not_invited():
    session = a_session()
    withdraw(registration_id=registered(1).id, by=None)
    assert invited(session) == []


def test_who_withdrew_after_he_was_invited_has_no_appointment_and_leaves_his_place():
    session = a_session(capacity=1)
    first = registered(1)
    invited(session)
    withdraw(registration_id=first.id, by=None)
    assert lookup.coming_invitations([first.person_id]) == []
    second = registered(2)
    assert invited(session) == [second.id]


def test_who_withdrew_and_registered_again_is_invited_to_another_session():
    facility = a_facility()
    first = registered(1)
    invited(a_session(facility))
    withdraw(registration_id=first.id, by=None)
    again = Registration.objects.create(
        **{**_fields(first), "id": new_id(), "withdrawn_at": None, "registered_at": clock.now()}
    )
    assert invited(a_session(facility, part=Session.Part.AFTERNOON)) == [again.id]


def _fields(registration: Registration) -> dict[str, object]:
    return {each.attname: getattr(registration, each.attname) for each in registration._meta.fields}


def test_nobody_is_invited_to_two_sessions_that_are_still_to_come():
    facility = a_facility()
    registered(1)
    assert len(invited(a_session(facility))) == 1
    assert invited(a_session(facility, part=Session.Part.AFTERNOON)) == []


def test_who_did_not_come_to_an_earlier_session_is_invited_again():
    facility = a_facility()
    earlier = a_session(facility)
    registered(1)
    invited(earlier)
    Session.objects.filter(id=earlier.id).update(on=clock.today() - timedelta(days=1))
    assert len(invited(a_session(facility))) == 1


@pytest.mark.parametrize(("wish", "invitations"), [("morning", 1), ("any", 1), ("afternoon", 0)])
def test_the_wished_half_of_the_day_is_kept(wish, invitations):
    session = a_session()
    registered(1, part_of_day=wish)
    assert len(invited(session)) == invitations


def test_nobody_is_invited_before_the_day_he_wished_for():
    session = a_session()
    registered(1, wanted_from=session.on + timedelta(days=1))
    assert invited(session) == []


def test_people_of_the_facilitys_district_are_invited_unless_another_area_is_asked_for():
    session = a_session()
    elsewhere = declared(identity_numbers=(), sex="male", residence_code=a_commune("00037"))
    far = registered(person_id=elsewhere.id)
    assert invited(session) == []
    assert invited(session, area_code="01") == [far.id]


def test_places_are_spread_over_the_hours_of_the_session():
    session = a_session()
    for n in range(1, 9):
        registered(n)
    invited(session)
    slots = Invitation.objects.order_by("invited_at", "id").values_list("slot_at", flat=True)
    assert [clock.local(slot).hour for slot in slots] == [7, 7, 8, 8, 9, 9, 10, 10]
    assert {clock.local(slot).date() for slot in slots} == {session.on}


def test_the_invited_get_a_message_that_names_person_time_and_place():
    session = a_session()
    registered(1)
    invited(session)
    message = Message.objects.get()
    assert message.to == "+84912345678"
    assert message.kind == "invitation"
    assert f"Mời Trần Văn Ab đến tiêm vắc xin Covid-19 lúc 07:00 ngày {session.on:%d/%m/%Y}" in message.text
    assert "Trạm Y tế phường Phúc Xá, 2 Nghĩa Dũng" in message.text


def test_who_left_no_phone_is_invited_without_a_message():
    session = a_session()
    registered(person_id=declared(sex="male", phone="", identity_numbers=(), residence_code=a_commune()).id)
    assert len(invited(session)) == 1
    assert not Message.objects.exists()


def test_more_than_one_batch_of_candidates_is_read_until_the_places_are_filled(monkeypatch):
    monkeypatch.setattr("tiemchung.campaigns.actions_invite.AT_ONCE", 2)
    session = a_session()
    last = [registered(n) for n in range(1, 6)][-1]
    assert invited(session, due=lambda session, ids: {last.person_id}) == [last.id]


def test_another_facilitys_session_is_out_of_scope():
    session = a_session()
    with pytest.raises(NotAllowedError):
        invited(session, by=head_of(a_facility(code="T-2")))


def test_a_session_that_has_passed_takes_nobody():
    session = a_session()
    Session.objects.filter(id=session.id).update(on=clock.today() - timedelta(days=1))
    with pytest.raises(ConflictError):
        invited(session)


def test_an_unknown_session_is_refused():
    with pytest.raises(NotFoundError):
        invite(session_id=new_id(), due=all_due, by=head_of(a_facility()))


def test_inviting_is_one_act():
    session = a_session()
    registered(1)
    registered(2)
    invited(session)
    assert AuditEntry.objects.get(act="campaigns.invite").detail == {"people": 2}
