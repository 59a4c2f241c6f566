"""Passports: who gets one, what it says, when the next one comes. It is checked by our own verifier."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from tests.connections import another
from tests.ledger import attested, enrol_key, enrol_keys, full_course, given_dose, judged, signed_day
from tests.practice import DEMO_DAY
from tests.station import Station, open_station
from tiemchung.doses import actions as doses
from tiemchung.doses.models import Dose
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError
from tiemchung.ground.models import AuditEntry
from tiemchung.ground.rows import Planned
from tiemchung.hcert import Status
from tiemchung.messages.models import Message
from tiemchung.passports import actions, actions_issue, actions_revoke, keys, states, verification
from tiemchung.passports.models import Passport, SignerCertificate
from tiemchung.passports.states import PassportState
from tiemchung.passports.tasks import keep_passports
from tiemchung.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def station() -> Station:
    found = open_station()
    enrol_keys(found.facility.id)
    return found


def issued_to(person: Person) -> Passport:
    passport = states.current(person.id)
    assert passport is not None
    return passport


def test_who_is_verified_complete_and_attested_gets_a_passport() -> None:
    day = signed_day(people=3)
    assert actions_issue.issue_due(by=None) == 3
    for person in day.people:
        assert states.of(issued_to(person)) == PassportState.VALID


def test_a_passport_is_valid_to_our_own_verifier_and_says_what_the_record_says(station: Station) -> None:
    person = full_course(station, full_name="Đặng Thị Thuỷ")
    judged(person)
    attested(station, person)
    actions_issue.issue_due(by=None)
    verdict = verification.verify(issued_to(person).text)
    assert (verdict.status, verdict.code) == (Status.VALID, "OK")
    content = verdict.content
    assert content["nam"] == {"fn": "Đặng", "fnt": "DANG", "gn": "Thị Thuỷ", "gnt": "THI<THUY"}
    assert content["dob"] == "1967-09-03"
    entry = content["v"][0]
    assert (entry["dn"], entry["sd"], entry["dt"], entry["mp"]) == (2, 2, "2021-12-10", "EU/1/21/1529")
    assert entry["ci"] == issued_to(person).uvci


@pytest.mark.parametrize(
    ("written", "family", "given"),
    [
        ("Bùi", None, None),
        ("Tôn Nữ Thị Hoa", "TON<NU", "THI<HOA"),
        ("Y Thịnh Êban", "EBAN", "Y<THINH"),
        ("Nguyễn Thị Thu Hạnh", "NGUYEN", "THI<THU<HANH"),
    ],
)
def test_names_are_written_for_an_officer_who_reads_latin(
    station: Station, written: str, family: str | None, given: str | None
) -> None:
    person = full_course(station, full_name=written)
    judged(person)
    attested(station, person)
    assert actions_issue.issue_due(by=None) == 1
    name = verification.verify(issued_to(person).text).content["nam"]
    assert (name.get("fnt") if family else None, name.get("gnt")) == (family, given)


def test_a_birth_year_alone_is_stated_as_such(station: Station) -> None:
    person = full_course(station, birth_date="1967")
    judged(person)
    attested(station, person)
    actions_issue.issue_due(by=None)
    assert verification.verify(issued_to(person).text).content["dob"] == "1967"


def test_it_lasts_twelve_months_by_the_form_in_force() -> None:
    [person] = signed_day(people=1).people
    actions_issue.issue_due(by=None)
    passport = issued_to(person)
    assert passport.form == "vn-5772"
    assert clock.local(passport.expires_at).date() == date(2023, 5, 14)


@pytest.mark.parametrize("verdict", ["wrong", "unknown", ""])
def test_who_is_not_verified_gets_none(station: Station, verdict: str) -> None:
    person = full_course(station)
    judged(person, verdict)
    attested(station, person)
    assert actions_issue.issue_due(by=None) == 0


def test_who_has_one_dose_of_two_gets_none(station: Station) -> None:
    person = station.person()
    given_dose(station, person, date(2021, 12, 10))
    judged(person)
    attested(station, person)
    assert actions_issue.issue_due(by=None) == 0


def test_who_has_a_dose_that_nobody_attested_gets_none(station: Station) -> None:
    person = full_course(station)
    judged(person)
    first = Dose.objects.filter(person=person).earliest("injected_at")
    actions.attest(facility_id=station.facility.id, dose_ids=[first.id], by=station.head.id)
    assert actions_issue.issue_due(by=None) == 0
    second = Dose.objects.filter(person=person).latest("injected_at")
    actions.attest(facility_id=station.facility.id, dose_ids=[second.id], by=station.head.id)
    assert actions_issue.issue_due(by=None) == 1


def test_who_has_an_open_finding_gets_none_until_it_is_resolved(station: Station) -> None:
    person = full_course(station)
    judged(person)
    odd = doses.report(
        person_id=person.id, product="AZ", lot_number="KHONGCO", injected_at=clock.now() - timedelta(days=30),
        by=station.head,
    )  # fmt: skip
    actions.attest(
        facility_id=station.facility.id,
        dose_ids=[one.id for one in Dose.objects.filter(person=person).exclude(id=odd.id)],
        by=station.head.id,
    )
    assert actions_issue.issue_due(by=None) == 0
    for finding in odd.findings.all():
        doses.resolve(finding_id=finding.id, by=station.head)
    actions.attest(facility_id=station.facility.id, dose_ids=[odd.id], by=station.head.id)
    assert actions_issue.issue_due(by=None) == 1


def test_who_changes_between_the_look_and_the_lock_gets_none(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    person = full_course(station)
    judged(person)
    attested(station, person)
    look = actions_issue._changed

    def look_and_then_a_late_dose_comes(*among: Any) -> Any:
        found = look(*among)
        if found:
            given_dose(station, person, date(2022, 5, 13))
        return found

    monkeypatch.setattr(actions_issue, "_changed", look_and_then_a_late_dose_comes)
    assert actions_issue.issue_due(by=None) == 0


@pytest.mark.django_db(transaction=True)
def test_nobody_is_certified_twice_for_one_thing() -> None:
    signed_day(people=2)
    assert actions_issue.issue_due(by=None, limit=1) == 2
    assert actions_issue.issue_due(by=None) == 0
    assert Passport.objects.count() == 2


def test_a_booster_brings_a_passport_of_its_own_and_the_first_one_stays_good(station: Station) -> None:
    person = full_course(station)
    judged(person)
    attested(station, person)
    actions_issue.issue_due(by=None)
    booster = given_dose(station, person, date(2022, 4, 2))
    actions.attest(facility_id=station.facility.id, dose_ids=[booster.id], by=station.head.id)
    assert actions_revoke.revoke_stale(by=None) == 0
    assert actions_issue.issue_due(by=None) == 1
    first, second = Passport.objects.order_by("id")
    assert verification.verify(second.text).content["v"][0]["dn"] == 3
    assert verification.verify(first.text).status == Status.VALID
    assert states.current(person.id) == second


def test_a_new_one_is_made_four_weeks_before_the_old_one_ends(settings: Any) -> None:
    [person] = signed_day(people=1).people
    actions_issue.issue_due(by=None)
    enrol_key(keys.PASSPORT, life=timedelta(days=1500))
    settings.CLOCK_OFFSET += timedelta(days=330)
    assert actions_issue.issue_due(by=None) == 0
    settings.CLOCK_OFFSET += timedelta(days=10)
    assert actions_issue.issue_due(by=None) == 1
    assert actions_issue.issue_due(by=None) == 0
    assert Passport.objects.filter(person=person).count() == 2


def test_a_key_that_ends_soon_bounds_the_passport_and_does_not_renew_it_every_minute(station: Station) -> None:
    SignerCertificate.objects.filter(use=keys.PASSPORT).update(withdrawn_at=clock.now())
    certificate = enrol_key(keys.PASSPORT, life=timedelta(days=10))
    person = full_course(station)
    judged(person)
    attested(station, person)
    assert actions_issue.issue_due(by=None) == 1
    assert issued_to(person).expires_at == certificate.not_after
    assert actions_issue.issue_due(by=None) == 0


@pytest.mark.django_db(transaction=True)
def test_more_than_a_batch_is_signed_on_all_cores_with_the_same_result() -> None:
    day = signed_day(people=3)
    assert actions_issue.issue_due(by=None, limit=2) == 3
    texts = {person.id: issued_to(person).text for person in day.people}
    assert {verification.verify(text).code for text in texts.values()} == {"OK"}
    assert AuditEntry.objects.filter(act="passports.issue").count() == 2


def test_killed_between_signing_and_storing_nothing_is_lost_and_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    signed_day(people=2)
    with monkeypatch.context() as broken:
        broken.setattr(actions_issue.Planned, "write", killed)
        with pytest.raises(KeyboardInterrupt):
            actions_issue.issue_due(by=None)
    assert (Passport.objects.count(), Message.objects.filter(kind="passport").count()) == (0, 0)
    assert actions_issue.issue_due(by=None) == 2
    assert actions_issue.issue_due(by=None) == 0
    assert Message.objects.filter(kind="passport").count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("as_who", "may"), [("KEY SHARE", True), ("NO KEY UPDATE", False), ("UPDATE", False)])
def test_while_passports_are_made_people_check_in_and_nobody_enters_doses_or_merges(
    monkeypatch: pytest.MonkeyPatch, as_who: str, may: bool
) -> None:
    [person] = signed_day(people=1).people
    seen, store = [], actions_issue.Planned.write

    def somebody_comes_then_store(planned: Planned) -> None:
        seen.append(may_lock(person, as_who))
        store(planned)

    monkeypatch.setattr(actions_issue.Planned, "write", somebody_comes_then_store)
    assert actions_issue.issue_due(by=None) == 1
    assert seen[0] == may


def may_lock(person: Person, as_who: str) -> bool:
    """As a row that refers to him (a key share), an entry of a dose (no key update), a merge (update) would."""
    with another() as other:
        try:
            other.execute(f"SELECT FROM people_person WHERE id = %s FOR {as_who} NOWAIT", [person.id])
        except psycopg.errors.LockNotAvailable:
            return False
    return True


def killed(*_: Any) -> None:
    raise KeyboardInterrupt


def test_without_a_key_it_is_said_and_nothing_is_issued() -> None:
    signed_day(people=1)
    SignerCertificate.objects.filter(use=keys.PASSPORT).update(withdrawn_at=clock.now())
    with pytest.raises(ConflictError) as refused:
        actions_issue.issue_due(by=None)
    assert refused.value.code == "no_key"


def test_before_there_was_a_form_it_is_said(settings: Any) -> None:
    day = signed_day(people=1)
    settings.CLOCK_OFFSET -= timedelta(days=200)
    enrol_keys(day.station.facility.id)
    with pytest.raises(ConflictError) as refused:
        actions_issue.issue_due(by=None)
    assert refused.value.code == "no_form"


def test_the_holder_is_told_without_name_or_number() -> None:
    [person] = signed_day(people=1).people
    actions_issue.issue_due(by=None)
    message = Message.objects.get(kind="passport")
    assert message.person_id == person.id
    assert message.to == person.contacts.get().value
    assert person.full_name not in message.text


def test_the_audit_says_how_many_by_which_key() -> None:
    signed_day(people=2)
    actions_issue.issue_due(by=None)
    detail = AuditEntry.objects.get(act="passports.issue").detail
    assert detail == {"passports": 2, "key_id": Passport.objects.earliest("id").key_id}


def test_the_worker_does_it_by_itself() -> None:
    signed_day(people=1)
    keep_passports(0)
    assert Passport.objects.count() == 1


def test_a_passport_ends_on_its_day(settings: Any) -> None:
    [person] = signed_day(people=1).people
    actions_issue.issue_due(by=None)
    passport = issued_to(person)
    settings.CLOCK_OFFSET += passport.expires_at - DEMO_DAY + timedelta(hours=1)
    assert states.of(passport) == PassportState.EXPIRED
    assert states.current(person.id) is None
    assert verification.verify(passport.text).status == Status.INVALID


def test_the_private_key_is_readable_by_its_owner_alone(settings: Any) -> None:
    enrol_key(keys.PASSPORT)
    [path] = settings.KEYS_FOLDER.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert settings.KEYS_FOLDER.stat().st_mode & 0o077 == 0
