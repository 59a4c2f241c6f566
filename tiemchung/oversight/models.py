"""Seals of what only grows. Append-only themselves; docs/reference/seals.md says what is signed, byte for byte."""

from django.db import models


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
