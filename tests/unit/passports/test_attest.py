"""Attesting: a site vouches for its own doses that stand, that nobody doubts, and only once."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.ledger import attested, enrol_key, enrol_keys, full_course, given_dose, signed_day
from tests.station import Station, account_of, open_station
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.roles import STAFF
from tiemchung.doses import actions as doses
from tiemchung.doses.models import Dose, DoseFinding
from tiemchung.ground import clock, tree
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.passports import actions, keys, leaf, proof, waiting
from tiemchung.passports.models import Attestation, AttestedDose
from tiemchung.places.models import Area

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def station() -> Station:
    found = open_station()
    enrol_keys(found.facility.id)
    return found


def ids_of(station: Station) -> list[Any]:
    return list(Dose.objects.filter(facility=station.facility).values_list("id", flat=True))


def attest(station: Station, ids: list[Any], **given: Any) -> Attestation:
    return actions.attest(facility_id=station.facility.id, dose_ids=ids, by=station.head.id, **given)


def test_one_signature_stands_for_all_doses_and_each_proves_itself(station: Station) -> None:
    for _ in range(3):
        full_course(station)
    attestation = attest(station, ids_of(station))
    assert attestation.leaves == 6
    proofs = [proof.of_dose(one) for one in AttestedDose.objects.select_related("dose", "attestation")]
    assert len(proofs) == 6
    assert all(proof.is_proven(one) for one in proofs)


def test_a_leaf_holds_the_facts_of_the_dose_and_no_name(station: Station) -> None:
    person = full_course(station, full_name="Vi Thị Hoa")
    content = leaf.content_of(Dose.objects.filter(person=person).earliest("injected_at"))
    assert set(content) == {"dose", "person", "facility", "product", "lot", "injected_at"}
    assert content["injected_at"] == "2021-09-15T02:00:00+00:00"
    assert "Hoa" not in str(content)


def test_the_order_in_which_doses_are_named_does_not_matter(station: Station) -> None:
    full_course(station)
    ids = ids_of(station)
    assert attest(station, ids[::-1]) == attest(station, [*ids, *ids])


def test_the_same_batch_again_gives_the_same_attestation(station: Station) -> None:
    full_course(station)
    first = attest(station, ids_of(station))
    assert attest(station, ids_of(station)) == first
    assert Attestation.objects.count() == 1


def test_the_same_id_again_gives_the_same_attestation_though_nothing_is_left_to_sign(station: Station) -> None:
    full_course(station)
    attestation_id = new_id()
    first = attest(station, ids_of(station), attestation_id=attestation_id)
    assert attest(station, [], attestation_id=attestation_id) == first
    assert first.id == attestation_id


def test_a_dose_is_attested_only_once(station: Station) -> None:
    person = full_course(station)
    attested(station, person)
    given_dose(station, person, date(2022, 3, 20))
    with pytest.raises(InvalidInputError) as refused:
        attest(station, ids_of(station))
    assert refused.value.code == "not_of_facility"


def test_doses_of_another_facility_are_refused(station: Station) -> None:
    other = open_station()
    full_course(other)
    with pytest.raises(InvalidInputError) as refused:
        attest(station, ids_of(other))
    assert refused.value.field == "dose_ids"


def test_an_account_of_another_facility_cannot_sign(station: Station) -> None:
    full_course(station)
    with pytest.raises(NotAllowedError) as refused:
        actions.attest(facility_id=station.facility.id, dose_ids=ids_of(station), by=open_station().head.id)
    assert refused.value.code == "out_of_scope"


VOUCH_FOR_SITES = [Role.PROVINCE_HEALTH_DEPARTMENT, Role.PROVINCE_CDC]


@pytest.mark.parametrize("role", VOUCH_FOR_SITES)
def test_the_province_vouches_for_a_site_of_its_own(station: Station, role: Role) -> None:
    full_course(station)
    by = account_of(role)
    attestation = actions.attest(facility_id=station.facility.id, dose_ids=ids_of(station), by=by.id)
    assert (attestation.facility, attestation.attested_by) == (station.facility, by.id)


@pytest.mark.parametrize("role", VOUCH_FOR_SITES)
def test_the_province_does_not_vouch_for_a_site_of_another(station: Station, role: Role) -> None:
    full_course(station)
    by = account_of(role)
    by.area = Area.objects.create(code="79", level=1, name="Thành phố Hồ Chí Minh", folded="x", sort_key="79")
    by.save(update_fields=["area"])
    with pytest.raises(NotAllowedError) as refused:
        actions.attest(facility_id=station.facility.id, dose_ids=ids_of(station), by=by.id)
    assert (refused.value.code, Attestation.objects.count()) == ("out_of_scope", 0)


@pytest.mark.parametrize("role", sorted(set(STAFF) - {Role.FACILITY_HEAD, *VOUCH_FOR_SITES}))
def test_nobody_else_vouches_for_an_injection(station: Station, role: Role) -> None:
    full_course(station)
    by = account_of(role)
    Account.objects.filter(pk=by.pk, facility__isnull=False).update(facility=station.facility)
    with pytest.raises(NotAllowedError) as refused:
        actions.attest(facility_id=station.facility.id, dose_ids=ids_of(station), by=by.id)
    assert (refused.value.code, Attestation.objects.count()) == ("may_not_attest", 0)


def test_what_the_province_vouched_for_is_not_vouched_for_again_by_the_site(station: Station) -> None:
    full_course(station)
    by = account_of(Role.PROVINCE_CDC)
    first = actions.attest(facility_id=station.facility.id, dose_ids=ids_of(station), by=by.id)
    assert attest(station, ids_of(station)) == first
    assert first.attested_by == by.id


def test_an_account_that_was_shut_vouches_for_nothing(station: Station) -> None:
    full_course(station)
    Account.objects.filter(pk=station.head.pk).update(expires_on=clock.today() - timedelta(days=1))
    with pytest.raises(NotAllowedError) as refused:
        attest(station, ids_of(station))
    assert refused.value.code == "may_not_attest"


@pytest.mark.parametrize("count", [0, 10_001])
def test_a_batch_has_from_one_to_ten_thousand_doses(station: Station, count: int) -> None:
    with pytest.raises(InvalidInputError) as refused:
        attest(station, [new_id() for _ in range(count)])
    assert refused.value.code == "batch_size"


def test_a_dose_with_an_open_finding_is_refused(station: Station) -> None:
    doses.report(
        person_id=station.person().id,
        product="AZ",
        lot_number="KHONGCO",
        injected_at=clock.now() - timedelta(days=40),
        by=station.head,
    )
    assert DoseFinding.objects.filter(resolved_at=None).exists()
    with pytest.raises(ConflictError) as refused:
        attest(station, ids_of(station))
    assert refused.value.code == "not_attestable"
    assert refused.value.vi.startswith("1 mũi")


def test_a_dose_that_was_voided_and_its_void_are_refused(station: Station) -> None:
    dose = given_dose(station, station.person(), date(2021, 9, 15))
    void = doses.void(dose_id=dose.id, reason="Nhập nhầm người", by=station.head)
    for each in (dose, void):
        with pytest.raises(ConflictError):
            attest(station, [each.id])


def test_without_a_key_in_force_nothing_is_signed() -> None:
    station = open_station()
    full_course(station)
    with pytest.raises(ConflictError) as refused:
        attest(station, ids_of(station))
    assert (refused.value.code, Attestation.objects.count()) == ("no_key", 0)


def test_the_key_of_another_facility_does_not_sign_here() -> None:
    station, other = open_station(), open_station()
    enrol_key(keys.ATTESTATION, other.facility.id)
    full_course(station)
    with pytest.raises(ConflictError):
        attest(station, ids_of(station))


def test_the_audit_counts_and_names_nobody(station: Station) -> None:
    full_course(station)
    attestation = attest(station, ids_of(station))
    entry = AuditEntry.objects.get(act="passports.attest")
    assert (entry.subject, entry.by, entry.detail) == (attestation.id, station.head.id, {"doses": 2})


def test_a_proof_of_a_changed_dose_does_not_hold(station: Station) -> None:
    day = signed_day(people=1)
    one = AttestedDose.objects.filter(attestation=day.attestation).select_related("dose", "attestation").first()
    assert one is not None
    good = proof.of_dose(one)
    certificate = keys.certificate_of(good.key_id, keys.ATTESTATION)
    assert certificate is not None
    assert good.holds_for(certificate)
    for changes in [
        {"content": {**good.content, "lot": "KHAC"}},
        {"content": {**good.content, "facility": str(new_id())}},
        {"position": 1 - good.position},
        {"position": -1},
        {"path": ()},
        {"path": ("xyz",)},
        {"signature": "00" * 64},
        {"signature": "no hex"},
        {"statement": good.statement.replace('"leaves":2', '"leaves":3')},
        {"statement": "{}"},
        {"statement": "nothing"},
    ]:
        assert not proof.DoseProof(**{**good.__dict__, **changes}).holds_for(certificate), changes


def test_a_proof_by_a_key_that_we_do_not_know_is_none(station: Station) -> None:
    full_course(station)
    attest(station, ids_of(station))
    one = AttestedDose.objects.select_related("dose", "attestation").first()
    assert one is not None
    assert not proof.is_proven(proof.DoseProof(**{**proof.of_dose(one).__dict__, "key_id": "0" * 16}))


def test_the_statement_names_batch_facility_moment_leaves_and_root(station: Station) -> None:
    person = full_course(station)
    attestation = attested(station, person)
    leaves = [leaf.hash_of(dose) for dose in Dose.objects.order_by("id")]
    assert attestation.root == tree.root_hash(leaves).hex()
    for part in (attestation.id, station.facility.id, attestation.root):
        assert str(part) in proof.statement(attestation).decode()


def test_what_waits_for_a_signature_is_counted_by_facility(station: Station) -> None:
    person = full_course(station)
    signer = account_of(Role.NATIONAL_SIGNER)
    [row] = waiting.for_attestation(within=signer)
    assert (row["facility_id"], row["doses"]) == (station.facility.id, 2)
    attested(station, person)
    assert waiting.for_attestation(within=signer) == []
