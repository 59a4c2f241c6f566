"""Citizens and the numbers that each has had over time; and which questions were asked about them."""

from django.db import models

from tiemchung.ground.ids import new_id


class Citizen(models.Model):
    """One person as the nation knows him."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    full_name = models.CharField(max_length=250)
    birth_date = models.CharField(max_length=10)  # YYYY, YYYY-MM or YYYY-MM-DD: what the register knows
    sex = models.CharField(max_length=6)  # male, female
    residence_code = models.CharField(max_length=5, blank=True)

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
    """A question that was answered: kept, so that the same question asked again costs nothing and tells nothing new."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by the asker
    digest = models.CharField(max_length=64)  # keyed hash of what was asked
    about = models.CharField(max_length=64)  # keyed hash of the number asked about, for the daily limit
    asked_at = models.DateTimeField()
    answer = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["about", "asked_at"])]
