"""Campaigns, who registered, which sessions are held, who is invited to which."""

from django.db import models
from django.db.models import Q

from tiemchung.ground.ids import new_id
from tiemchung.people.models import Person
from tiemchung.places.models import Facility


class Campaign(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=30, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    rules = models.CharField(max_length=60, default="covid19")  # which rule file of dosing
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class Registration(models.Model):
    """A person's wish to be vaccinated, with what he said of his health."""

    class Source(models.TextChoices):
        SELF = "self"
        RELATIVE = "relative"
        SITE = "site"

    class PartOfDay(models.TextChoices):
        MORNING = "morning", "Sáng"
        AFTERNOON = "afternoon", "Chiều"
        ANY = "any", "Cả ngày"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    priority_group = models.PositiveSmallIntegerField()  # 1 to 16, Decision 3355/QĐ-BYT
    wanted_from = models.DateField(null=True)
    part_of_day = models.CharField(max_length=9, choices=PartOfDay.choices, default=PartOfDay.ANY)
    history = models.JSONField(default=dict)  # question code → yes, no, unknown
    source = models.CharField(max_length=8, choices=Source.choices)
    consented_at = models.DateTimeField(null=True)  # none: a site registered him, consent is signed on paper there
    registered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "person"], condition=Q(withdrawn_at__isnull=True), name="one_registration"
            ),
            models.CheckConstraint(
                condition=Q(priority_group__gte=1, priority_group__lte=16), name="a_known_priority_group"
            ),
            models.CheckConstraint(
                condition=Q(source="site") | Q(consented_at__isnull=False), name="a_citizen_consents_when_he_registers"
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "priority_group", "registered_at", "id"],
                condition=Q(withdrawn_at__isnull=True),
                name="whom_to_invite_next",
            )
        ]


class Session(models.Model):
    """A buổi tiêm: one facility, one half day, one product."""

    class Part(models.TextChoices):
        MORNING = "morning", "Buổi sáng"
        AFTERNOON = "afternoon", "Buổi chiều"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT)
    on = models.DateField()
    part = models.CharField(max_length=9, choices=Part.choices)
    product = models.CharField(max_length=10)
    capacity = models.PositiveIntegerField()  # people

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "on", "part", "product"], name="one_session_a_half_day")
        ]


class Invitation(models.Model):
    """A person is asked to come to a session at a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    slot_at = models.DateTimeField()
    invited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="one_invitation_a_session")]
        indexes = [models.Index(fields=["person", "-slot_at"])]
