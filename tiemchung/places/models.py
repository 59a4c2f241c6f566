"""Areas as the General Statistics Office codes them, and the facilities that stand in them."""

from django.db import models

from tiemchung.ground.ids import new_id


class Area(models.Model):
    """A province, district or commune of 2021."""

    class Level(models.IntegerChoices):
        PROVINCE = 1
        DISTRICT = 2
        COMMUNE = 3

    code = models.CharField(primary_key=True, max_length=5)  # GSO: 2, 3 or 5 digits
    level = models.SmallIntegerField(choices=Level.choices)
    name = models.CharField(max_length=120)  # with its kind: «Xã Tân Lập»
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    folded = models.CharField(max_length=120)  # without diacritics, for search
    sort_key = models.CharField(max_length=400)  # Vietnamese order under the C collation

    class Meta:
        indexes = [models.Index(fields=["parent", "sort_key"])]

    def __str__(self) -> str:
        return self.name


class Facility(models.Model):
    """A place that vaccinates."""

    class Kind(models.TextChoices):
        COMMUNE_STATION = "commune_station", "Trạm Y tế"
        DISTRICT_CENTRE = "district_centre", "Trung tâm Y tế"
        HOSPITAL = "hospital", "Bệnh viện"
        CDC = "cdc", "Trung tâm Kiểm soát bệnh tật"
        MOBILE = "mobile", "Điểm tiêm lưu động"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)  # its commune
    address = models.CharField(max_length=250)
    tables = models.PositiveSmallIntegerField()  # injection tables
    daily_capacity = models.PositiveIntegerField()  # doses a day

    def __str__(self) -> str:
        return self.name


class ProvinceFigure(models.Model):
    """What the national portal showed of one province on one day: dated denominators, with their source."""

    id = models.BigAutoField(primary_key=True)
    province = models.ForeignKey(Area, on_delete=models.PROTECT)
    as_of = models.DateField()
    population = models.PositiveIntegerField()
    population_18_plus = models.PositiveIntegerField()
    sites = models.PositiveIntegerField()
    doses = models.PositiveIntegerField()
    people_once = models.PositiveIntegerField()
    people_twice = models.PositiveIntegerField()
    allocated = models.PositiveIntegerField()
    planned = models.PositiveIntegerField()
    source = models.CharField(max_length=250)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province", "as_of"], name="one_figure_a_day")]
