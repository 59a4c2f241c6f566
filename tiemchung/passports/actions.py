"""All writes to attestations."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from tiemchung.accounts.models import Account
from tiemchung.doses.models import Dose
from tiemchung.ground import audit, clock, sql, tree
from tiemchung.ground.ids import new_id
from tiemchung.passports import keys, leaf, models, policy, proof

queries = sql.load(__package__)


@transaction.atomic
def attest(
    *, facility_id: UUID, dose_ids: Sequence[UUID], by: UUID, attestation_id: UUID | None = None
) -> models.Attestation:
    """Sign a batch of a facility's doses with its key: one signature over all.

    The same batch, or the same `attestation_id`, again gives the same attestation. Raises NotAllowedError as
    `policy.check_may_attest` says, InvalidInputError or ConflictError as `policy.check_attestable` says, ConflictError
    without a key.
    """
    policy.check_may_attest(Account.objects.get(pk=by), facility_id)
    wanted = sorted(set(dose_ids))
    _take_turns(wanted)
    earlier = _earlier(attestation_id, facility_id) or _same_batch(wanted)
    if earlier:
        return earlier
    doses = _unattested(wanted)
    policy.check_attestable(doses, asked=len(wanted), facility_id=facility_id)
    leaves = [leaf.hash_of(dose) for dose in doses]
    attestation = _signed(attestation_id or new_id(), facility_id, leaves, by)
    models.AttestedDose.objects.bulk_create(
        [_attested(attestation, dose, position, leaves[position]) for position, dose in enumerate(doses)],
        batch_size=2000,
    )
    audit.record("passports.attest", by=by, subject=attestation.id, facility_id=facility_id, doses=len(doses))
    return attestation


def _take_turns(wanted: list[UUID]) -> None:
    """Two batches cannot hold the same dose, nor can it be corrected meanwhile: the second waits, and then looks."""
    sql.fetch_one(queries["hold_doses"], {"ids": wanted})


def _earlier(attestation_id: UUID | None, facility_id: UUID) -> models.Attestation | None:
    if attestation_id is None:
        return None
    return models.Attestation.objects.filter(pk=attestation_id, facility_id=facility_id).first()


def _same_batch(wanted: list[UUID]) -> models.Attestation | None:
    found = models.AttestedDose.objects.filter(dose_id__in=wanted).values_list("attestation_id", flat=True)
    if len(found) != len(wanted) or len(set(found)) != 1:
        return None
    attestation = models.Attestation.objects.get(pk=found[0])
    return attestation if attestation.leaves == len(wanted) else None


def _unattested(wanted: list[UUID]) -> list[Dose]:
    """The doses in order of id; those attested already are left out."""
    return list(
        Dose.objects.filter(pk__in=wanted, attesteddose=None)
        .select_related("superseded_by")
        .prefetch_related("findings")
        .order_by("id")
    )


def _signed(attestation_id: UUID, facility_id: UUID, leaves: list[bytes], by: UUID) -> models.Attestation:
    signer = keys.current(keys.ATTESTATION, facility_id)
    attestation = models.Attestation(
        id=attestation_id,
        facility_id=facility_id,
        attested_at=clock.now().replace(microsecond=0),
        attested_by=by,
        leaves=len(leaves),
        root=tree.root_hash(leaves).hex(),
        key_id=signer.kid.hex(),
    )
    attestation.signature = signer.sign(proof.statement(attestation)).hex()
    attestation.save(force_insert=True)
    return attestation


def _attested(attestation: models.Attestation, dose: Dose, position: int, leaf_hash: bytes) -> models.AttestedDose:
    return models.AttestedDose(
        dose=dose,
        attestation=attestation,
        person_id=dose.person_id,
        facility_id=dose.facility_id,
        position=position,
        leaf=leaf_hash.hex(),
    )
