"""Accounts that hold a nation's key, or may open one that does: what lets somebody into them takes two (docs/adr/0041).

Whoever opens such an account, raises one to such a role or takes its password or second factor away shuts it by that;
another one who administers it opens it. The operator of the installation, who has the server itself, is not bound.
"""

from django.db import transaction

from tiemchung.accounts.models import Account
from tiemchung.accounts.policy import ADMINISTERS
from tiemchung.accounts.roles import Role
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import NotAllowedError

_OF_KEYS = frozenset({Role.KEY_OFFICER, Role.NATIONAL_SIGNER})
GUARDED = _OF_KEYS | {role for role, others in ADMINISTERS.items() if others & _OF_KEYS}


@transaction.atomic
def await_another(*, account: Account, by: Account | None) -> None:
    """Shut an account of a guarded role until somebody else than `by` resumes it; any other is left as it is."""
    if by is None or account.role not in GUARDED:
        return
    account.suspended_at, account.not_resumed_by = clock.now(), by.id
    account.save(update_fields=["suspended_at", "not_resumed_by"])
    audit.record("accounts.await_another", by=by.id, subject=account.id, role=account.role)


def check_another(account: Account, by: Account | None) -> None:
    """Refuse who shut the account by `await_another`. Raises NotAllowedError on account."""
    if by and account.not_resumed_by == by.id:
        raise NotAllowedError(
            "second_administrator",
            field="account",
            vi="Bạn đã mở hoặc cấp lại tài khoản này, nên một người quản lý khác phải mở khóa. Nhờ người đó.",
            en="You opened or reset this account, so another one who administers it must resume it. Ask him.",
        )
