"""Where does a person live? Lists of areas for three selects that follow each other."""

from collections.abc import Iterable
from functools import cache

from tiemchung.vietnam import areas, name_order

Choice = tuple[str, str]


@cache
def provinces() -> tuple[Choice, ...]:
    """All provinces in Vietnamese order: code and name."""
    return _in_order(areas.provinces())


def districts(province_code: str) -> tuple[Choice, ...]:
    """The districts of a province in Vietnamese order; none without a province."""
    return _in_order(areas.districts(province_code)) if province_code else ()


def communes(district_code: str) -> tuple[Choice, ...]:
    """The communes of a district in Vietnamese order; none without a district."""
    return _in_order(areas.communes(district_code)) if district_code else ()


def chosen(codes: dict[str, str]) -> dict[str, str]:
    """Give province, district and commune codes that lie in each other; what does not is dropped.

    A commune alone is enough: it tells its district and province.
    """
    commune, district, province = (codes.get(key, "") for key in ("residence_code", "district_code", "province_code"))
    if commune and not district and not province:
        line = areas.ancestry(commune) if areas.area_or_none(commune) else ()
        return dict(zip(("residence_code", "district_code", "province_code"), (one.code for one in line), strict=False))
    district = district if _lies_in(district, province) else ""
    commune = commune if _lies_in(commune, district) else ""
    return {"residence_code": commune, "district_code": district, "province_code": province}


def _in_order(found: Iterable[areas.Area]) -> tuple[Choice, ...]:
    ordered = sorted(found, key=lambda area: name_order.key([area.name.split()]))
    return tuple((area.code, area.full_name) for area in ordered)


def _lies_in(code: str, parent: str) -> bool:
    area = areas.area_or_none(code) if code and parent else None
    return area is not None and area.parent_code == parent
