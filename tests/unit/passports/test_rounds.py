"""What a round of the worker looks at: whom something changed of, and whom the clock or the rules bring a passport."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from tests.connections import another
from tests.ledger import attested, enrol_key, enrol_keys, full_course, given_dose, judged, signed_day
from tests.station import Station, open_station
from tiemchung.doses import actions as doses
from tiemchung.doses import course
from tiemchung.doses.models import Dose
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError
from tiemchung.passports import actions, actions_issue, actions_revoke, actions_rounds, keys, states
from tiemchung.passports.models import Change, Hindrance, Passport, Round, SignerCertificate
from tiemchung.people.actions_merge import merge, undo
from tiemchung.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def station() -> Station:
    found = open_station()
    enrol_keys(found.facility.id)
    return found


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Whom each round reads, from when this was asked for."""
    seen: list[Any] = []
    look = actions_issue._due

    def note_and_look(person_ids: list[Any], lasts_until: Any) -> Any:
        seen.extend(person_ids)
        return look(person_ids, lasts_until)

    monkeypatch.setattr(actions_issue, "_due", note_and_look)
    return seen


def holder(station: Station, **who: Any) -> Person:
    person = full_course(station, **who)
    judged(person)
    attested(station, person)
    return person


def barred(station: Station) -> Person:
    person = holder(station)
    Person.objects.filter(id=person.id).update(full_name="Nguyễn 龍")
    return person


def incomplete(station: Station) -> Person:
    person = station.person()
    given_dose(station, person, date(2021, 12, 10))
    judged(person)
    attested(station, person)
    return person


# -- nothing changed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("somebody", [holder, barred, incomplete])
def test_of_whom_nothing_changed_is_not_looked_at_again(
    station: Station, somebody: Callable[[Station], Person], looked_at: list[Any]
) -> None:
    person = somebody(station)
    actions_issue.issue_due(by=None)
    assert looked_at == [person.id]
    actions_issue.issue_due(by=None)
    assert looked_at == [person.id]
    assert not Change.objects.exists()


def test_one_who_comes_is_looked_at_alone(station: Station, looked_at: list[Any]) -> None:
    barred(station), incomplete(station), holder(station)
    actions_issue.issue_due(by=None)
    looked_at.clear()
    came = holder(station)
    assert actions_issue.issue_due(by=None) == 1
    assert looked_at == [came.id]


# -- what changed ----------------------------------------------------------------------------------------------


def test_who_was_barred_and_is_mended_gets_his_passport_in_the_next_round(station: Station) -> None:
    person = barred(station)
    assert actions_issue.issue_due(by=None) == 0
    Person.objects.filter(id=person.id).update(full_name="Nguyễn Long")
    assert actions_issue.issue_due(by=None) == 1
    assert Hindrance.objects.get().ended_at is not None


def test_who_has_his_second_dose_attested_gets_his_passport_in_the_next_round(station: Station) -> None:
    person = incomplete(station)
    assert actions_issue.issue_due(by=None) == 0
    second = given_dose(station, person, date(2022, 3, 10))
    assert actions_issue.issue_due(by=None) == 0
    actions.attest(facility_id=station.facility.id, dose_ids=[second.id], by=station.head.id)
    assert actions_issue.issue_due(by=None) == 1


def verdict_comes(station: Station) -> Person:
    person = full_course(station)
    attested(station, person)
    actions_issue.issue_due(by=None)
    judged(person)
    return person


def answer_comes_to_a_question(station: Station) -> Person:
    person = full_course(station)
    attested(station, person)
    question = judged(person, "")
    actions_issue.issue_due(by=None)
    question.verdict = "right"
    question.save()
    return person


def finding_is_resolved(station: Station) -> Person:
    person = full_course(station)
    judged(person)
    attested(station, person)
    finding = Dose.objects.filter(person=person).latest("injected_at").findings.create(
        person=person, facility=station.facility, code="odd", field="lot", vi="-", en="-", found_at=clock.now()
    )  # fmt: skip
    actions_issue.issue_due(by=None)
    doses.resolve(finding_id=finding.id, by=station.head)
    return person


