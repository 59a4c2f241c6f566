"""How does a passport stand? Computed from its dates and revocation, never stored."""

from enum import StrEnum
from uuid import UUID

from tiemchung.ground import clock
from tiemchung.passports.models import Passport


class PassportState(StrEnum):
    """The three ways a passport can stand."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


def of(passport: Passport) -> PassportState:
    """The state of a passport now. Revoked says more than expired."""
    if hasattr(passport, "revocation"):
        return PassportState.REVOKED
    return PassportState.VALID if passport.expires_at > clock.now() else PassportState.EXPIRED


def current(person_id: UUID) -> Passport | None:
    """The passport that the person should show: the newest one that is neither revoked nor expired."""
    return (
        Passport.objects.filter(person_id=person_id, revocation=None, expires_at__gt=clock.now())
        .order_by("-issued_at", "-id")
        .first()
    )
