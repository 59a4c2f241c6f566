"""What is done to signing keys: four eyes, notice before the first signature, no practice key in earnest."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.ledger import AUTHORITY, attested, enrol_key, enrol_keys, full_course, judged
from tests.station import open_station, staff
from tiemchung.accounts.models import Account, Role
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.hcert import Algorithm, SignerCertificate
from tiemchung.hcert.authority import PrivateKey, new_key, private_pem
from tiemchung.hcert.hsm import HsmToken
from tiemchung.passports import (
    actions_issue,
    actions_keys,
    actions_revoke,
    ceremonies,
    keys,
    models,
    verification,
)
from tiemchung.passports.keys import KeyPlace
from tiemchung.passports.models import KeyCeremony, Passport, Revocation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def officers() -> tuple[Account, Account]:
    one, two = (staff(Role.KEY_OFFICER, None, f"giu-khoa-{number}", "Người giữ khóa") for number in (1, 2))
    return one, two


def pair(**options: Any) -> tuple[PrivateKey, SignerCertificate]:
    key = new_key(Algorithm.ES256)
    valid_from = clock.now() - timedelta(days=1)
    return key, AUTHORITY.certify(key.public_key(), name="Tap duot", valid_from=valid_from, **options)


def proposed(by: Account, **said: Any) -> KeyCeremony:
    key, certificate = pair()
    return actions_keys.propose_enrolment(
        use=keys.PASSPORT, certificate=certificate, private_pem=private_pem(key), by=by.id, **said
    )


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as refused:
        act()
    return refused.value.code


def test_a_key_signs_once_another_officer_has_approved(officers: tuple[Account, Account]) -> None:
    row = proposed(officers[0])
    assert ceremonies.state_of(row) == "proposed"
    assert refusal(lambda: keys.current(keys.PASSPORT)) == "no_key"
    actions_keys.approve(ceremony_id=row.id, by=officers[1].id)
    assert keys.current(keys.PASSPORT).kid.hex() == row.key_id
    acts = AuditEntry.objects.filter(act__startswith="passports.").order_by("id").values_list("act", "by")
    assert list(acts) == [
        ("passports.propose_enrol", officers[0].id),
        ("passports.approve_enrol", officers[1].id),
    ]


def test_who_proposed_does_not_decide_and_others_than_officers_do_nothing(officers: tuple[Account, Account]) -> None:
    row = proposed(officers[0])
    signer = staff(Role.NATIONAL_SIGNER, None, "ky", "Người ký")
    assert refusal(lambda: actions_keys.approve(ceremony_id=row.id, by=officers[0].id)) == "four_eyes"
    assert refusal(lambda: actions_keys.approve(ceremony_id=row.id, by=signer.id)) == "not_key_officer"
    assert refusal(lambda: proposed(signer)) == "not_key_officer"
    Account.objects.filter(pk=officers[1].pk).update(suspended_at=clock.now())
    assert refusal(lambda: actions_keys.approve(ceremony_id=row.id, by=officers[1].id)) == "not_key_officer"


def test_the_database_itself_wants_four_eyes(officers: tuple[Account, Account]) -> None:
    row = proposed(officers[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyCeremony.objects.filter(pk=row.pk).update(decided_by=officers[0].id, decided_at=clock.now(), approved=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyCeremony.objects.filter(pk=row.pk).update(decided_by=officers[1].id)


def test_approving_twice_is_harmless_and_a_decision_is_final(officers: tuple[Account, Account]) -> None:
    row = proposed(officers[0])
    for _ in range(2):
        actions_keys.approve(ceremony_id=row.id, by=officers[1].id)
    assert models.SignerCertificate.objects.count() == 1
    third = staff(Role.KEY_OFFICER, None, "giu-khoa-3", "Người giữ khóa")
    assert refusal(lambda: actions_keys.approve(ceremony_id=row.id, by=third.id)) == "ceremony_over"
    assert refusal(lambda: actions_keys.approve(ceremony_id=new_id(), by=third.id)) == "no_such_ceremony"


@pytest.mark.django_db(transaction=True)
def test_a_refused_key_is_erased_and_signs_nothing(officers: tuple[Account, Account], settings: Any) -> None:
    row = proposed(officers[0])
    path = keys.path_of(settings.KEYS_FOLDER, row.key_id)
    assert path.stat().st_mode & 0o777 == 0o600
    actions_keys.refuse(ceremony_id=row.id, by=officers[1].id, reason="Chứng thư chưa đúng tên")
    assert not path.exists()
    row.refresh_from_db()
    assert (ceremonies.state_of(row), row.reason) == ("refused", "Chứng thư chưa đúng tên")
    assert refusal(lambda: actions_keys.approve(ceremony_id=row.id, by=officers[1].id)) == "ceremony_over"


def test_what_nobody_decides_within_a_week_lapses(officers: tuple[Account, Account], settings: Any) -> None:
    row = proposed(officers[0])
    settings.CLOCK_OFFSET += timedelta(days=7, seconds=1)
    assert ceremonies.state_of(row) == "lapsed"
    assert refusal(lambda: actions_keys.approve(ceremony_id=row.id, by=officers[1].id)) == "ceremony_over"


def test_the_next_key_is_published_a_month_before_it_signs(officers: tuple[Account, Account], settings: Any) -> None:
    enrol_key(keys.PASSPORT)
    first = keys.current(keys.PASSPORT).kid
    row = actions_keys.approve(ceremony_id=proposed(officers[0]).id, by=officers[1].id)
    assert row.signs_from is not None
    assert row.signs_from - row.proposed_at >= timedelta(days=29, hours=23)
    assert {key.kid.hex() for key in verification.trust_list().keys} == {first.hex(), row.key_id}
    states = {key.key_id: ceremonies.key_state(key, keys.all_signing()) for key in all_keys()}
    assert states == {first.hex(): "signing", row.key_id: "announced"}
    settings.CLOCK_OFFSET += timedelta(days=31)
    assert keys.current(keys.PASSPORT).kid.hex() == row.key_id
    states = {key.key_id: ceremonies.key_state(key, keys.all_signing()) for key in all_keys()}
    assert states == {first.hex(): "resting", row.key_id: "signing"}


def all_keys() -> list[models.SignerCertificate]:
    return list(models.SignerCertificate.objects.all())


def test_the_notice_runs_from_the_decision(officers: tuple[Account, Account], settings: Any) -> None:
    enrol_key(keys.PASSPORT)
    row = proposed(officers[0], signs_from=clock.now() + timedelta(hours=49))
    settings.CLOCK_OFFSET += timedelta(days=6)
    actions_keys.approve(ceremony_id=row.id, by=officers[1].id)
    published = models.SignerCertificate.objects.get(pk=row.key_id)
    assert published.signs_from > clock.now() + timedelta(hours=47)
    assert keys.current(keys.PASSPORT).kid.hex() != row.key_id


@pytest.mark.django_db(transaction=True)
def test_a_key_is_proposed_once_and_no_refusal_erases_one_in_use(
    officers: tuple[Account, Account], settings: Any
) -> None:
    key, certificate = pair()
    said = {"use": keys.PASSPORT, "certificate": certificate, "private_pem": private_pem(key), "by": officers[0].id}
    row = actions_keys.propose_enrolment(**said)
    assert refusal(lambda: actions_keys.propose_enrolment(**said)) == "proposed_already"
    second = KeyCeremony.objects.create(
        act="enrol", key_id=row.key_id, use=keys.PASSPORT, pem=row.pem, proposed_by=officers[0].id,
        proposed_at=clock.now(), where="pem",
    )  # fmt: skip
    actions_keys.approve(ceremony_id=row.id, by=officers[1].id)
    actions_keys.refuse(ceremony_id=second.id, by=officers[1].id, reason="Đề nghị hai lần")
    assert keys.path_of(settings.KEYS_FOLDER, row.key_id).exists()


@pytest.mark.django_db(transaction=True)
def test_what_lapsed_may_still_be_refused_which_erases_its_key(
    officers: tuple[Account, Account], settings: Any
) -> None:
    row = proposed(officers[0])
    settings.CLOCK_OFFSET += timedelta(days=8)
    actions_keys.refuse(ceremony_id=row.id, by=officers[1].id, reason="Quá hạn")
    assert not keys.path_of(settings.KEYS_FOLDER, row.key_id).exists()


def test_a_key_that_is_not_the_certificates_leaves_nothing_behind(
    officers: tuple[Account, Account], settings: Any
) -> None:
    stranger = private_pem(new_key(Algorithm.ES256))
    said = {"use": keys.PASSPORT, "certificate": pair()[1], "private_pem": stranger, "by": officers[0].id}
    assert refusal(lambda: actions_keys.propose_enrolment(**said)) == "key_unusable"
    assert not settings.KEYS_FOLDER.exists()


def test_a_notice_shorter_than_a_trust_list_lives_is_refused(officers: tuple[Account, Account]) -> None:
    enrol_key(keys.PASSPORT)
    soon = clock.now() + timedelta(hours=47)
    assert refusal(lambda: proposed(officers[0], signs_from=soon)) == "notice_too_short"
    assert proposed(officers[0], signs_from=clock.now() + timedelta(hours=49))


def test_a_certificate_that_is_over_before_its_key_signs_is_refused(officers: tuple[Account, Account]) -> None:
    enrol_key(keys.PASSPORT)
    key, certificate = pair(life=timedelta(days=20))
    with pytest.raises(InvalidInputError) as refused:
        actions_keys.propose_enrolment(
            use=keys.PASSPORT, certificate=certificate, private_pem=private_pem(key), by=officers[0].id
        )
    assert refused.value.code == "certificate_expired"


def test_a_withdrawn_key_takes_its_passports_with_it_and_they_are_issued_anew(
    officers: tuple[Account, Account],
) -> None:
    station = open_station()
    enrol_keys(station.facility.id)
    person = full_course(station)
    judged(person)
    attested(station, person)
    assert actions_issue.issue_due(by=None) == 1
    lost = Passport.objects.get()
    row = actions_keys.propose_withdrawal(key_id=lost.key_id, reason="Mất thẻ khóa", by=officers[0].id)
    assert not models.SignerCertificate.objects.get(pk=lost.key_id).withdrawn_at
    actions_keys.approve(ceremony_id=row.id, by=officers[1].id)
    assert verification.verify(lost.text).code == "K|WDN"
    assert actions_revoke.revoke_stale(by=None) == 1
    assert Revocation.objects.get().reason == "key_withdrawn"
    enrol_key(keys.PASSPORT)
    assert actions_issue.issue_due(by=None) == 1
    assert verification.verify(Passport.objects.latest("issued_at", "id").text).code == "OK"
    assert (
        refusal(lambda: actions_keys.propose_withdrawal(key_id=lost.key_id, reason="Mất thẻ", by=officers[0].id))
        == "key_withdrawn"
    )


@pytest.mark.django_db(transaction=True)
def test_a_key_that_signs_no_more_is_destroyed_and_what_it_signed_holds(
    officers: tuple[Account, Account], settings: Any
) -> None:
    old = enrol_key(keys.PASSPORT).kid.hex()
    asked = {"key_id": old, "reason": "Hết dùng", "by": officers[0].id}
    with pytest.raises(ConflictError) as refused:
        actions_keys.propose_destruction(**asked)
    assert refused.value.code == "key_in_use"
    actions_keys.approve(ceremony_id=proposed(officers[0]).id, by=officers[1].id)
    settings.CLOCK_OFFSET += timedelta(days=31)
    actions_keys.approve(ceremony_id=actions_keys.propose_destruction(**asked).id, by=officers[1].id)
    assert not keys.path_of(settings.KEYS_FOLDER, old).exists()
    assert old in {key.kid.hex() for key in verification.trust_list().keys}
    assert refusal(lambda: actions_keys.propose_destruction(**asked)) == "key_destroyed"


def test_a_practice_key_signs_nothing_in_earnest_and_the_reverse(
    officers: tuple[Account, Account], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = actions_keys.approve(ceremony_id=proposed(officers[0]).id, by=officers[1].id)
    settings.PRACTICE = False
    assert refusal(lambda: keys.current(keys.PASSPORT)) == "practice_key"
    assert refusal(lambda: proposed(officers[0])) == "practice_key"
    with pytest.raises(NotAllowedError):
        actions_keys.enrol_practice_key(use=keys.PASSPORT, certificate=pair()[1], private_pem=b"", by=None)
    settings.PRACTICE = True
    assert keys.current(keys.PASSPORT).kid.hex() == row.key_id
    monkeypatch.setattr(SignerCertificate, "is_for_practice", False)
    assert refusal(lambda: keys.current(keys.PASSPORT)) == "real_key"
    assert refusal(lambda: proposed(officers[0])) == "real_key"


def test_a_key_whose_file_is_gone_is_named(settings: Any) -> None:
    certificate = enrol_key(keys.PASSPORT)
    keys.path_of(settings.KEYS_FOLDER, certificate.kid.hex()).unlink()
    with pytest.raises(ConflictError) as refused:
        keys.current(keys.PASSPORT)
    assert certificate.kid.hex() in refused.value.vi


@pytest.mark.parametrize(
    "text", ["", "file", "pkcs11:", "pkcs11:token=a", "pkcs11:token=a;object=b;pin=1", "x:token=a;object=b"]
)
def test_a_place_that_cannot_be_read_is_refused(text: str) -> None:
    assert refusal(lambda: KeyPlace.parse(text)) == "key_place"


def test_a_place_comes_back_as_it_was_written() -> None:
    for place in (KeyPlace(), KeyPlace("Bộ Y tế; 1", "dsc=2022")):
        assert KeyPlace.parse(str(place)) == place


def test_a_key_that_is_not_there_is_not_found(officers: tuple[Account, Account]) -> None:
    with pytest.raises(NotFoundError):
        actions_keys.propose_withdrawal(key_id="00", reason="Mất", by=officers[0].id)
    assert (
        refusal(
            lambda: actions_keys.propose_withdrawal(
                key_id=enrol_key(keys.PASSPORT).kid.hex(), reason=" ", by=officers[0].id
            )
        )
        == "reason_missing"
    )


@pytest.fixture
def token(hardware: HsmToken, settings: Any) -> str:
    """The label of a token whose module and PIN the installation was given."""
    settings.HSM_MODULE, settings.HSM_PIN = hardware.module, hardware.pin
    return hardware.token


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_whole_life_of_a_key_in_a_hardware_module(
    officers: tuple[Account, Account], token: str, algorithm: Algorithm, settings: Any
) -> None:
    place = KeyPlace(token, f"dsc 2022 {algorithm.name}")
    public = place.as_token().generate(algorithm)
    certificate = AUTHORITY.certify(public, name="HSM", valid_from=clock.now() - timedelta(days=1))
    row = actions_keys.propose_enrolment(use=keys.PASSPORT, certificate=certificate, place=place, by=officers[0].id)
    actions_keys.approve(ceremony_id=row.id, by=officers[1].id)
    signer = keys.current(keys.PASSPORT)
    assert (signer.kid, signer.algorithm) == (certificate.kid, algorithm)
    assert not keys.path_of(settings.KEYS_FOLDER, row.key_id).exists()
    lost = actions_keys.propose_withdrawal(key_id=row.key_id, reason="Mất thiết bị", by=officers[1].id)
    actions_keys.approve(ceremony_id=lost.id, by=officers[0].id)
    gone = actions_keys.propose_destruction(key_id=row.key_id, reason="Mất thiết bị", by=officers[0].id)
    actions_keys.approve(ceremony_id=gone.id, by=officers[1].id)
    assert place.as_token().generate(algorithm) != public


@pytest.mark.django_db(transaction=True)
def test_every_process_that_makes_passports_opens_the_hardware_module_by_itself(
    officers: tuple[Account, Account], token: str
) -> None:
    place, station = KeyPlace(token, "dsc of all cores"), open_station()
    public = place.as_token().generate(Algorithm.ES256)
    certificate = AUTHORITY.certify(public, name="HSM", valid_from=clock.now() - timedelta(days=1))
    row = actions_keys.propose_enrolment(use=keys.PASSPORT, certificate=certificate, place=place, by=officers[0].id)
    actions_keys.approve(ceremony_id=row.id, by=officers[1].id)
    enrol_key(keys.ATTESTATION, station.facility.id)
    people = [full_course(station) for _ in range(3)]
    for person in people:
        judged(person)
    attested(station, *people)
    assert actions_issue.issue_due(by=None, limit=1) == 3
    made = Passport.objects.all()
    assert {(one.key_id, verification.verify(one.text).code) for one in made} == {(row.key_id, "OK")}


def test_a_module_that_is_not_set_is_asked_for(officers: tuple[Account, Account]) -> None:
    with pytest.raises(ConflictError) as refused:
        KeyPlace("x", "y").as_token()
    assert "TIEMCHUNG_HSM_PIN" in refused.value.en
