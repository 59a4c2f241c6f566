"""Accounts: who signs in. A citizen's account may hold many persons; a person may have no account."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from tiemchung.accounts.roles import AT_FACILITY, CODE_LENGTH, LEVEL_OF, OF_NATION, Role
from tiemchung.accounts.states import SIGNS_IN, Standing, standing
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.places.models import Area, Facility

__all__ = ["Account", "Activation", "HandOver", "OneTimeCode", "Role"]


def _bound_to(level: Area.Level) -> Q:
    """The role is of that level, and its area's code is as long as GSO's codes of that level are."""
    roles = [role for role, its_level in LEVEL_OF.items() if its_level == level]
    return Q(Exact(Length("area"), CODE_LENGTH[level]), role__in=roles, facility__isnull=True)


class Account(AbstractBaseUser):
    """One human's own account: a role, and the facility or area that bounds it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=60, unique=True)  # a citizen's is his phone number
    display_name = models.CharField(max_length=120)
    folded = models.CharField(max_length=120, default="")  # the name without diacritics, for search
    role = models.CharField(max_length=30, choices=Role.choices)
    facility = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT)
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField()
    expires_on = models.DateField(null=True)  # the last day that it opens
    closed_on = models.DateField(null=True)  # the first day that it no longer does; for good
    suspended_at = models.DateTimeField(null=True)  # until somebody resumes it
    not_resumed_by = models.UUIDField(null=True)  # who may not: he opened or reset it, and its role takes two for that
    away_from = models.DateField(null=True)  # a leave
    away_until = models.DateField(null=True)  # its last day; none: until the holder is back

    objects = BaseUserManager["Account"]()
    USERNAME_FIELD = "username"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=AT_FACILITY, facility__isnull=False, area__isnull=True)
                | Q(role__in=[*OF_NATION, Role.CITIZEN], facility__isnull=True, area__isnull=True)
                | _bound_to(Area.Level.COMMUNE)
                | _bound_to(Area.Level.DISTRICT)
                | _bound_to(Area.Level.PROVINCE),
                name="role_has_its_facility_or_area",
            ),
            models.CheckConstraint(
                condition=Q(away_until__isnull=True) | Q(away_from__isnull=False, away_until__gte=F("away_from")),
                name="leave_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "role"]),
            models.Index(fields=["area", "role"]),
            models.Index(fields=["folded", "id"]),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def standing(self) -> Standing:
        """How the account stands today."""
        return standing(self, clock.today())

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # asked by Django at sign-in and with every request
        return self.standing in SIGNS_IN


class Activation(models.Model):
    """A code that was given to an account's holder, who chooses a password with it, once. Only the last one counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    hashed = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    redeemed_at = models.DateTimeField(null=True)


class HandOver(models.Model):
    """Open work of an account that leaves, given to another from a day on; ended when the holder is back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="handed_over")
    successor = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="taken_over")
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)  # the last day
    work = models.JSONField(default=list)  # kind and count of what was open when it was given
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(account=F("successor")), name="nobody_succeeds_himself"),
            models.UniqueConstraint(
                fields=["account"], condition=Q(ends_on__isnull=True), name="one_successor_at_a_time"
            ),
        ]


class OneTimeCode(models.Model):
    """A code that was sent to a phone. It is over when redeemed, too old, tried too often or followed by another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    phone = models.CharField(max_length=12)  # +84 and nine digits
    hashed = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)  # wrong ones
    redeemed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phone", "sent_at"])]
