"""All writes to areas, facilities and province figures."""

from uuid import UUID

from django.db import IntegrityError, transaction

from tiemchung.ground import audit
from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.ground.ids import new_id
from tiemchung.places import figures
from tiemchung.places.models import Area, Facility, ProvinceFigure
from tiemchung.vietnam import areas, name_order, names

_LEVELS = {
    areas.AreaLevel.PROVINCE: Area.Level.PROVINCE,
    areas.AreaLevel.DISTRICT: Area.Level.DISTRICT,
    areas.AreaLevel.COMMUNE: Area.Level.COMMUNE,
}


@transaction.atomic
def load_areas(*, by: UUID | None) -> int:
    """Bring in the 63 provinces, 705 districts and 10,599 communes of 2021; again is harmless. Returns how many."""
    rows = [_area(each) for each in (*areas.provinces(), *areas.districts(), *areas.communes())]
    Area.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["level", "name", "parent", "folded", "sort_key"],
    )
    audit.record("places.load_areas", by=by, areas=len(rows))
    return len(rows)


@transaction.atomic
def load_province_figures(*, by: UUID | None) -> int:
    """Bring in the dated figures of the provinces; again is harmless. Areas must be there. Returns how many."""
    rows = figures.read()
    ProvinceFigure.objects.bulk_create(rows, ignore_conflicts=True)
    audit.record("places.load_province_figures", by=by, figures=len(rows))
    return len(rows)


@transaction.atomic
def open_facility(
    *,
    code: str,
    name: str,
    kind: Facility.Kind,
    area_code: str,
    address: str,
    tables: int,
    daily_capacity: int,
    by: UUID | None,
    facility_id: UUID | None = None,
) -> Facility:
    """Open a facility in a commune, with its injection tables and the doses it can give a day.

    Raises InvalidInputError when the area is no commune, ConflictError when the code is taken.
    """
    _check_commune(area_code)
    facility = Facility(
        id=facility_id or new_id(),
        code=code,
        name=name,
        kind=kind,
        area_id=area_code,
        address=address,
        tables=tables,
        daily_capacity=daily_capacity,
    )
    _insert(facility)
    audit.record("places.open_facility", by=by, subject=facility.id, facility_id=facility.id, area=area_code)
    return facility


def _area(each: areas.Area) -> Area:
    return Area(
        code=each.code,
        level=_LEVELS[each.level],
        name=each.full_name,
        parent_id=each.parent_code,
        folded=names.fold(each.full_name),
        sort_key=name_order.key([each.name.split()]),  # an area's name has no given name that comes first
    )


def _check_commune(area_code: str) -> None:
    if not Area.objects.filter(code=area_code, level=Area.Level.COMMUNE).exists():
        raise InvalidInputError(
            "commune_unknown",
            field="area_code",
            vi="Không có xã, phường mang mã này. Chọn lại trong danh sách.",
            en="No commune has this code. Choose it from the list.",
        )


def _insert(facility: Facility) -> None:
    try:
        with transaction.atomic():
            facility.save(force_insert=True)
    except IntegrityError as error:
        raise ConflictError(
            "facility_exists",
            field="code",
            vi="Mã này đã có cơ sở khác dùng. Chọn mã khác.",
            en="Another facility has this code. Choose another.",
        ) from error
