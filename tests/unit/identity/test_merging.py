"""Two records become one human's with all that hangs on them, and two again exactly as they were."""

from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.asked import everything
from tests.device import Device
from tests.ledger import attested, enrol_keys, full_course, given_dose, judged
from tests.station import PASSWORD, Station, campaign, give, open_station, staff
from tests.unit.people.made import a_commune, citizen
from tiemchung.accounts.models import Account, Role
from tiemchung.campaigns.models import Invitation, Registration
from tiemchung.doses import actions as doses
from tiemchung.doses import course, histories
from tiemchung.doses.models import Dose, DoseFinding
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import ConflictError, NotAllowedError
from tiemchung.ground.ids import new_id
from tiemchung.identity import actions_duplicates as duplicates
from tiemchung.passports import actions_issue, actions_revoke, states
from tiemchung.passports.models import Passport, Revocation
from tiemchung.people import merges
from tiemchung.people.models import Holder, Merge, Person, Relation
from tiemchung.stock import balance
from tiemchung.visits.models import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def station() -> Station:
    found = open_station()
    enrol_keys(found.facility.id)
    return found


@pytest.fixture
def ministry() -> Account:
    return staff(Role.MINISTRY, None, "bo-y-te", "Bộ Y tế")


def merged(kept: Person, other: Person, by: Account) -> Merge:
    return duplicates.merge(kept_id=kept.id, merged_id=other.id, evidence={"reasons": []}, by=by)


def parted(one: Merge, by: Account) -> Merge:
    return duplicates.undo(merge_id=one.id, reason="Nhầm người", by=by)


def two_records(station: Station) -> tuple[Person, Person]:
    """One human whose second dose was written down as another person's first: the commonest duplicate."""
    kept = station.person(full_name="Bùi Thị Ngát", identity_numbers=(("cccd", "001167000001"),))
    other = station.person(full_name="Bui Thi Ngat", identity_numbers=(("cmnd", "012345670"),))
    given_dose(station, kept, date(2021, 9, 15))
    given_dose(station, other, date(2021, 12, 10), stated_number=2)
    return kept, other


def test_the_course_is_of_all_records(station: Station, ministry: Account) -> None:
    kept, other = two_records(station)
    assert [course.of(one.id).card for one in (kept, other)] == ["yellow", "yellow"]
    one = merged(kept, other, ministry)
    assert [course.of(one.id).card for one in (kept, other)] == ["green", "green"]
    assert len(course.of(other.id).doses) == 2
    parted(one, ministry)
    assert [course.of(one.id).card for one in (kept, other)] == ["yellow", "yellow"]


def test_no_dose_moves_and_none_is_lost(station: Station, ministry: Account) -> None:
    kept, other = two_records(station)
    before = list(Dose.objects.order_by("id").values())
    parted(merged(kept, other, ministry), ministry)
    merged(other, kept, ministry)
    assert list(Dose.objects.order_by("id").values()) == before


def test_one_injection_entered_twice_counts_once_until_somebody_has_looked(station: Station, ministry: Account) -> None:
    kept, other = station.person(), station.person()
    given_dose(station, kept, date(2021, 9, 15))
    twice = given_dose(station, other, date(2021, 9, 15))
    left = balance.left(station.facility.id, station.lot.id)
    one = merged(kept, other, ministry)
    finding = DoseFinding.objects.get(dose=twice, resolved_at=None)
    assert (finding.code, finding.facility_id) == ("merged_double", station.facility.id)
    assert len(course.of(kept.id).doses) == 1
    assert course.of(kept.id).barred
    assert balance.left(station.facility.id, station.lot.id) == left + 1
    parted(one, ministry)
    assert DoseFinding.objects.get(id=finding.id).resolution == "parted"
    assert [len(course.of(each.id).doses) for each in (kept, other)] == [1, 1]
    assert not course.of(other.id).barred
    assert balance.left(station.facility.id, station.lot.id) == left


def test_a_double_that_turns_out_to_be_a_dose_of_its_own_stands(station: Station, ministry: Account) -> None:
    kept, other = station.person(), station.person()
    given_dose(station, kept, date(2021, 9, 15))
    twice = given_dose(station, other, date(2021, 9, 18))
    left = balance.left(station.facility.id, station.lot.id)
    one = merged(kept, other, ministry)
    doses.resolve(finding_id=DoseFinding.objects.get(dose=twice, resolved_at=None).id, by=station.head)
    assert len(course.of(kept.id).doses) == 2
    assert balance.left(station.facility.id, station.lot.id) == left
    parted(one, ministry)
    merged(kept, other, ministry)
    assert not DoseFinding.objects.filter(resolved_at=None).exists(), "what was looked at is not asked again"


