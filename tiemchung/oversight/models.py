"""Seals of what only grows, and alarms. Append-only themselves; docs/reference/seals.md says what is signed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tiemchung.ground.ids import new_id


class Seal(models.Model):
    """One signature over all rows that a range of transactions wrote into the ledgers and logs."""

    number = models.BigIntegerField(primary_key=True)  # 1, 2, 3 … without a gap
    made_at = models.DateTimeField()  # by the platform's clock; the order is that of the numbers
    first = models.BigIntegerField()  # transaction that the range begins with: where the seal before ended
    until = models.BigIntegerField(unique=True)  # transaction that it ends before
    rows = models.BigIntegerField()
    statement = models.TextField()  # the very text that is signed
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=1024)  # hex

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("first")), name="a_seal_is_of_a_range")
        ]


class SealedLeaves(models.Model):
    """The leaves of one table under one seal, up to 65,536 in a part: by them an altered row is named."""

    id = models.BigAutoField(primary_key=True)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="leaves")
    table = models.CharField(max_length=63)
    part = models.PositiveIntegerField()  # 0, 1, 2 …
    keys = models.TextField()  # of the rows, in the tree's order, one a line
    hashes = models.BinaryField()  # 32 bytes a row, in the same order

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "table", "part"], name="one_part_once")]


class Alarm(models.Model):
    """An account or a network did more than a rule lets pass. What becomes of it are findings.

    One of a day waits at a time for each rule and whom it is about; once it was looked at another may follow.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.CharField(max_length=40)  # reference_data/alarms.yaml
    who = models.CharField(max_length=43)  # the account's id, or the network
    account_id = models.UUIDField(null=True)
    network = models.CharField(max_length=43, blank=True)
    on = models.DateField()  # in Viet Nam
    raised_at = models.DateTimeField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    counted = models.PositiveIntegerField()  # when it was raised
    more_than = models.PositiveIntegerField()  # what the rule let pass then

    class Meta:
        indexes = [models.Index(fields=["-raised_at"])]


class AlarmFinding(models.Model):
    """An auditor looked at an alarm: what it turned out to be."""

    class Finding(models.TextChoices):
        WORK = "work", _("Công việc bình thường")
        MISUSE = "misuse", _("Lạm dụng, đã báo người phụ trách")
        OPEN = "open", _("Chưa rõ, đang hỏi cơ sở")

    NOTE = 500  # characters

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="findings")
    at = models.DateTimeField()
    by = models.UUIDField()
    finding = models.CharField(max_length=6, choices=Finding.choices)
    note = models.CharField(max_length=NOTE, blank=True)
