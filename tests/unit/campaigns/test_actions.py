"""Campaigns, registrations and sessions."""

from datetime import timedelta

import pytest

from tests.unit.campaigns.made import a_campaign, a_facility, a_history, a_session, head_of, registered
from tests.unit.people.made import declared
from tiemchung.campaigns.actions import withdraw
from tiemchung.campaigns.models import Campaign, Registration, Session
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_a_campaign_is_opened_once():
    assert a_campaign() == a_campaign()
    assert Campaign.objects.count() == 1


def test_a_registration_keeps_wish_history_and_consent():
    registration = registered(history=a_history(allergy="yes"), part_of_day="morning", wanted_from=clock.today())
    registration.refresh_from_db()
    assert registration.history["allergy"] == "yes"
    assert registration.part_of_day == "morning"
    assert registration.consented_at is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"priority_group": 0}, "priority_group"),
        ({"priority_group": 17}, "priority_group"),
        ({"part_of_day": "night"}, "part_of_day"),
        ({"history": {}}, "history.anaphylaxis"),
        ({"history": a_history(allergy="perhaps")}, "history.allergy"),
        ({"history": a_history(shoe_size="no")}, "history.shoe_size"),
        ({"consent": False}, "consent"),
    ],
)
def test_a_registration_that_lacks_something_names_the_field(changes, field):
    with pytest.raises(InvalidInputError) as refused:
        registered(**changes)
    assert refused.value.field == field
    assert not Registration.objects.exists()


def test_a_day_that_has_passed_cannot_be_wished_for():
    with pytest.raises(InvalidInputError) as refused:
        registered(wanted_from=clock.today() - timedelta(days=1))
    assert refused.value.field == "wanted_from"


def test_a_man_need_not_answer_what_women_are_asked():
    history = a_history()
    del history["pregnant_or_breastfeeding"]
    assert registered(history=history).history == history


def test_a_woman_must_answer_what_women_are_asked():
    history = a_history()
    del history["pregnant_or_breastfeeding"]
    with pytest.raises(InvalidInputError) as refused:
        registered(history=history, person_id=declared(sex="female").id)
    assert refused.value.field == "history.pregnant_or_breastfeeding"


def test_a_site_registers_without_history_as_paper_holds_it():
    assert registered(source=Registration.Source.SITE, history={}, consent=False).consented_at is None


def test_registering_twice_is_a_conflict():
    first = registered()
    with pytest.raises(ConflictError) as refused:
        registered(person_id=first.person_id)
    assert refused.value.code == "already_registered"


def test_the_same_registration_sent_again_gives_what_is_there():
    first = registered(registration_id=(chosen := new_id()))
    assert registered(registration_id=chosen, person_id=first.person_id) == first


def test_nobody_can_be_registered_who_is_not_known():
    with pytest.raises(NotFoundError):
        registered(person_id=new_id())


def test_who_withdrew_may_register_again():
    first = registered()
    withdraw(registration_id=first.id, by=None)
    assert registered(person_id=first.person_id) != first


def test_withdrawing_twice_is_harmless():
    first = registered()
    moment = withdraw(registration_id=first.id, by=None).withdrawn_at
    assert withdraw(registration_id=first.id, by=None).withdrawn_at == moment


def test_withdrawing_nothing_is_refused():
    with pytest.raises(NotFoundError):
        withdraw(registration_id=new_id(), by=None)


def test_the_audit_of_a_registration_holds_no_history():
    registered(history=a_history(allergy="yes"))
    assert AuditEntry.objects.get(act="campaigns.register").detail == {"priority_group": 15, "source": "self"}


def test_a_session_is_held_by_its_facility():
    facility = a_facility()
    session = a_session(facility)
    assert (session.facility, session.part, session.product, session.capacity) == (facility, "morning", "PF", 8)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"part": "night"}, "part"), ({"product": "XX"}, "product"), ({"capacity": 0}, "capacity")],
)
def test_a_session_that_cannot_be_names_the_field(changes, field):
    with pytest.raises(InvalidInputError) as refused:
        a_session(**changes)
    assert refused.value.field == field


def test_a_session_in_the_past_is_refused():
    with pytest.raises(InvalidInputError) as refused:
        a_session(on=clock.today() - timedelta(days=1))
    assert refused.value.field == "on"


def test_a_session_of_another_facility_is_out_of_scope():
    other = a_facility(code="T-2")
    with pytest.raises(NotAllowedError):
        a_session(by=head_of(other))


def test_one_session_a_half_day_and_product():
    facility = a_facility()
    a_session(facility)
    with pytest.raises(ConflictError) as refused:
        a_session(facility)
    assert refused.value.code == "session_exists"
    assert a_session(facility, part=Session.Part.AFTERNOON).part == "afternoon"


def test_a_session_sent_again_gives_what_is_there():
    facility, chosen = a_facility(), new_id()
    assert a_session(facility, session_id=chosen) == a_session(facility, session_id=chosen)


def test_the_sessions_of_a_day_stay_within_the_facilitys_capacity():
    facility = a_facility(daily_capacity=10)
    a_session(facility)
    with pytest.raises(ConflictError) as refused:
        a_session(facility, part=Session.Part.AFTERNOON, capacity=3)
    assert refused.value.code == "over_daily_capacity"
    assert a_session(facility, part=Session.Part.AFTERNOON, capacity=2).capacity == 2
