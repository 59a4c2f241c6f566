"""Persons. Nothing written about one is ever lost: `PersonStatement` keeps each statement as it was made."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from tiemchung.accounts.models import Account
from tiemchung.ground.encrypted_fields import EncryptedJSONField, EncryptedTextField
from tiemchung.ground.ids import new_id
from tiemchung.places.models import Area


class Sex(models.TextChoices):
    MALE = "male", "Nam"
    FEMALE = "female", "Nữ"
    UNKNOWN = "unknown", "Chưa rõ"


class Person(models.Model):
    """Whom doses and passports are about. What stands here is the present state; the statements say how it came."""

    class Precision(models.TextChoices):
        DAY = "day"
        MONTH = "month"
        YEAR = "year"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    full_name = models.CharField(max_length=250)  # as written
    name_key = models.CharField(max_length=250)  # the same for all ways of writing one name
    name_tokens = ArrayField(models.CharField(max_length=60))  # folded, for search
    name_sort = models.CharField(max_length=800)  # Vietnamese order under the C collation
    birth_date = models.DateField()  # the first day that the precision allows
    birth_precision = models.CharField(max_length=5, choices=Precision.choices)
    sex = models.CharField(max_length=7, choices=Sex.choices)
    nationality = models.CharField(max_length=2, default="VN")  # ISO 3166-1 alpha-2
    residence = models.ForeignKey(Area, null=True, on_delete=models.PROTECT)  # commune
    address = models.CharField(max_length=250, blank=True)
    insurance_number = EncryptedTextField(purpose="insurance_number", blank=True, default="")
    qid = models.CharField(max_length=18, unique=True)  # 18 digits: what the personal QR v1.1 carries
    created_at = models.DateTimeField()

    class Meta:
        indexes = [GinIndex(fields=["name_tokens"]), models.Index(fields=["birth_date", "name_key"])]

    def __str__(self) -> str:
        return str(self.id)  # never the name: a log line must not hold it


class PersonStatement(models.Model):
    """What somebody stated about a person, word for word. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    source = models.CharField(max_length=20)  # self, relative, site, card_qr, personal_qr, device
    digest = models.CharField(max_length=80)  # keyed, of the content: what is left when the content had to go
    content = EncryptedJSONField(purpose="statement", null=True)


class IdentityNumber(models.Model):
    """A number that a person has or had; several over time, and one number may have been stated for two persons."""

    class Kind(models.TextChoices):
        CCCD = "cccd", "CCCD"
        CMND = "cmnd", "CMND"
        MA_DINH_DANH = "ma_dinh_danh", "Mã định danh"
        PASSPORT = "passport", "Hộ chiếu"
        FOREIGN_PASSPORT = "foreign_passport", "Hộ chiếu nước ngoài"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identity_numbers")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    value = EncryptedTextField(purpose="identity_number")
    look_up = models.BinaryField(max_length=16)  # keyed hash of the value: by it a number is found (people/numbers.py)
    stated_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "look_up"], condition=Q(withdrawn_at__isnull=True), name="one_number_once"
            )
        ]
        indexes = [models.Index(fields=["look_up"])]


class Contact(models.Model):
    """A way to reach a person. One phone may serve a whole family."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    value = models.CharField(max_length=120)
    stated_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "value"], condition=Q(withdrawn_at__isnull=True), name="one_contact_once"
            )
        ]
        indexes = [models.Index(fields=["value"])]


class Relation(models.TextChoices):
    """What the person is to the one who holds the account."""

    SELF = "self", "Tôi"
    SPOUSE = "spouse", "Vợ, chồng"
    CHILD = "child", "Con"
    PARENT = "parent", "Cha, mẹ"
    OTHER = "other", "Người thân"


class Guardian(models.Model):
    """Who answers for a person who may not answer for himself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="guardians")
    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="wards")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "guardian"], name="one_guardian_once")]


class Holder(models.Model):
    """Which account may see and act for which person in the health book, until the hold ends."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holders")
    relation = models.CharField(max_length=6, choices=Relation.choices)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "person"], name="one_holder_once")]


class Merge(models.Model):
    """Two records are one human's: until it is undone the kept record speaks for the merged one. Nothing is moved.

    The records themselves never change; whoever asks about one is answered about all records of the human.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    evidence = models.JSONField()  # codes of what agreed and differed when it was decided; no value
    note = models.CharField(max_length=250, blank=True)
    at = models.DateTimeField()
    by = models.UUIDField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undo_reason = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="merged_into_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(kept=models.F("merged")), name="nobody_is_merged_into_himself"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undo_reason="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undo_reason="")),
                name="who_undid_when_and_why",
            ),
        ]


class MergedPerson(models.Model):
    """Which record speaks for a merged one now: what the standing merges amount to, written in their transaction."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT, related_name="merged_person")
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="speaks_for")


class DistinctPersons(models.Model):
    """Somebody looked at two records and found two humans: they are proposed no more until he takes it back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    one = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # the smaller id
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=250, blank=True)
    at = models.DateTimeField()
    by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other"], condition=Q(ended_at__isnull=True), name="found_distinct_once"
            ),
            models.CheckConstraint(condition=Q(one__lt=models.F("other")), name="a_pair_has_one_order"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="who_took_it_back_when",
            ),
        ]
