"""What happens on the floor. A visit's state is computed from its facts: checked in, screened, injected, observed."""

from django.db import models

from tiemchung.campaigns.models import Session
from tiemchung.ground.encrypted_fields import EncryptedJSONField
from tiemchung.ground.ids import new_id
from tiemchung.people.models import Person
from tiemchung.places.models import Facility


class Visit(models.Model):
    """One person's coming to one session. The row is the check-in."""

    class Way(models.TextChoices):
        PERSONAL_QR = "personal_qr"
        CCCD_QR = "cccd_qr"
        TYPED = "typed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    checked_in_at = models.DateTimeField()
    checked_in_by = models.UUIDField()
    way = models.CharField(max_length=11, choices=Way.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="one_visit_a_session")]
        indexes = [models.Index(fields=["facility", "checked_in_at"])]


class Screening(models.Model):
    """What the screening found, by Decision 4355/QĐ-BYT and what replaced it: one of four outcomes."""

    class Outcome(models.TextChoices):
        ELIGIBLE = "eligible", "Đủ điều kiện"
        CAUTION = "caution", "Thận trọng"
        POSTPONED = "postponed", "Trì hoãn"
        CONTRAINDICATED = "contraindicated", "Chống chỉ định"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT)
    outcome = models.CharField(max_length=15, choices=Outcome.choices)
    answers = models.JSONField()  # question code → yes, no, unknown
    temperature = models.DecimalField(max_digits=3, decimal_places=1)  # °C
    pulse = models.PositiveSmallIntegerField(null=True)  # beats a minute
    systolic = models.PositiveSmallIntegerField(null=True)  # mmHg
    diastolic = models.PositiveSmallIntegerField(null=True)  # mmHg
    respiration = models.PositiveSmallIntegerField(null=True)  # breaths a minute
    screened_at = models.DateTimeField()
    screened_by = models.UUIDField()


class Observation(models.Model):
    """The thirty minutes after the injection, and how they ended."""

    class Outcome(models.TextChoices):
        WELL = "well", "Ổn"
        REACTION = "reaction", "Có phản ứng"
        LEFT_EARLY = "left_early", "Về sớm"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT)
    ended_at = models.DateTimeField()
    ended_by = models.UUIDField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    note = models.CharField(max_length=500, blank=True)


class PersonAlias(models.Model):
    """What a device called a person before the server recognised him. Later events follow it."""

    provisional_id = models.UUIDField(primary_key=True, editable=False)  # made by the device
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    made_at = models.DateTimeField()


class VisitAlias(models.Model):
    """What a second device called a visit that another device of the site had begun. Later events follow it."""

    provisional_id = models.UUIDField(primary_key=True, editable=False)  # made by the device
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    made_at = models.DateTimeField()


class SiteEvent(models.Model):
    """What a site sent and was taken: kept whole, so that sending twice is harmless. Append-only."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by the device, never here
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    kind = models.CharField(max_length=30)
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()
    received_from = models.UUIDField()  # account
    digest = models.CharField(max_length=80)  # keyed, of the event as sent: what is left when the content had to go
    content = EncryptedJSONField(purpose="site_event", null=True)  # the event as sent
    findings = models.JSONField(default=list)  # code, field, vi, en of each; none: accepted as it is

    class Meta:
        indexes = [models.Index(fields=["facility", "received_at"])]


class QuarantinedEvent(models.Model):
    """What was sent and cannot be taken as it is: unreadable, out of scope, about something unknown. Append-only.

    It waits until a site event of the same id has been taken.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    event_id = models.UUIDField()  # made by the device; made from the digest when the device's cannot be read
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)  # of the account that sent it
    received_at = models.DateTimeField()
    received_from = models.UUIDField()  # account
    kind = models.CharField(max_length=30, blank=True)  # as far as it can be read
    made_at = models.DateTimeField(null=True)  # as far as it can be read
    digest = models.CharField(max_length=80)
    content = EncryptedJSONField(purpose="site_event", null=True)  # the event as sent
    reason = models.JSONField()  # code, field, vi, en

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "digest"], name="one_quarantine_once")]
        indexes = [models.Index(fields=["facility", "received_at"])]
