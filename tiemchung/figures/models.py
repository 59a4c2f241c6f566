"""What the public is shown: counts taken at a moment, so that a page costs nothing and all its numbers agree."""

from django.db import models

from tiemchung.ground.ids import new_id
from tiemchung.places.models import Area


class Snapshot(models.Model):
    """All figures as they stood at one moment."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    taken_at = models.DateTimeField(db_index=True)


class ProvinceCount(models.Model):
    """The four figures of a province, by place of injection."""

    id = models.BigAutoField(primary_key=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="provinces")
    province = models.ForeignKey(Area, on_delete=models.PROTECT)
    given = models.PositiveIntegerField()  # tallies typed from paper, and late entries without a session here
    recorded = models.PositiveIntegerField()  # entries of the ledger that stand; a possible double once
    verified = models.PositiveIntegerField()  # of these, of persons whose identity is right
    signed = models.PositiveIntegerField()  # of these, attested by a site
    behind = models.PositiveIntegerField()  # sessions whose tally is above what they recorded, or is missing

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "province"], name="one_count_a_province")]


class DayCount(models.Model):
    """Doses recorded by the day of injection, in the nation."""

    id = models.BigAutoField(primary_key=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()
    recorded = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "on"], name="one_count_a_day")]
