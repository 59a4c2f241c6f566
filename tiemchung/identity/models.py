"""What the population side answered about a person. Only verdicts come here, never a value."""

from django.db import models
from django.db.models import Q

from tiemchung.ground.ids import new_id
from tiemchung.people.models import Person, PersonStatement


class CheckBatch(models.Model):
    """Questions that go to the population side as files, and whose answers come back so."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    written_at = models.DateTimeField(null=True)  # when all files were there; until then they are written anew
    digest = models.CharField(max_length=64, blank=True)  # of the manifest: the answers name it
    imported_at = models.DateTimeField(null=True)  # when the answers were all in


class PopulationCheck(models.Model):
    """One question to the population side and its answer. It speaks of the person as he stood after `statement`."""

    class Verdict(models.TextChoices):
        RIGHT = "right", "Đúng"
        WRONG = "wrong", "Sai"
        UNKNOWN = "unknown", "Không có số này"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    statement = models.ForeignKey(PersonStatement, on_delete=models.PROTECT)  # the last one when it was asked
    answered_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=7, choices=Verdict.choices, blank=True)
    fields = models.JSONField(default=dict)  # field → right, or the kind of difference (for staff)
    handle = models.CharField(max_length=64, blank=True)  # the population side's name for the person; only on right
    fault = models.CharField(max_length=30, blank=True)  # why there is no answer
    batch = models.ForeignKey(CheckBatch, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(handle="") | Q(verdict="right"), name="a_handle_is_given_only_on_right")
        ]
        indexes = [
            models.Index(fields=["person", "-asked_at"]),
            models.Index(fields=["batch", "id"], condition=Q(batch__isnull=False), name="checks_of_a_batch"),
            models.Index(fields=["handle"], condition=~Q(handle=""), name="checks_by_handle"),
            models.Index(fields=["answered_at"], condition=Q(verdict="unknown"), name="checks_that_were_unknown"),
        ]


class CheckRound(models.Model):
    """After whom the clock's round through all persons, by id, goes on. One row; without it, at the beginning."""

    id = models.BigAutoField(primary_key=True)
    after = models.UUIDField()
    at = models.DateTimeField()


class Recheck(models.Model):
    """A verdict no longer holds although the person said nothing new: the register changed, or may have; ask anew."""

    class Why(models.TextChoices):
        REGISTER_CORRECTED = "register_corrected", "Dữ liệu dân cư đã sửa"
        UNKNOWN_FOR_LONG = "unknown_for_long", "Đã lâu chưa có số này"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    why = models.CharField(max_length=30, choices=Why.choices)

    class Meta:
        indexes = [
            models.Index(fields=["person", "at"]),
            models.Index(fields=["at"], condition=Q(why="unknown_for_long"), name="rechecks_by_the_clock"),
        ]


class DuplicateScan(models.Model):
    """One search of the whole registry for duplicates. What the latest one no longer found is out of date."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by = models.UUIDField(null=True)
    persons = models.PositiveBigIntegerField(default=0)
    pairs = models.PositiveBigIntegerField(default=0)  # compared field by field


class Duplicate(models.Model):
    """Two records that may be one human's, or one number that two humans have, with the evidence. Nobody decided."""

    class Kind(models.TextChoices):
        SAME_PERSON = "same_person", "Có thể là một người"
        SHARED_NUMBER = "shared_number", "Hai người chung một số"
        ISSUED_TWICE = "issued_twice", "Số cấp hai lần"
        CROWD = "crowd", "Nhóm quá đông"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    one = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # the smaller id
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    evidence = models.JSONField()  # codes: levels of fields, keys, vetoes, doses; no value
    bits = models.FloatField()  # what speaks for one human, less what speaks against it
    found_at = models.DateTimeField()
    scan = models.ForeignKey(DuplicateScan, on_delete=models.PROTECT)  # the latest that found it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="a_duplicate_once"),
            models.CheckConstraint(condition=Q(one__lt=models.F("other")), name="a_duplicate_has_one_order"),
        ]
        indexes = [models.Index(fields=["scan", "kind", "-bits"])]


class ChangeList(models.Model):
    """A list of changes in the register that was taken in; the same list again changes nothing."""

    digest = models.CharField(primary_key=True, max_length=64)  # of its text
    upto = models.BigIntegerField()  # the last change it tells of, by the other side's numbers
    handles = models.JSONField(default=list, db_default=[])  # whom it names: answers of before may still come in
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
