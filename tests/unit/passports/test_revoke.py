"""The certificate follows the record: a correction revokes the old passport, and the next one comes by itself."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.ledger import attested, enrol_keys, full_course, given_dose, judged, settle, signed_day
from tests.station import Station, open_station
from tiemchung.doses import actions as doses
from tiemchung.doses.models import Dose
from tiemchung.ground import clock
from tiemchung.hcert import Status
from tiemchung.messages.models import Message
from tiemchung.passports import actions, actions_issue, actions_revoke, proof, states, verification
from tiemchung.passports.models import Comparison, Passport, Revocation
from tiemchung.passports.states import PassportState
from tiemchung.people import actions as people
from tiemchung.people.models import Person
from tiemchung.people.policy import Source
from tiemchung.people.statement import Statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def station() -> Station:
    found = open_station()
    enrol_keys(found.facility.id)
    return found


@pytest.fixture
def person(station: Station) -> Person:
    """Somebody with a passport in force."""
    found = full_course(station)
    judged(found)
    attested(station, found)
    assert actions_issue.issue_due(by=None) == 1
    return found


def corrected(person: Person, **changes: Any) -> None:
    said = {
        "full_name": person.full_name,
        "birth_date": "03/09/1967",
        "sex": "female",
        "identity_numbers": (("cccd", person.identity_numbers.get(withdrawn_at=None).value),),
    }
    people.correct(person_id=person.id, statement=Statement(**said | changes), source=Source.SITE, by=None)


def reason() -> str:
    return Revocation.objects.get().reason


def test_nothing_is_revoked_while_the_record_stands(person: Person) -> None:
    assert actions_revoke.revoke_stale(by=None) == 0


def test_a_corrected_name_revokes_and_the_new_passport_comes_after_the_new_verdict(person: Person) -> None:
    old = states.current(person.id)
    assert old is not None
    corrected(person, full_name="Bùi Thị Ngát Hương")
    assert actions_revoke.revoke_stale(by=None) == 1
    assert reason() == "person_corrected"
    assert states.of(Passport.objects.get(pk=old.pk)) == PassportState.REVOKED
    verdict = verification.verify(old.text)
    assert (verdict.status, verdict.code) == (Status.INVALID, "R|REV")
    assert actions_issue.issue_due(by=None) == 0
    judged(person)
    assert actions_issue.issue_due(by=None) == 1
    new = states.current(person.id)
    assert new is not None
    assert verification.verify(new.text).content["nam"]["gn"] == "Thị Ngát Hương"


def test_a_corrected_name_revokes_every_passport_in_force_also_of_earlier_doses(
    person: Person, station: Station
) -> None:
    booster = given_dose(station, person, date(2022, 4, 2))
    actions.attest(facility_id=station.facility.id, dose_ids=[booster.id], by=station.head.id)
    actions_issue.issue_due(by=None)
    corrected(person, birth_date="04/09/1967")
    assert actions_revoke.revoke_stale(by=None) == 2


def test_a_statement_that_changes_nothing_that_is_certified_revokes_nothing(person: Person) -> None:
    corrected(person, address="Thôn Nà Lốc mới")
    assert actions_revoke.revoke_stale(by=None) == 0


@pytest.mark.parametrize("verdict", ["wrong", "unknown"])
def test_a_verdict_that_is_not_right_revokes(person: Person, verdict: str) -> None:
    judged(person, verdict)
    assert actions_revoke.revoke_stale(by=None) == 1
    assert reason() == "not_verified"


def test_a_corrected_dose_revokes_and_waits_for_a_new_attestation(person: Person, station: Station) -> None:
    second = Dose.objects.filter(person=person).latest("injected_at")
    new = doses.supersede(dose_id=second.id, by=station.head, injected_at=second.injected_at - timedelta(days=1))
    settle(new, station.head)
    assert actions_revoke.revoke_stale(by=None) == 1
    assert reason() == "dose_corrected"
    assert actions_issue.issue_due(by=None) == 0
    actions.attest(facility_id=station.facility.id, dose_ids=[new.id], by=station.head.id)
    assert actions_issue.issue_due(by=None) == 1


def test_a_voided_dose_revokes_also_when_it_is_not_the_one_stated(person: Person, station: Station) -> None:
    first = Dose.objects.filter(person=person).earliest("injected_at")
    doses.void(dose_id=first.id, reason="Nhập nhầm người", by=station.head)
    assert actions_revoke.revoke_stale(by=None) == 1
    assert reason() == "dose_corrected"


def test_an_open_finding_bars_a_new_passport_and_leaves_the_old_one_in_force(person: Person, station: Station) -> None:
    doses.report(
        person_id=person.id, product="AZ", lot_number="KHONGCO", injected_at=clock.now() - timedelta(days=30),
        by=station.head,
    )  # fmt: skip
    assert actions_revoke.revoke_stale(by=None) == 0
    assert actions_issue.issue_due(by=None) == 0


def test_a_finding_that_is_resolved_makes_the_passport_be_compared_again(
    person: Person, station: Station, settings: Any
) -> None:
    late = doses.report(
        person_id=person.id, product="AZ", lot_number="KHONGCO", injected_at=clock.now() - timedelta(days=30),
        by=station.head,
    )  # fmt: skip
    settings.CLOCK_OFFSET += timedelta(hours=1)
    actions_revoke.revoke_stale(by=None)
    settings.CLOCK_OFFSET += timedelta(hours=1)
    compared = Comparison.objects.get(passport__person=person).compared_at
    settle(late, station.head)
    actions_revoke.revoke_stale(by=None)
    assert Comparison.objects.get(passport__person=person).compared_at > compared


def test_revoking_again_finds_nothing(person: Person) -> None:
    judged(person, "wrong")
    assert [actions_revoke.revoke_stale(by=None) for _ in range(2)] == [1, 0]


def test_many_are_compared_page_by_page() -> None:
    day = signed_day(people=5)
    actions_issue.issue_due(by=None)
    for one in day.people[1:]:
        corrected(one, address="Thôn khác")
    judged(day.people[-1], "wrong")
    assert actions_revoke.revoke_stale(by=None, limit=2) == 1


def test_what_was_compared_is_not_compared_again_until_something_changes(person: Person, settings: Any) -> None:
    corrected(person, address="Thôn khác")
    settings.CLOCK_OFFSET += timedelta(minutes=6)
    actions_revoke.revoke_stale(by=None)
    settings.CLOCK_OFFSET += timedelta(minutes=6)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions_revoke, "_revoke_batch", lambda *_: pytest.fail("compared again"))
        assert actions_revoke.revoke_stale(by=None) == 0
    corrected(person, full_name="Bùi Thị Ngát Hương")
    assert actions_revoke.revoke_stale(by=None) == 1


def test_the_holder_is_told_that_it_was_revoked(person: Person) -> None:
    judged(person, "wrong")
    actions_revoke.revoke_stale(by=None)
    texts = Message.objects.filter(kind="passport", person_id=person.id).values_list("text", flat=True)
    assert any("thu hồi" in text for text in texts)
    assert all(person.full_name not in text for text in texts)


def test_a_passport_is_traced_to_the_signatures_of_the_sites(person: Person) -> None:
    passport = states.current(person.id)
    assert passport is not None
    proofs = proof.of_passport(passport)
    assert len(proofs) == 2
    assert all(proof.is_proven(one) for one in proofs)


def test_a_certificate_of_another_country_is_not_called_clear() -> None:
    from tiemchung.passports.verification import OwnRevocations

    assert OwnRevocations().state(None, country="DE", at=clock.now()) == "absent"  # type: ignore[arg-type]