def unattested_dose_is_voided(station: Station) -> Person:
    person = holder(station)
    wrong = given_dose(station, person, date(2022, 4, 2))
    actions_issue.issue_due(by=None)
    doses.void(dose_id=wrong.id, reason="Nhập nhầm người", by=station.head)
    return person


def record_with_an_unattested_dose_is_parted(station: Station) -> Person:
    person, other = holder(station), station.person()
    given_dose(station, other, date(2022, 4, 2))
    tied = merge(kept_id=person.id, merged_id=other.id, evidence={}, by=station.head.id)
    actions_issue.issue_due(by=None)
    undo(merge_id=tied.id, reason="Hai người", by=station.head.id)
    return person


def dose_of_a_merged_record_is_attested(station: Station) -> Person:
    person, other = full_course(station), station.person()
    booster = given_dose(station, other, date(2022, 4, 2))
    judged(person)
    attested(station, person)
    merge(kept_id=person.id, merged_id=other.id, evidence={}, by=station.head.id)
    actions_issue.issue_due(by=None)
    actions.attest(facility_id=station.facility.id, dose_ids=[booster.id], by=station.head.id)
    return person


def passport_is_revoked(station: Station) -> Person:
    person = holder(station)
    actions_issue.issue_due(by=None)
    SignerCertificate.objects.filter(use=keys.PASSPORT).update(withdrawn_at=clock.now())
    enrol_key(keys.PASSPORT)
    assert actions_revoke.revoke_stale(by=None) == 1
    return person


@pytest.mark.parametrize(
    "something",
    [
        verdict_comes,
        answer_comes_to_a_question,
        finding_is_resolved,
        unattested_dose_is_voided,
        record_with_an_unattested_dose_is_parted,
        dose_of_a_merged_record_is_attested,
        passport_is_revoked,
    ],
)
def test_whatever_makes_one_due_is_seen_in_the_next_round(
    station: Station, something: Callable[[Station], Person]
) -> None:
    person = something(station)
    assert Change.objects.exists()
    assert actions_issue.issue_due(by=None) == 1
    assert states.current(person.id) is not None


# -- the clock and the rules -----------------------------------------------------------------------------------


