"""The dose ledger: append-only. A correction is a new entry that supersedes; a void is one with a reason."""

from django.db import models
from django.db.models import Q

from tiemchung.campaigns.models import Session
from tiemchung.ground.ids import new_id
from tiemchung.people.models import Person
from tiemchung.places.models import Facility
from tiemchung.stock.models import Lot
from tiemchung.visits.models import Visit


class Dose(models.Model):
    """One entry of the ledger: a dose that was given, or the correction or void of an earlier entry."""

    class Source(models.TextChoices):
        SITE = "site", "Nhập tại buổi tiêm"
        LATE_ENTRY = "late_entry", "Nhập sau"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT)
    session = models.ForeignKey(Session, null=True, on_delete=models.PROTECT)
    product = models.CharField(max_length=10)
    lot = models.ForeignKey(Lot, null=True, on_delete=models.PROTECT)  # none: the lot as written is not known
    lot_number = models.CharField(max_length=40)  # as written
    injected_at = models.DateTimeField()
    injected_by = models.UUIDField(null=True)
    arm = models.CharField(max_length=5, choices=[("left", "Tay trái"), ("right", "Tay phải")], blank=True)
    stated_number = models.PositiveSmallIntegerField(null=True)  # «mũi N» as typed; never trusted
    source = models.CharField(max_length=10, choices=Source.choices)
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    void_reason = models.CharField(max_length=250, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(void_reason="") | Q(supersedes__isnull=False), name="a_void_names_what_it_voids"
            )
        ]
        indexes = [
            models.Index(fields=["person", "injected_at"]),
            models.Index(fields=["facility", "injected_at"]),
            models.Index(fields=["session"]),
        ]


# How a finding ends; "parted": of a double that merging two records made, when they are two again.
RESOLUTIONS = [("stands", "Đúng"), ("corrected", "Đã sửa"), ("parted", "Đã tách hồ sơ")]


class DoseFinding(models.Model):
    """Something about a recorded dose that a person must look at. Bars card and passport while unresolved."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dose = models.ForeignKey(Dose, on_delete=models.PROTECT, related_name="findings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    other = models.ForeignKey(Dose, null=True, on_delete=models.PROTECT, related_name="+")  # of a possible double
    code = models.CharField(max_length=40)
    field = models.CharField(max_length=40)
    vi = models.CharField(max_length=300)
    en = models.CharField(max_length=300)
    found_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.UUIDField(null=True)
    resolution = models.CharField(max_length=10, choices=RESOLUTIONS, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dose", "code"], name="one_finding_once"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True, resolution="")
                | (Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(resolution="")),
                name="who_resolved_when_and_how",
            ),
        ]
        indexes = [models.Index(fields=["facility"], condition=Q(resolved_at__isnull=True), name="open_findings")]


class Tally(models.Model):
    """How many doses a session gave of a product, typed from paper: *given*, where the ledger is *recorded*."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    product = models.CharField(max_length=10)
    doses = models.PositiveIntegerField()
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    typed_at = models.DateTimeField()
    typed_by = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "product"], condition=Q(supersedes__isnull=True), name="one_first_tally"
            )
        ]
