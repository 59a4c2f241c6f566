"""Lots, and the ledger of doses that come into and go out of a facility. A balance is a sum, never a field."""

from django.db import models

from tiemchung.ground.ids import new_id
from tiemchung.places.models import Facility


class Lot(models.Model):
    """A maker's lot of one product."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    product = models.CharField(max_length=10)  # code in reference_data/vaccines.yaml
    number = models.CharField(max_length=30)  # upper case, no spaces
    expires_on = models.DateField()
    held_since = models.DateTimeField(null=True)
    hold_reason = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "number"], name="one_lot_once")]
        indexes = [models.Index(fields=["number"])]


class StockMovement(models.Model):
    """Doses in (+) or out (−). Append-only; an injection has exactly one, named by its dose."""

    class Reason(models.TextChoices):
        RECEIPT = "receipt", "Nhập"
        INJECTION = "injection", "Tiêm"
        WASTE = "waste", "Hao hụt"
        CORRECTION = "correction", "Điều chỉnh"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT)
    doses = models.IntegerField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    dose_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dose_id"], condition=models.Q(reason="injection"), name="one_movement_a_dose"
            ),
            models.CheckConstraint(
                condition=models.Q(reason="injection", dose_id__isnull=False, doses=-1) | ~models.Q(reason="injection"),
                name="an_injection_takes_one",
            ),
        ]
        indexes = [models.Index(fields=["facility", "lot"])]