def test_the_day_from_which_the_rules_give_passports_brings_them(
    station: Station, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder(station)
    later = replace(course.rules(), passport_from=clock.today() + timedelta(days=1))
    monkeypatch.setattr(course, "rules", lambda: later)
    monkeypatch.setattr(actions_rounds, "_dates", actions_rounds._dates.__wrapped__)
    for _ in range(2):
        assert actions_issue.issue_due(by=None) == 0
    settings.CLOCK_OFFSET += timedelta(days=1)
    assert actions_issue.issue_due(by=None) == 1


@pytest.mark.parametrize("dated", [0, 1, 2])
def test_a_day_on_which_a_rule_begins_or_ends_decides_anew(dated: int) -> None:
    day = sorted({one for one in actions_rounds._dates() if one > date(2021, 1, 1)})[dated]
    assert actions_rounds.basis(day - timedelta(days=1)) != actions_rounds.basis(day)


def test_a_day_of_the_same_week_without_any_date_decides_as_the_day_before() -> None:
    assert actions_rounds.basis(date(2022, 8, 17)) == actions_rounds.basis(date(2022, 8, 18))


def test_when_the_rules_say_another_thing_all_without_a_passport_are_looked_at_and_nobody_else(
    station: Station, looked_at: list[Any]
) -> None:
    holder(station)
    without = {barred(station).id, incomplete(station).id}
    actions_issue.issue_due(by=None)
    looked_at.clear()
    Round.objects.update(basis="of other rules")
    assert actions_issue.issue_due(by=None) == 0
    assert set(looked_at) == without


def test_a_clock_that_is_behind_loses_no_renewal_that_another_found_due(settings: Any) -> None:
    signed_day(people=1)
    actions_issue.issue_due(by=None)
    enrol_key(keys.PASSPORT, life=timedelta(days=1500))
    ahead = Passport.objects.get().expires_at - actions_issue.RENEW_BEFORE - clock.now() + timedelta(seconds=2)
    settings.CLOCK_OFFSET += ahead
    actions_rounds.begin(lasts_until=actions_issue._lasts_until(actions_issue._desk()))
    settings.CLOCK_OFFSET -= timedelta(seconds=10)
    assert actions_issue.issue_due(by=None) == 1


def test_a_longer_key_renews_what_a_short_one_bounded(station: Station) -> None:
    SignerCertificate.objects.filter(use=keys.PASSPORT).update(destroyed_at=clock.now())
    enrol_key(keys.PASSPORT, life=timedelta(days=10))
    holder(station)
    actions_issue.issue_due(by=None)
    assert actions_issue.issue_due(by=None) == 0
    SignerCertificate.objects.filter(use=keys.PASSPORT).update(destroyed_at=clock.now())
    enrol_key(keys.PASSPORT)
    assert actions_issue.issue_due(by=None) == 1


# -- killed, at once, late -------------------------------------------------------------------------------------


def test_without_a_key_what_changed_waits_for_one(station: Station) -> None:
    holder(station)
    withdrawn = SignerCertificate.objects.filter(use=keys.PASSPORT)
    withdrawn.update(withdrawn_at=clock.now())
    for _ in range(2):
        with pytest.raises(ConflictError):
            actions_issue.issue_due(by=None)
    enrol_key(keys.PASSPORT)
    assert actions_issue.issue_due(by=None) == 1


def test_a_worker_that_is_killed_leaves_what_it_was_looking_at(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    hindered = barred(station)
    with monkeypatch.context() as broken:
        broken.setattr(actions_issue.actions_hindrances, "note", killed)
        with pytest.raises(KeyboardInterrupt):
            actions_issue.issue_due(by=None)
    assert not Hindrance.objects.exists()
    actions_issue.issue_due(by=None)
    assert Hindrance.objects.get().person == hindered


def killed(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


@pytest.fixture
def late() -> Iterator[Any]:
    """Somebody else's transaction, open for as long as he likes."""
    with another() as other:
        yield other


@pytest.mark.django_db(transaction=True)
def test_what_was_written_before_a_round_and_committed_after_it_is_seen_in_the_next(
    station: Station, late: Any
) -> None:
    person = full_course(station)
    attested(station, person)
    question = judged(person, "")
    late.execute("UPDATE identity_populationcheck SET verdict = 'right' WHERE id = %s", [question.id])
    assert actions_issue.issue_due(by=None) == 0
    assert not Change.objects.exists()
    late.commit()
    assert actions_issue.issue_due(by=None) == 1


@pytest.mark.django_db(transaction=True)
def test_what_comes_while_one_is_looked_at_is_looked_at_next(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    person = incomplete(station)
    second = given_dose(station, person, date(2022, 3, 10))
    look = actions_issue._due

    def look_and_then_the_second_dose_is_attested(*among: Any) -> Any:
        found = look(*among)
        other = Thread(target=attest_elsewhere, args=[station, second])
        other.start()
        other.join()
        return found

    with monkeypatch.context() as busy:
        busy.setattr(actions_issue, "_due", look_and_then_the_second_dose_is_attested)
        assert actions_issue.issue_due(by=None) == 0
    assert actions_issue.issue_due(by=None) == 1


def attest_elsewhere(station: Station, dose: Dose) -> None:
    """Over a connection of its own, committed at once."""
    try:
        actions.attest(facility_id=station.facility.id, dose_ids=[dose.id], by=station.head.id)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_workers_who_take_the_same_persons_issue_once(station: Station, looked_at: list[Any]) -> None:
    person = holder(station)
    actions_rounds.begin(lasts_until=actions_issue._lasts_until(actions_issue._desk()))
    issued: list[int] = []
    workers = [Thread(target=issue_elsewhere, args=[person, issued]) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(issued) == [0, 1]
    assert looked_at == [person.id]
    assert Passport.objects.count() == 1


def issue_elsewhere(person: Person, issued: list[int]) -> None:
    try:
        issued.append(actions_issue.issue_batch([person.id], by=None))
    finally:
        connection.close()
