"""How does an account stand today? Computed from the facts on its row; nobody sets it.

The first line that holds is the answer:

| Facts | Standing |
|---|---|
| its closing day has come | closed |
| its last day is over | expired |
| it was suspended and not resumed | suspended |
| today lies in an absence | away |
| it has no password yet | waiting |
| else | active |

Active and waiting ones may sign in, the latter without a password of ours: by the ministry's own sign-on, or as a
program by its key. A session of any other ends with its next request.
"""

from datetime import date, datetime
from typing import Protocol

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, is_password_usable
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    """How an account stands on a day."""

    ACTIVE = "active", _("Đang dùng")
    WAITING = "waiting", _("Chờ kích hoạt")
    AWAY = "away", _("Tạm nghỉ")
    SUSPENDED = "suspended", _("Tạm khóa")
    EXPIRED = "expired", _("Hết hạn")
    CLOSED = "closed", _("Đã đóng")


SIGNS_IN = frozenset({Standing.ACTIVE, Standing.WAITING})


class Facts(Protocol):
    """What an account's row says of its standing. Days are Viet Nam's; `away_until` is the last day away."""

    password: str
    closed_on: date | None
    expires_on: date | None
    suspended_at: datetime | None
    away_from: date | None
    away_until: date | None


def standing(account: Facts, today: date) -> Standing:
    """How the account stands on that day."""
    if account.closed_on and account.closed_on <= today:
        return Standing.CLOSED
    if account.expires_on and account.expires_on < today:
        return Standing.EXPIRED
    if account.suspended_at:
        return Standing.SUSPENDED
    if account.away_from and account.away_from <= today and (not account.away_until or today <= account.away_until):
        return Standing.AWAY
    return Standing.ACTIVE if is_password_usable(account.password) else Standing.WAITING


def condition(wanted: Standing, today: date) -> Q:
    """The same rule for a query set: rows that stand so on that day."""
    away = Q(away_from__isnull=False, away_from__lte=today) & (Q(away_until__isnull=True) | Q(away_until__gte=today))
    ladder = {
        Standing.CLOSED: Q(closed_on__isnull=False, closed_on__lte=today),
        Standing.EXPIRED: Q(expires_on__isnull=False, expires_on__lt=today),
        Standing.SUSPENDED: Q(suspended_at__isnull=False),
        Standing.AWAY: away,
        Standing.WAITING: Q(password__startswith=UNUSABLE_PASSWORD_PREFIX),
        Standing.ACTIVE: Q(),
    }
    order = list(ladder)
    found = ladder[wanted]
    for earlier in order[: order.index(wanted)]:
        found &= ~ladder[earlier]
    return found
