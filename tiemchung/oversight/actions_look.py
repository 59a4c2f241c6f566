"""The auditor's own looks are written down: nobody watches unwatched."""

from uuid import UUID

from django.db import transaction

from tiemchung.accounts.models import Account
from tiemchung.ground import audit


@transaction.atomic
def note_look(*, what: str, by: Account, subject: UUID | None = None) -> None:
    """Write that an auditor looked at the logs of an account or of a time. `what` is «account» or «time»."""
    audit.record("oversight.look", by=by.id, subject=subject, what=what)