def test_a_double_that_is_voided_gives_its_dose_back_once(station: Station, ministry: Account) -> None:
    kept, other = station.person(), station.person()
    given_dose(station, kept, date(2021, 9, 15))
    twice = given_dose(station, other, date(2021, 9, 15))
    left = balance.left(station.facility.id, station.lot.id)
    merged(kept, other, ministry)
    doses.void(dose_id=twice.id, reason="Nhập hai lần", by=station.head)
    assert balance.left(station.facility.id, station.lot.id) == left + 1
    assert (len(course.of(kept.id).doses), course.of(kept.id).barred) == (1, False)


def test_passports_follow_by_themselves(station: Station, ministry: Account) -> None:
    kept, other = full_course(station), station.person()
    given_dose(station, other, date(2022, 4, 10), stated_number=3)
    for each in (kept, other):
        judged(each)
    attested(station, kept, other)
    actions_issue.issue_due(by=None)
    first = states.current(kept.id)
    assert first is not None
    one = merged(kept, other, ministry)
    assert (actions_revoke.revoke_stale(by=None), actions_issue.issue_due(by=None)) == (0, 1)
    boosted = states.current(kept.id)
    assert boosted is not None
    assert boosted.dose.person_id == other.id
    parted(one, ministry)
    actions_revoke.revoke_stale(by=None)
    actions_issue.issue_due(by=None)
    assert Revocation.objects.filter(passport=boosted).exists()
    assert states.current(kept.id) is not None
    assert states.current(kept.id).dose.person_id == kept.id
    assert states.current(other.id) is None


def test_a_merged_record_has_no_passport_of_its_own(station: Station, ministry: Account) -> None:
    kept, other = full_course(station), full_course(station)
    for each in (kept, other):
        judged(each)
    attested(station, kept, other)
    assert actions_issue.issue_due(by=None) == 2
    one = merged(kept, other, ministry)
    actions_revoke.revoke_stale(by=None)
    assert Revocation.objects.get(passport__person=other).reason == "merged"
    actions_issue.issue_due(by=None)
    assert Passport.objects.filter(person=other, revocation=None).count() == 0
    parted(one, ministry)
    actions_revoke.revoke_stale(by=None)
    actions_issue.issue_due(by=None)
    assert states.current(other.id) is not None
    assert states.current(kept.id) is not None


def test_a_device_that_knows_the_merged_record_goes_on_and_meets_the_human(
    station: Station, ministry: Account, client: Client
) -> None:
    kept, other = station.person(), station.person()
    client.login(username=station.nurse.username, password=PASSWORD)
    device = Device(client, station)
    visit_id = new_id()
    first = [device.checked_in(visit_id, other.id), device.screened(visit_id)]
    assert {answer["answer"] for answer in device.send(*first)} == {"accepted"}
    one = merged(kept, other, ministry)
    assert {answer["answer"] for answer in device.send(device.injected(visit_id))} <= {
        "accepted", "accepted_with_findings",
    }  # fmt: skip
    again = device.send(device.checked_in(new_id(), kept.id))
    assert [found["code"] for found in again[0]["findings"]] == ["already_checked_in"]
    assert Visit.objects.count() == 1
    assert len(histories.of_many([kept.id])[kept.id]) == 1
    parted(one, ministry)
    assert histories.of_many([kept.id])[kept.id] == []
    assert len(histories.of_many([other.id])[other.id]) == 1


def test_a_dose_too_early_is_seen_across_the_records_until_they_part(station: Station, ministry: Account) -> None:
    kept, other = station.person(), station.person()
    give(station, kept, days_ago=3)
    one = merged(kept, other, ministry)
    left = balance.left(station.facility.id, station.lot.id)
    dose = give(station, other, days_ago=1)
    finding = DoseFinding.objects.get(dose=dose, code="possible_double")
    assert balance.left(station.facility.id, station.lot.id) == left
    parted(one, ministry)
    finding.refresh_from_db()
    assert finding.resolution == "parted"
    assert [len(course.of(each.id).doses) for each in (kept, other)] == [1, 1]
    assert not course.of(other.id).barred
    assert balance.left(station.facility.id, station.lot.id) == left - 1
    merged(kept, other, ministry)
    assert (len(course.of(kept.id).doses), balance.left(station.facility.id, station.lot.id)) == (1, left)


