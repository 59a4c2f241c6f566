"""Suspending, leaving, coming back and closing accounts; nothing of an account is ever deleted.

Each is harmless when it is said twice: what already stands so is left as it is.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from tiemchung.accounts import policy
from tiemchung.accounts.actions_four_eyes import check_another
from tiemchung.accounts.models import Account, HandOver
from tiemchung.accounts.states import SIGNS_IN
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.ground.ids import new_id

ONE_DAY = timedelta(days=1)
Work = Callable[[Account], Sequence[dict[str, Any]]]  # kind and count of what is open; the domains above know it


def no_work(_: Account) -> Sequence[dict[str, Any]]:
    """For callers that know of no open work."""
    return ()


@transaction.atomic
def suspend(*, account_id: UUID, by: Account | None) -> Account:
    """Shut an account until it is resumed; its sessions end with their next request. Raises NotFoundError."""
    account = policy.administered_account(by, account_id)
    if account.suspended_at is None:
        account.suspended_at = clock.now()
        account.save(update_fields=["suspended_at"])
        _note("accounts.suspend", by, account)
    return account


@transaction.atomic
def resume(*, account_id: UUID, by: Account | None) -> Account:
    """Open a suspended account again.

    Raises NotFoundError; NotAllowedError for who opened or reset it, where its role takes two (`actions_four_eyes`).
    """
    account = policy.administered_account(by, account_id)
    if account.suspended_at is not None:
        check_another(account, by)
        account.suspended_at = account.not_resumed_by = None
        account.save(update_fields=["suspended_at", "not_resumed_by"])
        _note("accounts.resume", by, account)
    return account


@transaction.atomic
def send_on_leave(
    *,
    account_id: UUID,
    begins_on: date,
    ends_on: date | None,
    by: Account | None,
    successor_id: UUID | None = None,
    open_work: Work = no_work,
) -> Account:
    """Shut an account for a leave, both days included, and give its open work to a successor if one is named.

    Raises NotFoundError, InvalidInputError on days or successor, ConflictError when it is closed.
    """
    account = policy.administered_account(by, account_id)
    _check_not_closed(account)
    if ends_on is not None and ends_on < begins_on:
        raise InvalidInputError(
            "leave_backwards",
            field="ends_on",
            vi="Ngày về trước ngày nghỉ. Ghi lại ngày cuối cùng của kỳ nghỉ.",
            en="The leave ends before it begins. Write its last day again.",
        )
    account.away_from, account.away_until = begins_on, ends_on
    account.save(update_fields=["away_from", "away_until"])
    _note("accounts.leave", by, account, begins_on=str(begins_on), ends_on=str(ends_on) if ends_on else None)
    if successor_id:
        _hand_over(account, successor_id, begins_on, ends_on, by, open_work)
    return account


@transaction.atomic
def come_back(*, account_id: UUID, by: Account | None) -> Account:
    """End a leave today; work that was handed over comes back with it. Raises NotFoundError, ConflictError."""
    account = policy.administered_account(by, account_id)
    _check_not_closed(account)
    if account.away_from is not None:
        account.away_from = account.away_until = None
        account.save(update_fields=["away_from", "away_until"])
        _end_hand_over(account)
        _note("accounts.come_back", by, account)
    return account


@transaction.atomic
def close(
    *, account_id: UUID, on: date, by: Account | None, successor_id: UUID | None = None, open_work: Work = no_work
) -> Account:
    """Close an account for good from a day on, and give its open work to a successor.

    Raises NotFoundError; InvalidInputError on a day that is over, or on successor when there is open work and none is
    named or who is named cannot take it.
    """
    account = policy.administered_account(by, account_id)
    if account.closed_on and account.closed_on <= clock.today():
        return account
    _check_not_past(on)
    if successor_id is None and open_work(account):
        raise InvalidInputError(
            "successor_missing",
            field="successor",
            vi="Tài khoản còn việc đang mở. Chọn người nhận việc.",
            en="The account has open work. Choose who takes it over.",
        )
    account.closed_on = on
    account.save(update_fields=["closed_on"])
    _note("accounts.close", by, account, on=str(on))
    if successor_id:
        _hand_over(account, successor_id, on, None, by, open_work)
    return account


def successors(account: Account) -> QuerySet[Account]:
    """Who could take over an account's open work: anyone of its facility, or of its role in its area."""
    same = Account.objects.filter(facility=account.facility_id, area=account.area_id)
    if not account.facility_id:
        same = same.filter(role=account.role)
    return same.exclude(id=account.id).order_by("display_name")


def answers_for(account: Account) -> list[UUID]:
    """Whose open work is the account's today: its own, and what was handed over to it, hand to hand."""
    today = clock.today()
    running = Q(begins_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    found, new = [account.id], [account.id]
    while new:
        taken = HandOver.objects.filter(running, successor__in=new).exclude(account__in=found)
        new = list(taken.values_list("account_id", flat=True))
        found += new
    return found


def _hand_over(
    account: Account, successor_id: UUID, begins_on: date, ends_on: date | None, by: Account | None, open_work: Work
) -> None:
    successor = successors(account).filter(id=successor_id).first()
    if successor is None or successor.standing not in SIGNS_IN:
        raise InvalidInputError(
            "successor_unfit",
            field="successor",
            vi="Người nhận việc phải cùng cơ sở, hoặc cùng vai trò và địa bàn, đang dùng tài khoản. Chọn người khác.",
            en="Who takes over is of the same facility, or role and area, with an account in use. Choose another.",
        )
    _end_hand_over(account)
    HandOver.objects.create(
        id=new_id(), account=account, successor=successor, begins_on=begins_on, ends_on=ends_on,
        work=list(open_work(account)), made_at=clock.now(),
    )  # fmt: skip
    _note("accounts.hand_over", by, account, successor=str(successor.id))


def _end_hand_over(account: Account) -> None:
    """One that has not begun leaves nothing behind; else its last day was yesterday."""
    today = clock.today()
    running = HandOver.objects.filter(account=account).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    running.update(ends_on=today - ONE_DAY)


def _note(act: str, by: Account | None, account: Account, **detail: Any) -> None:
    audit.record(act, by=by.id if by else None, subject=account.id, facility_id=account.facility_id, **detail)


def _check_not_past(day: date) -> None:
    if day < clock.today():
        raise InvalidInputError(
            "day_over",
            field="on",
            vi="Ngày này đã qua. Ghi hôm nay hoặc một ngày sau.",
            en="This day is over. Write today or a later day.",
        )


def _check_not_closed(account: Account) -> None:
    if account.closed_on and account.closed_on <= clock.today():
        raise ConflictError(
            "account_closed",
            field="account",
            vi="Tài khoản đã đóng. Người trở lại cần một tài khoản mới.",
            en="The account is closed. Who returns needs a new account.",
        )
