"""Programs of others that call the API, their keys, and how much of a quota was used."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tiemchung.accounts.models import Account
from tiemchung.ground.ids import new_id


class ApiClient(models.Model):
    """A program of others. It acts by an account of its own, which has a role and a place and never a password.

    So whatever bounds staff bounds it; `pages` and the quotas bound it further.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="api_client")
    contact = models.CharField(max_length=200)  # whom to call when it misbehaves
    pages = ArrayField(models.CharField(max_length=60))  # endpoints by URL name
    per_minute = models.PositiveIntegerField()  # requests
    per_day = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(per_minute__gte=1, per_day__gte=models.F("per_minute")), name="a_client_has_quotas"
            )
        ]


class ApiKey(models.Model):
    """One key of a client: found by its prefix, kept as a hash. Two hold together while a client changes over."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="keys")
    prefix = models.CharField(max_length=8, unique=True)
    hashed = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class Spent(models.Model):
    """How often an account did something that has a quota, in one window of time. Old rows are deleted."""

    id = models.BigAutoField(primary_key=True)
    account_id = models.UUIDField()  # no foreign key: a counter never hinders, and outlives nothing
    kind = models.CharField(max_length=20)
    begins_at = models.DateTimeField()
    uses = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "kind", "begins_at"], name="one_counter_a_window")]
        indexes = [models.Index(fields=["begins_at"])]
