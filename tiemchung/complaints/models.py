"""Complaints: what was said, its photos, and the steps taken. A complaint's state is computed from its steps."""

from django.db import models
from django.db.models import Q

from tiemchung.accounts.models import Account
from tiemchung.doses.models import Dose
from tiemchung.ground.encrypted_fields import EncryptedTextField
from tiemchung.ground.ids import new_id
from tiemchung.people.models import Person
from tiemchung.places.models import Area, Facility


class Complaint(models.Model):
    """One thing that a citizen says is wrong or missing about a person whom his account holds. Append-only."""

    class Kind(models.TextChoices):
        DOSE_MISSING = "dose_missing", "Thiếu mũi đã tiêm"
        DOSE_WRONG = "dose_wrong", "Mũi ghi sai"
        NOT_INJECTED = "not_injected", "Chưa tiêm mà ghi đã tiêm"
        PERSON_WRONG = "person_wrong", "Sai họ tên, ngày sinh, giới tính hoặc số"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    dose = models.ForeignKey(Dose, null=True, on_delete=models.PROTECT)  # which entry is wrong
    facility = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT)  # the site that is asked
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT)  # the commune that is asked
    text = EncryptedTextField(purpose="complaint", blank=True, default="")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(facility__isnull=False) | Q(area__isnull=False), name="somebody_is_asked"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["dose_wrong", "not_injected"]) | Q(dose__isnull=False),
                name="a_wrong_dose_is_named",
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "sent_at"]),
            models.Index(fields=["area", "sent_at"]),
            models.Index(fields=["account", "sent_at"]),
        ]


class ComplaintPhoto(models.Model):
    """A photo as we drew it anew: no bytes of the file that was sent are kept. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="photos")
    position = models.PositiveSmallIntegerField()
    content = models.BinaryField()  # JPEG, encrypted

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "position"], name="one_photo_a_place")]


class ComplaintStep(models.Model):
    """What somebody did about a complaint. Append-only; it ends once."""

    class Act(models.TextChoices):
        TAKEN = "taken", "Nhận xử lý"
        ACCEPTED = "accepted", "Đã sửa"
        REFUSED = "refused", "Không chấp nhận"
        WITHDRAWN = "withdrawn", "Người gửi rút lại"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=9, choices=Act.choices)
    at = models.DateTimeField()
    by = models.UUIDField()
    reason = models.CharField(max_length=30, blank=True)  # of reference_data/refusal_reasons.yaml
    correction = models.CharField(max_length=20, blank=True)  # what was corrected: dose, void, late_entry, person
    dose_id = models.UUIDField(null=True)  # the entry that the correction made

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(act__in=["accepted", "refused", "withdrawn"]),
                name="a_complaint_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(act="refused") ^ Q(reason=""), name="a_refusal_has_a_reason_and_nothing_else_has"
            ),
            models.CheckConstraint(
                condition=Q(act="accepted") ^ Q(correction=""), name="who_accepts_corrects_something"
            ),
        ]
        indexes = [models.Index(fields=["complaint", "at"])]
