"""Who vouched for what a passport states? From the passport back to the site's signature, checked step by step."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from tiemchung.ground import tree
from tiemchung.ground.canonical import canonical
from tiemchung.hcert import SignerCertificate
from tiemchung.hcert.algorithms import holds
from tiemchung.passports import keys, leaf
from tiemchung.passports.models import Attestation, AttestedDose, Passport
from tiemchung.people import merges


def statement(attestation: Attestation) -> bytes:
    """The bytes that a site signs: which batch, of whom, when, how many leaves, under which root."""
    return canonical(
        {
            "attestation": str(attestation.id),
            "facility": str(attestation.facility_id),
            "attested_at": _text(attestation.attested_at),
            "leaves": attestation.leaves,
            "root": attestation.root,
        }
    )


@dataclass(frozen=True)
class DoseProof:
    """What an outsider needs to check that a site vouched for a dose: leaf, path, statement, signature, key."""

    content: dict[str, str]
    position: int
    path: tuple[str, ...]
    statement: str
    signature: str
    key_id: str

    def holds_for(self, certificate: SignerCertificate) -> bool:
        """Check the whole chain with nothing but this proof and the site's certificate; what is no proof holds not."""
        try:
            return self._holds_for(certificate)
        except (ValueError, KeyError, TypeError):
            return False

    def _holds_for(self, certificate: SignerCertificate) -> bool:
        said = json.loads(self.statement)
        path = [bytes.fromhex(step) for step in self.path]
        found = tree.leaf_hash(canonical(self.content))
        return (
            said["facility"] == self.content["facility"]
            and certificate.public_key is not None
            and holds(certificate.public_key, bytes.fromhex(self.signature), self.statement.encode())
            and tree.is_included(found, self.position, said["leaves"], path, bytes.fromhex(said["root"]))
        )


def of_dose(attested: AttestedDose) -> DoseProof:
    """The proof for one attested dose."""
    attestation = attested.attestation
    leaves = [bytes.fromhex(hexed) for hexed in _leaves_of(attestation)]
    return DoseProof(
        content=leaf.content_of(attested.dose),
        position=attested.position,
        path=tuple(step.hex() for step in tree.inclusion_path(leaves, attested.position)),
        statement=statement(attestation).decode(),
        signature=attestation.signature,
        key_id=attestation.key_id,
    )


def of_passport(passport: Passport) -> list[DoseProof]:
    """The proofs for all doses of the person up to the one that the passport states."""
    attested = (
        AttestedDose.objects.filter(
            person_id__in=merges.records_of(passport.person_id), dose__injected_at__lte=passport.dose.injected_at
        )
        .select_related("dose", "attestation")
        .order_by("dose__injected_at")
    )
    return [of_dose(one) for one in attested if not hasattr(one.dose, "superseded_by")]


def is_proven(proof: DoseProof) -> bool:
    """Say whether a proof holds by the certificate that we have for its key."""
    certificate = keys.certificate_of(proof.key_id, keys.ATTESTATION)
    return certificate is not None and proof.holds_for(certificate)


def _leaves_of(attestation: Attestation) -> list[str]:
    return list(attestation.doses.order_by("position").values_list("leaf", flat=True))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
