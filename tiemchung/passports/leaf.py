"""What exactly does a site vouch for? The facts of a dose and the person's id, in one canonical writing; no name."""

from datetime import UTC

from tiemchung.doses.models import Dose
from tiemchung.ground.canonical import canonical
from tiemchung.ground.tree import leaf_hash


def content_of(dose: Dose) -> dict[str, str]:
    """The facts of one dose as they are attested."""
    return {
        "dose": str(dose.id),
        "person": str(dose.person_id),
        "facility": str(dose.facility_id),
        "product": dose.product,
        "lot": dose.lot_number,
        "injected_at": dose.injected_at.astimezone(UTC).isoformat(timespec="seconds"),
    }


def hash_of(dose: Dose) -> bytes:
    """The leaf of a dose in the tree of its attestation."""
    return leaf_hash(canonical(content_of(dose)))
