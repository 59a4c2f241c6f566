"""Accounts: who signs in. A citizen's account may hold many persons; a person may have no account."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from tiemchung.accounts.roles import AT_FACILITY, CODE_LENGTH, LEVEL_OF, OF_NATION, Role
from tiemchung.ground.ids import new_id
from tiemchung.places.models import Area, Facility

__all__ = ["Account", "OneTimeCode", "Role"]


def _bound_to(level: Area.Level) -> Q:
    """The role is of that level, and its area's code is as long as GSO's codes of that level are."""
    roles = [role for role, its_level in LEVEL_OF.items() if its_level == level]
    return Q(Exact(Length("area"), CODE_LENGTH[level]), role__in=roles, facility__isnull=True)


class Account(AbstractBaseUser):
    """One human's own account: a role, and the facility or area that bounds it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=60, unique=True)  # a citizen's is his phone number
    display_name = models.CharField(max_length=120)
    role = models.CharField(max_length=30, choices=Role.choices)
    facility = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT)
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

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
            )
        ]

    def __str__(self) -> str:
        return self.display_name


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
