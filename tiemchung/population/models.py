"""Citizens and their numbers; the questions about them; the records that commune police confirm; what was sent out."""

from django.db import models

from tiemchung.ground.ids import new_id

LONGEST_USERNAME, LONGEST_NAME = 60, 120  # signs, of an officer


class Citizen(models.Model):
    """One person as the nation knows him."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    full_name = models.CharField(max_length=250)
    birth_date = models.CharField(max_length=10)  # YYYY, YYYY-MM or YYYY-MM-DD: what the register knows
    sex = models.CharField(max_length=6)  # male, female
    residence_code = models.CharField(max_length=5, blank=True)

    class Meta:
        indexes = [models.Index(fields=["residence_code"])]

    def __str__(self) -> str:
        return str(self.id)


class CitizenNumber(models.Model):
    """A number of a citizen. An old CMND may have been given to two people: it then names neither."""

    id = models.BigAutoField(primary_key=True)
    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="numbers")
    value = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["citizen", "value"], name="one_number_once_a_citizen")]
        indexes = [models.Index(fields=["value"])]


class Question(models.Model):
    """A question that was answered: kept, so that the same question again costs nothing; its latest answer."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by the asker
    digest = models.CharField(max_length=64)  # keyed hash of what was asked
    about = models.CharField(max_length=64)  # keyed hash of the number asked about, for the daily limit
    record = models.CharField(max_length=64, blank=True)  # the asker's own handle of whom he asks about
    asker = models.CharField(max_length=64, blank=True)  # the asker's own handle of who stated what is asked
    block = models.CharField(max_length=64, blank=True)  # keyed hash of the hundred numbers that it lies among
    asked_at = models.DateTimeField()
    answer = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["about", "asked_at"]),
            models.Index(fields=["record", "asked_at"]),
            models.Index(fields=["block", "asked_at"]),
            models.Index(fields=["asked_at", "id"], name="questions_by_age"),
        ]


class AnsweredBatch(models.Model):
    """A batch of questions that was answered. The same batch again is answered alike; another under its id is none."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by the asker
    digest = models.CharField(max_length=64)  # of the questions' manifest
    answered_at = models.DateTimeField()
    questions = models.BigIntegerField()


class QuestionOfBatch(models.Model):
    """A question of a batch that was answered «wrong»: who is asked anew when the register changes."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by the asker
    about = models.CharField(max_length=64)  # keyed hash of the number asked about

    class Meta:
        indexes = [models.Index(fields=["about"])]


class RecordsOfBatch(models.Model):
    """How often a batch asked about one record: it counts for the record's daily limit as single questions do."""

    id = models.BigAutoField(primary_key=True)
    batch = models.UUIDField()
    record = models.CharField(max_length=64)  # the asker's own handle
    questions = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["record", "at"]), models.Index(fields=["batch"])]


class RegisterChange(models.Model):
    """A citizen of whom something changed that is compared. Append-only; told by handle, never what it was."""

    id = models.BigAutoField(primary_key=True)  # the order in which the health side takes them
    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT)
    at = models.DateTimeField()


class ChangeList(models.Model):
    """A list of changes that goes out by itself. What `body` says is signed and written into a file, once or again."""

    id = models.BigAutoField(primary_key=True)
    upto = models.BigIntegerField(unique=True)  # the last change it tells of; the next list goes on after it
    body = models.TextField()
    made_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)  # when the file was there; until then it is written anew

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(written_at=None), name="lists_to_be_written")]


class Officer(models.Model):
    """An officer of the commune police, bound to one commune. The health side has no account here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=LONGEST_USERNAME, unique=True)
    display_name = models.CharField(max_length=LONGEST_NAME)
    commune_code = models.CharField(max_length=5)
    password = models.CharField(max_length=128)  # hashed
    factor = models.CharField(
        max_length=250, blank=True, db_default=""
    )  # the secret of his app, encrypted; empty: none
    factor_step = models.BigIntegerField(default=-1, db_default=-1)  # of the last code taken: none is taken twice
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.display_name


class OfficerRecoveryCode(models.Model):
    """A way in without the app, on the officer's paper, by its keyed hash; each is good for once."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="recovery_codes")
    hashed = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "hashed"], name="recovery_code_of_officer_is_known_once")
        ]


class SignInAttempt(models.Model):
    """A try to sign in, by keyed hashes of the name that was typed and of the network it came from (`lock_out`)."""

    id = models.BigAutoField(primary_key=True)
    about = models.CharField(max_length=64)
    network = models.CharField(max_length=64, blank=True, db_default="")
    at = models.DateTimeField()
    succeeded = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["about", "at"]),
            models.Index(fields=["network", "at"]),
            models.Index(fields=["succeeded", "at"]),
        ]


class Confirmation(models.Model):
    """A record that the health side asks commune police about: what it says of a person, and the one field in doubt."""

    class Field(models.TextChoices):
        NUMBER = "number"
        FULL_NAME = "full_name"
        BIRTH_DATE = "birth_date"
        SEX = "sex"

    id = models.UUIDField(primary_key=True, editable=False)  # made by the asker
    commune_code = models.CharField(max_length=5)  # whose police decides
    number = models.CharField(max_length=12, blank=True)
    full_name = models.CharField(max_length=250)
    birth_date = models.CharField(max_length=10)  # YYYY, YYYY-MM or YYYY-MM-DD
    sex = models.CharField(max_length=7)
    address = models.CharField(max_length=250, blank=True)
    field = models.CharField(max_length=10, choices=Field.choices)
    received_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)  # the health side needs no answer any more

    class Meta:
        indexes = [models.Index(fields=["commune_code", "id"])]


class Decision(models.Model):
    """What an officer decided about a record. It stands: there is one for each confirmation, and it is not changed."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", "Dữ liệu dân cư đúng"
        CORRECT_REGISTER = "correct_register", "Dữ liệu dân cư sai, sửa lại"
        NOT_RESIDENT = "not_resident", "Không cư trú ở đây"
        UNKNOWN = "unknown", "Không xác định được"
        SOMEBODY_ELSE = "somebody_else", "Là người khác"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    confirmation = models.OneToOneField(Confirmation, on_delete=models.PROTECT)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    citizen = models.ForeignKey(Citizen, null=True, on_delete=models.PROTECT)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT)
    ground = models.CharField(max_length=30, blank=True)  # a code of reference_data/confirmation_grounds.yaml
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["confirm", "correct_register"], citizen__isnull=False)
                & ~models.Q(ground="")
                | ~models.Q(kind__in=["confirm", "correct_register"]),
                name="what_is_vouched_for_has_citizen_and_ground",
            )
        ]


class Notice(models.Model):
    """What a decision tells the health side, signed: a correction slip, or an outcome without a value. Append-only."""

    id = models.BigAutoField(primary_key=True)  # the order in which the health side takes them
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT)
    body = models.TextField()
    signature = models.CharField(max_length=100)
    key = models.CharField(max_length=16)


class Sent(models.Model):
    """Every word that this side ever sent to the health side. Append-only."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    what = models.CharField(max_length=60)  # the address that was asked
    body = models.TextField()


class Act(models.Model):
    """What an officer did or looked at. Append-only; it stays on this side."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    officer = models.UUIDField(null=True)
    act = models.CharField(max_length=60)
    confirmation = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
