"""Who vouches for a dose (attestation), and the certificate that follows (passport)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tiemchung.doses.models import Dose
from tiemchung.ground.ids import new_id
from tiemchung.people.models import Person
from tiemchung.places.models import Facility


class Attestation(models.Model):
    """A batch of doses that a facility signs at once: one signature over the root of a Merkle tree of its leaves."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    attested_at = models.DateTimeField()
    attested_by = models.UUIDField()
    leaves = models.PositiveIntegerField()
    root = models.CharField(max_length=64)  # SHA-256, hex
    key_id = models.CharField(max_length=16)  # first 8 bytes of the certificate's SHA-256, hex
    signature = models.CharField(max_length=1024)  # hex


class AttestedDose(models.Model):
    """A leaf: dose facts and the person's id, no name."""

    dose = models.OneToOneField(Dose, primary_key=True, on_delete=models.PROTECT)
    attestation = models.ForeignKey(Attestation, on_delete=models.PROTECT, related_name="doses")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    position = models.PositiveIntegerField()  # of the leaf in its tree
    leaf = models.CharField(max_length=64)  # SHA-256, hex


class SignerCertificate(models.Model):
    """A certificate of ours (X.509) that the world may check passports and attestations against."""

    key_id = models.CharField(primary_key=True, max_length=16)
    use = models.CharField(max_length=12, choices=[(one, one) for one in ("passport", "attestation", "seal")])
    facility = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT)  # whose attestations it signs
    pem = models.TextField()
    where = models.CharField(max_length=120, db_default="pem")  # the private key: in the folder, or pkcs11:…
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    signs_from = models.DateTimeField(db_default=Now())  # published before, so that everybody has it by then
    withdrawn_at = models.DateTimeField(null=True)  # lost or leaked: all that it signed is invalid at once
    destroyed_at = models.DateTimeField(null=True)  # the private key is no more; what it signed holds


class KeyCeremony(models.Model):
    """Something done to a signing key: one key officer proposes it, another one decides. Its state is computed."""

    class Act(models.TextChoices):
        ENROL = "enrol", _("Đưa khóa vào dùng")
        WITHDRAW = "withdraw", _("Thu hồi khóa")
        DESTROY = "destroy", _("Hủy khóa")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    act = models.CharField(max_length=8, choices=Act.choices)
    key_id = models.CharField(max_length=16)
    use = models.CharField(max_length=12)
    facility = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT)
    pem = models.TextField(blank=True)  # the certificate to be enrolled
    where = models.CharField(max_length=120, default="pem")
    signs_from = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, approved=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, approved__isnull=False),
                name="a_ceremony_is_decided_whole_or_not",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("proposed_by")),
                name="four_eyes_decide_a_ceremony",
            ),
        ]
        indexes = [models.Index(fields=["key_id", "proposed_at"])]


class Passport(models.Model):
    """A signed certificate. Its state is computed: revoked, expired or valid."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    dose = models.ForeignKey(Dose, on_delete=models.PROTECT)  # the latest dose it states
    form = models.CharField(max_length=30)  # reference_data/forms
    uvci = models.CharField(max_length=80, unique=True)
    text = models.TextField()  # HC1:…
    key_id = models.CharField(max_length=16)
    content_digest = models.CharField(max_length=64)  # of what was certified: the same facts are not certified twice
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-issued_at"]),
            models.Index(fields=["expires_at"], name="passports_by_their_end"),
        ]


class Revocation(models.Model):
    """A passport that no longer holds, and why."""

    class Reason(models.TextChoices):
        DOSE_CORRECTED = "dose_corrected", "Mũi tiêm đã được sửa"
        PERSON_CORRECTED = "person_corrected", "Thông tin cá nhân đã được sửa"
        NOT_VERIFIED = "not_verified", "Thông tin cá nhân chưa được xác thực lại"
        MERGED = "merged", "Hồ sơ này đã gộp vào hồ sơ khác của cùng một người"
        KEY_WITHDRAWN = "key_withdrawn", "Khóa đã ký được thay"

    passport = models.OneToOneField(Passport, primary_key=True, on_delete=models.PROTECT)
    revoked_at = models.DateTimeField()
    reason = models.CharField(max_length=30, choices=Reason.choices)


class Comparison(models.Model):
    """When a passport was last held against the record: only what changed since then can have made it stale."""

    passport = models.OneToOneField(Passport, primary_key=True, on_delete=models.PROTECT)
    compared_at = models.DateTimeField()


class Hindrance(models.Model):
    """Why a person who is due a passport cannot get one: which field, and the cure. It stands until it has ended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    dose = models.ForeignKey(Dose, on_delete=models.PROTECT)  # the one that a passport would state
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)  # that gave it
    field = models.CharField(max_length=120)
    vi = models.TextField()
    en = models.TextField()
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="one_hindrance_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["facility"], condition=Q(ended_at__isnull=True), name="open_hindrances")]


class Change(models.Model):
    """A person of whom something changed that a passport may hang on, since he was last looked at.

    Triggers write it in the transaction of the change; the batch that looks at him takes it away (docs/adr/0070).
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)


class Round(models.Model):
    """What the last round went by. One row: what has come since, no row of a person says."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    lasts_until = models.DateTimeField()  # whose passports end before was looked for
    basis = models.CharField(max_length=64)  # a digest of the rules, their dates that have come, the form, the week

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_last_round")]
