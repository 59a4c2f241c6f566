"""Accounts: who signs in. A citizen's account may hold many persons; a person may have no account."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from tiemchung.ground.ids import new_id
from tiemchung.places.models import Area, Facility


class Role(models.TextChoices):
    """What an account is for; which pages that opens is in the table of rights."""

    CITIZEN = "citizen", "Người dân"
    VACCINATOR = "vaccinator", "Nhân viên tiêm chủng"
    FACILITY_HEAD = "facility_head", "Trưởng cơ sở tiêm chủng"
    NATIONAL_SIGNER = "national_signer", "Người ký quốc gia"
    MINISTRY = "ministry", "Bộ Y tế"


AT_FACILITY = [Role.VACCINATOR, Role.FACILITY_HEAD]


class Account(AbstractBaseUser):
    """One human's own account: a role, and the facility or area that bounds it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=60, unique=True)  # a citizen's is his phone number
    display_name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role.choices)
    facility = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT)
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = BaseUserManager["Account"]()
    USERNAME_FIELD = "username"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=AT_FACILITY, facility__isnull=False)
                | (~Q(role__in=AT_FACILITY) & Q(facility__isnull=True)),
                name="facility_staff_have_a_facility",
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
