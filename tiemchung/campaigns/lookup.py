"""Which campaign is on, who is registered, and when is somebody asked to come?"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from tiemchung.campaigns.models import Campaign, Invitation, Registration
from tiemchung.ground import clock
from tiemchung.people import merges


def open_now() -> Campaign | None:
    """The campaign that takes registrations today: the newest that has begun and has not ended."""
    today = clock.today()
    running = Campaign.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today)
    return running.order_by("-starts_on").first()


def live_registrations(person_ids: Iterable[UUID]) -> dict[UUID, Registration]:
    """The registration in the open campaign of each person who has one, the first of all his records."""
    whose = merges.whose(person_ids)
    found = Registration.objects.filter(campaign=open_now(), person_id__in=whose, withdrawn_at__isnull=True)
    return {whose[registration.person_id]: registration for registration in found.order_by("-registered_at")}


def coming_invitations(person_ids: Iterable[UUID]) -> list[Invitation]:
    """Invitations to sessions of today and later of who still wants to come, of all his records, the first first."""
    found = Invitation.objects.filter(
        person_id__in=merges.whose(person_ids), session__on__gte=clock.today(), registration__withdrawn_at=None
    )
    return list(found.select_related("session__facility", "person").order_by("slot_at", "id"))
