"""All writes of who an account is at a ministry's own sign-on (docs/adr/0042)."""

from uuid import UUID

from django.db import IntegrityError, transaction

from tiemchung.accounts import policy
from tiemchung.accounts.models import Account
from tiemchung.accounts.models_sign_in import SignOnLink
from tiemchung.ground import audit, clock


@transaction.atomic
def link(*, account: Account, issuer: str, subject: str, by: UUID | None) -> None:
    """Bind an account to one person of a provider, once; the same again is harmless.

    Raises NotAllowedError where the account or the person is bound to another.
    """
    if SignOnLink.objects.filter(account=account, issuer=issuer, subject=subject).exists():
        return
    try:
        with transaction.atomic():
            SignOnLink.objects.create(account=account, issuer=issuer, subject=subject, linked_at=clock.now())
    except IntegrityError:
        raise policy.bound_to_another() from None
    audit.record("accounts.link_sign_on", by=by, subject=account.id)


@transaction.atomic
def unlink(*, account: Account, by: UUID | None) -> None:
    """Let whoever signs on next by the account's name be bound to it. An account that is not bound is left as it is."""
    if SignOnLink.objects.filter(account=account).delete()[0]:
        audit.record("accounts.unlink_sign_on", by=by, subject=account.id)
