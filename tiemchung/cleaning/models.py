"""Cleaning tasks and what happened to each; what went to commune police and what came back. States are computed."""

from django.db import models
from django.db.models import Q

from tiemchung.ground.encrypted_fields import EncryptedTextField
from tiemchung.ground.ids import new_id
from tiemchung.people.models import Person, PersonStatement
from tiemchung.places.models import Area, Facility


class CleaningTask(models.Model):
    """One cause why one record is not right. It is closed when a population check no longer finds the cause."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    field = models.CharField(max_length=10)  # number, full_name, birth_date, sex
    kind = models.CharField(max_length=30)  # of difference, for staff in scope
    commune = models.ForeignKey(Area, null=True, on_delete=models.PROTECT)  # whose station works on it
    facility = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT)  # that stated it, else that vaccinated
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "field", "kind"], condition=Q(closed_at=None), name="one_open_task_a_cause"
            )
        ]
        indexes = [
            models.Index(fields=["commune", "id"], condition=Q(closed_at=None), name="open_tasks_of_a_commune"),
            models.Index(
                fields=["facility", "field", "kind"], condition=Q(closed_at=None), name="open_tasks_of_a_facility"
            ),
            models.Index(fields=["closed_at"], condition=~Q(closed_at=None), name="tasks_closed_lately"),
        ]


class Step(models.TextChoices):
    """What happened to a task."""

    GIVEN_TO_HAMLET = "given_to_hamlet", "Giao tổ dân phố"
    HAMLET_CONFIRMED = "hamlet_confirmed", "Tổ dân phố: người dân nói đúng như hồ sơ"
    HAMLET_UNKNOWN = "hamlet_unknown", "Tổ dân phố: không tìm được người"
    SENT_TO_POLICE = "sent_to_police", "Chuyển công an xã"
    POLICE_SLIP = "police_slip", "Công an xã gửi phiếu đính chính"
    POLICE_REGISTER_CORRECTED = "police_register_corrected", "Công an xã sửa dữ liệu dân cư"
    POLICE_NOT_RESIDENT = "police_not_resident", "Công an xã: không cư trú ở đây"
    POLICE_NOT_CONFIRMED = "police_not_confirmed", "Công an xã: không xác nhận được"
    SENT_TO_SITE = "sent_to_site", "Chuyển điểm tiêm"
    SITE_UNKNOWN = "site_unknown", "Điểm tiêm: không rõ"
    CORRECTED = "corrected", "Đã sửa, chờ đối chiếu"
    SET_ASIDE = "set_aside", "Để lại, chưa sửa được"


class CleaningStep(models.Model):
    """One thing that happened to a task. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.ForeignKey(CleaningTask, on_delete=models.PROTECT, related_name="steps")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)  # an account; none: the population side's notice
    step = models.CharField(max_length=30, choices=Step.choices)

    class Meta:
        indexes = [models.Index(fields=["task", "-id"])]


class ConfirmationRequest(models.Model):
    """A record that commune police are asked about, one field of it in doubt. Its id is how the other side names it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.ForeignKey(CleaningTask, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    field = models.CharField(max_length=10)
    statement = models.ForeignKey(PersonStatement, on_delete=models.PROTECT)  # the last one when it was asked
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    taken_at = models.DateTimeField(null=True)  # the other side has it
    fault = models.CharField(max_length=30, blank=True)  # why it was not taken
    withdrawn_at = models.DateTimeField(null=True)  # the other side knows that no answer is needed any more

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(taken_at=None), name="requests_to_be_sent")]


class PoliceNotice(models.Model):
    """What the population side told of a decision, word for word, with its signature. Append-only.

    A correction slip carries a value; it stands in `body` alone, encrypted.
    """

    id = models.UUIDField(primary_key=True, editable=False)  # of the decision: the same again is nothing new
    number = models.BigIntegerField()  # its place in the other side's order
    request = models.ForeignKey(ConfirmationRequest, null=True, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)  # slip, or the outcome
    refused = models.CharField(max_length=30, blank=True)  # why nothing was done
    body = EncryptedTextField(purpose="police_notice")
    signature = models.CharField(max_length=100)
    key = models.CharField(max_length=16)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-number"])]


class FunnelDay(models.Model):
    """How many records of a province stood where at the end of a day: a fact that is taken once a day."""

    id = models.BigAutoField(primary_key=True)
    on = models.DateField()
    province = models.ForeignKey(Area, null=True, on_delete=models.PROTECT)  # none: of no known residence
    sent = models.PositiveIntegerField()
    with_number = models.PositiveIntegerField()
    right = models.PositiveIntegerField()
    wrong = models.PositiveIntegerField()
    unchecked = models.PositiveIntegerField()
    malformed = models.PositiveIntegerField(default=0, db_default=0)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["on", "province"], name="one_funnel_a_day_and_province", nulls_distinct=False
            )
        ]


class FunnelCount(models.Model):
    """How many records of a commune stood where when all were counted last: a nation is not counted at each look."""

    id = models.BigAutoField(primary_key=True)
    commune = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")  # none: residence unknown
    province = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    sent = models.PositiveIntegerField()
    with_number = models.PositiveIntegerField()
    right = models.PositiveIntegerField()
    wrong = models.PositiveIntegerField()
    unchecked = models.PositiveIntegerField()
    malformed = models.PositiveIntegerField()
    taken_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["commune"])]


class TaskCount(models.Model):
    """How many tasks of one cause a commune and a facility had of a province's residents when all were counted last."""

    id = models.BigAutoField(primary_key=True)
    commune = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT, related_name="+")
    province = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")  # of residence
    field = models.CharField(max_length=10)
    kind = models.CharField(max_length=30)
    open = models.PositiveIntegerField()
    oldest = models.DateTimeField(null=True)  # of the open ones
    cured = models.PositiveIntegerField()  # within the week before
    came = models.PositiveIntegerField()  # within the week before
    taken_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["commune"]), models.Index(fields=["facility"])]


class CleaningLook(models.Model):
    """Until when the checks and statements have been looked through for tasks to open and close."""

    id = models.BigAutoField(primary_key=True)
    until = models.DateTimeField()