def test_a_double_of_both_records_stays_one_of_its_own_when_they_part(station: Station, ministry: Account) -> None:
    kept, other = station.person(), station.person()
    give(station, kept, days_ago=9)
    own = give(station, other, days_ago=1)
    one = merged(kept, other, ministry)
    twice = give(station, other, days_ago=5)
    finding = DoseFinding.objects.get(dose=twice, code="possible_double")
    assert finding.other.person_id == kept.id
    parted(one, ministry)
    finding.refresh_from_db()
    assert (finding.other_id, finding.resolved_at) == (own.id, None)
    assert len(course.of(other.id).doses) == 1


def test_a_correction_of_a_dose_stays_with_its_record(station: Station, ministry: Account) -> None:
    kept, other = two_records(station)
    one = merged(kept, other, ministry)
    (dose,) = Dose.objects.filter(person=other)
    doses.supersede(dose_id=dose.id, by=station.head, lot_number="KHAC")
    parted(one, ministry)
    assert [entry.lot_number for entry in histories.of_many([other.id])[other.id]] == ["KHAC"]


def test_who_registered_twice_is_invited_once(station: Station, ministry: Account) -> None:
    from tiemchung.campaigns.actions_invite import invite

    kept, other = station.person(), station.person()
    for number, each in enumerate((kept, other)):
        Registration.objects.create(
            campaign=campaign(), person=each, priority_group=9, source="self",
            consented_at=clock.now(), registered_at=clock.now() + timedelta(minutes=number),
        )  # fmt: skip
    one = merged(kept, other, ministry)
    assert len(invite(session_id=station.session.id, due=lambda _, ids: set(ids), by=station.head)) == 1
    assert Invitation.objects.get().person_id == kept.id
    parted(one, ministry)
    assert len(invite(session_id=station.session.id, due=lambda _, ids: set(ids), by=station.head)) == 1


def test_only_who_has_both_records_in_his_area_decides(station: Station) -> None:
    kept, other = station.person(), station.person(residence_code=a_commune("00004"))
    of_commune, of_district = (
        staff(role, None, f"tk-{role}", "Tài khoản") for role in (Role.COMMUNE_HEALTH_STATION, Role.DISTRICT)
    )
    for nobody in (of_commune, station.head, staff(Role.COMMUNE_POLICE, None, "ca", "Công an xã")):
        with pytest.raises(NotAllowedError):
            merged(kept, other, nobody)
    one = merged(kept, other, of_district)
    with pytest.raises(NotAllowedError):
        parted(one, of_commune)
    assert parted(one, of_district).undone_by == of_district.id


def filled(station: Station) -> list[Person]:
    """Three records with all that can hang on one: numbers, phones, holders, doses, doubles, looks, passports."""
    people = [full_course(station), station.person(), station.person(identity_numbers=())]
    given_dose(station, people[1], date(2021, 9, 15))
    given_dose(station, people[2], date(2022, 3, 20), stated_number=3)
    for number, each in enumerate(people):
        account = citizen(f"09876543{number:02}")
        Holder.objects.create(account=account, person=each, relation=Relation.SELF, since=clock.now())
        audit.read(person_id=each.id, by=station.nurse.id, reason="scan", facility_id=station.facility.id)
        Registration.objects.create(
            campaign=campaign(), person=each, priority_group=9, source="self",
            consented_at=clock.now(), registered_at=clock.now(),
        )  # fmt: skip
    judged(people[0])
    judged(people[1], "wrong", {"birth_date": "other"})
    attested(station, people[0], people[1])
    actions_issue.issue_due(by=None)
    return people


PAIRS = [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PAIRS), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_merging_and_undoing_in_any_order_changes_nothing_that_anybody_is_told(station, ministry, pairs, random):
    from django.db import transaction

    with transaction.atomic():
        people = filled(station)
        before, made = everything(people), []
        for kept, other in pairs:
            try:
                made.append(merged(people[kept], people[other], ministry))
            except ConflictError:
                continue
        assert everything(people) != before
        random.shuffle(made)
        for one in made:
            parted(one, ministry)
        assert everything(people) == before
        assert merges.kept_of(person.id for person in people) == {person.id: person.id for person in people}
        transaction.set_rollback(True)
