"""Areas, province figures and facilities come in as sets, and again without harm."""

import pytest

from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.ground.models import AuditEntry
from tiemchung.places import actions
from tiemchung.places.models import Area, Facility, ProvinceFigure

pytestmark = pytest.mark.django_db


@pytest.fixture
def areas() -> int:
    return actions.load_areas(by=None)


def test_areas_are_those_of_2021(areas):
    counts = {level: Area.objects.filter(level=level).count() for level in Area.Level}
    assert counts == {Area.Level.PROVINCE: 63, Area.Level.DISTRICT: 705, Area.Level.COMMUNE: 10_599}
    assert areas == 63 + 705 + 10_599


def test_a_commune_lies_in_its_district_and_province(areas):
    commune = Area.objects.select_related("parent__parent").get(code="00001")
    assert (commune.name, commune.parent.name, commune.parent.parent.name) == (
        "Phường Phúc Xá",
        "Quận Ba Đình",
        "Thành phố Hà Nội",
    )
    assert commune.folded == "PHUONG PHUC XA"


def test_provinces_sort_in_vietnamese_order(areas):
    names = list(Area.objects.filter(level=Area.Level.PROVINCE).order_by("sort_key").values_list("name", flat=True))
    assert names[0] == "Tỉnh An Giang"
    assert names.index("Tỉnh Cà Mau") < names.index("Tỉnh Cao Bằng") < names.index("Thành phố Cần Thơ")
    assert names.index("Tỉnh Yên Bái") == 62


def test_loading_areas_again_changes_nothing(areas):
    actions.load_areas(by=None)
    assert Area.objects.count() == areas
    assert AuditEntry.objects.filter(act="places.load_areas").count() == 2


def test_figures_are_those_of_5_august_2021(areas):
    assert actions.load_province_figures(by=None) == 63
    figures = ProvinceFigure.objects.all()
    assert sum(figure.population for figure in figures) == 96_108_532
    assert sum(figure.doses for figure in figures) == 6_481_682
    assert sum(figure.allocated for figure in figures) == 15_942_060
    assert all(figure.doses == figure.people_once + figure.people_twice for figure in figures)


def test_loading_figures_again_changes_nothing(areas):
    actions.load_province_figures(by=None)
    actions.load_province_figures(by=None)
    assert ProvinceFigure.objects.count() == 63


def open_station(**changes) -> Facility:
    station = {
        "code": "01001A",
        "name": "Trạm Y tế phường Phúc Xá",
        "kind": Facility.Kind.COMMUNE_STATION,
        "area_code": "00001",
        "address": "86 Nghĩa Dũng",
        "tables": 2,
        "daily_capacity": 200,
        "by": None,
    }
    return actions.open_facility(**station | changes)


def test_a_facility_stands_in_a_commune(areas):
    station = open_station()
    assert Facility.objects.get(code="01001A").area_id == "00001"
    assert AuditEntry.objects.get(act="places.open_facility").subject == station.id


@pytest.mark.parametrize("area_code", ["01", "001", "99999"])
def test_a_facility_stands_in_nothing_but_a_commune(areas, area_code):
    with pytest.raises(InvalidInputError) as refusal:
        open_station(area_code=area_code)
    assert refusal.value.field == "area_code"


def test_a_facility_code_is_given_once(areas):
    open_station()
    with pytest.raises(ConflictError) as refusal:
        open_station(name="Trạm khác")
    assert (refusal.value.code, refusal.value.field) == ("facility_exists", "code")
    assert Facility.objects.count() == 1
