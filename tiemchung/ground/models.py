"""Who did what, and who read what? Both logs only grow; no foreign keys, so that they never hinder live data."""

from django.db import models

from tiemchung.ground.ids import new_id


class AuditEntry(models.Model):
    """One act that changed something, written in the act's own transaction."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=60)  # domain.verb, for example doses.record
    by = models.UUIDField(null=True)  # an account; none: the system itself
    subject = models.UUIDField(null=True)  # what was changed
    person_id = models.UUIDField(null=True)
    facility_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)  # no names, numbers or phones: ids and codes only

    class Meta:
        indexes = [models.Index(fields=["person_id", "at"]), models.Index(fields=["by", "at"])]


class ReadEntry(models.Model):
    """One look at a person's record, with its reason. The person may see it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    person_id = models.UUIDField()
    facility_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["person_id", "-at"])]
