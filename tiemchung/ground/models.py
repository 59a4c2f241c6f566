"""Who did what, and who read what? Both logs only grow; no foreign keys, so that they never hinder live data."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from tiemchung.ground.ids import new_id


class Logged(models.Model):
    """What the logs say beside what happened: when, who, and from where (`origin.Origin`)."""

    at = models.DateTimeField()
    by = models.UUIDField(null=True)  # an account; none: the system itself
    page = models.CharField(max_length=60, default="")  # URL name
    client = models.CharField(max_length=32, default="")  # tag of the sign-in or of the programme
    network = models.CharField(max_length=43, default="")  # never the whole address

    class Meta:
        abstract = True


class AuditEntry(Logged):
    """One act that changed something, written in the act's own transaction; or one that was refused."""

    id = models.BigAutoField(primary_key=True)
    act = models.CharField(max_length=60)  # domain.verb, for example doses.record
    subject = models.UUIDField(null=True)  # what was changed
    person_id = models.UUIDField(null=True)
    facility_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)  # no names, numbers or phones: ids and codes only

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "at"]),
            models.Index(fields=["by", "at"]),
            models.Index(fields=["at"], condition=models.Q(act="access.refused"), name="refused_at"),
            BrinIndex(fields=["at"], autosummarize=True, name="audit_at"),
        ]


class ReadEntry(Logged):
    """One look at a person's record, with its reason. The person may see it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    facility_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-at"]),
            models.Index(fields=["by", "at"]),
            models.Index(fields=["at"]),
        ]


class NumberLookup(Logged):
    """Somebody was looked for by an identity number. Keyed hashes say which lookups were of one number, or near."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=32)
    block = models.CharField(max_length=32)  # the same for the hundred numbers that differ in the last two digits
    found = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["by", "at"]), models.Index(fields=["at"])]
