"""How long does a sign-in last? Staff by what NIST SP 800-63B asks at AAL2, a citizen as long as a book is at hand."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from tiemchung.accounts.models import Account, Role

TOUCH = timedelta(minutes=1)  # so often at most is it written down that a browser was seen


@dataclass(frozen=True)
class Limits:
    """A sign-in ends after `idle` without a request, and after `longest` in any case."""

    idle: timedelta
    longest: timedelta


def of(account: Account) -> Limits:
    """The limits of an account's sign-ins."""
    return citizen() if account.role == Role.CITIZEN else staff()


def staff() -> Limits:
    """A working day, and an hour without touching it (SP 800-63B-4, 2.2.3); the installation may shorten both."""
    return Limits(settings.STAFF_IDLE, settings.STAFF_LONGEST)


def citizen() -> Limits:
    """The own phone of somebody who looks in now and then (SP 800-63B-4, 2.1.3: thirty days at AAL1)."""
    return Limits(timedelta(days=7), timedelta(days=30))
