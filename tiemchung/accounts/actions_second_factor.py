"""All writes to second factors and recovery codes."""

from uuid import UUID

from django.db import transaction

from tiemchung.accounts import second_factor
from tiemchung.accounts.actions_four_eyes import await_another
from tiemchung.accounts.models import Account
from tiemchung.accounts.models_sign_in import RecoveryCode, SecondFactor, SignIn
from tiemchung.ground import audit, clock, recovery_codes
from tiemchung.vietnam.digits import compact


@transaction.atomic
def set_up(*, account: Account, secret: bytes, code: str, by: UUID | None) -> list[str]:
    """Let an account have this secret from now on, once the app has shown a code of it; another one ends.

    Gives its recovery codes: they are told this once. Raises InvalidInputError on code.
    """
    step = second_factor.step_of(secret, compact(code[:40]), after=0)
    if step is None:
        raise second_factor.wrong()
    SecondFactor.objects.update_or_create(
        account=account,
        defaults={"secret": second_factor.kept(secret), "set_up_at": clock.now(), "last_step": step},
    )
    audit.record("accounts.set_up_second_factor", by=by, subject=account.id)
    return renew_recovery_codes(account=account, by=by)


@transaction.atomic
def take_code(*, account: Account, code: str, by: UUID | None) -> None:
    """Take a code of the app; none is taken twice. What it was for writes the audit row. Raises InvalidInputError."""
    del by
    factor = SecondFactor.objects.select_for_update().get(account=account)
    step = second_factor.step_of(second_factor.read(factor.secret), compact(code[:40]), after=factor.last_step)
    if step is None:
        raise second_factor.wrong()
    factor.last_step = step
    factor.save(update_fields=["last_step"])


@transaction.atomic
def take_recovery_code(*, account: Account, code: str, by: UUID | None) -> int:
    """Use up one recovery code. Gives how many are left. Raises InvalidInputError on code."""
    hashed = second_factor.hash_of(account.id, code[:40])
    mine = RecoveryCode.objects.filter(account=account, used_at=None)
    if not mine.filter(hashed=hashed).update(used_at=clock.now()):
        raise second_factor.wrong_recovery_code()
    left = mine.count()
    audit.record("accounts.use_recovery_code", by=by, subject=account.id, left=left)
    return left


@transaction.atomic
def renew_recovery_codes(*, account: Account, by: UUID | None) -> list[str]:
    """Make recovery codes anew and give them, this once; the old ones end."""
    codes = recovery_codes.made()
    RecoveryCode.objects.filter(account=account).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account=account, hashed=second_factor.hash_of(account.id, code)) for code in codes
    )
    audit.record("accounts.renew_recovery_codes", by=by, subject=account.id)
    return codes


@transaction.atomic
def reset_second_factor(*, account: Account, by: Account | None) -> None:
    """Take the second factor away from who lost his phone; he sets one up at the next sign-in. All sign-ins end.

    Who may do this to whom is the caller's to check: `by` is the administrator. Doing it twice is harmless. One of a
    role that takes two is shut until another resumes it (`actions_four_eyes`).
    """
    SecondFactor.objects.filter(account=account).delete()
    RecoveryCode.objects.filter(account=account).delete()
    ended, _ = SignIn.objects.filter(account=account).delete()
    who = by.id if by else None
    audit.record("accounts.reset_second_factor", by=who, subject=account.id, sign_ins_ended=ended)
    await_another(account=account, by=by)
