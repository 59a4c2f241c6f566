"""The administrative areas of 2021."""

import pytest

from tiemchung.vietnam.areas import (
    AreaKind,
    AreaLevel,
    ancestry,
    area,
    area_or_none,
    communes,
    districts,
    find_areas,
    full_path,
    provinces,
)
from tiemchung.vietnam.errors import InputError


def test_country_has_its_areas_of_2021() -> None:
    assert (len(provinces()), len(districts()), len(communes())) == (63, 705, 10_599)


def test_every_area_lies_in_one_of_the_level_above() -> None:
    assert {each.parent_code for each in districts()} == {each.code for each in provinces()}
    assert {each.parent_code for each in communes()} <= {each.code for each in districts()}


def test_districts_without_communes_are_the_five_island_districts() -> None:
    bare = {each.name for each in districts() if not communes(each.code)}
    assert bare == {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}


def test_areas_of_a_parent_add_up_to_all() -> None:
    assert sum(len(districts(each.code)) for each in provinces()) == 705
    assert sum(len(communes(each.code)) for each in districts()) == 10_599
    assert communes("000") == ()


@pytest.mark.parametrize(
    ("code", "full_name", "kind", "level", "parent_code"),
    [
        ("79", "Thành phố Hồ Chí Minh", AreaKind.THANH_PHO, AreaLevel.PROVINCE, None),
        ("769", "Thành phố Thủ Đức", AreaKind.THANH_PHO, AreaLevel.DISTRICT, "79"),
        ("00001", "Phường Phúc Xá", AreaKind.PHUONG, AreaLevel.COMMUNE, "001"),
    ],
)
def test_area_by_its_code(code: str, full_name: str, kind: AreaKind, level: AreaLevel, parent_code: str | None) -> None:
    found = area(code)
    assert (found.full_name, found.kind, found.level, found.parent_code) == (full_name, kind, level, parent_code)


@pytest.mark.parametrize("code", ["", "03", "999", "0079", "99999", "x" * 500])
def test_code_that_no_area_has_is_refused(code: str) -> None:
    assert area_or_none(code) is None
    with pytest.raises(InputError) as caught:
        area(code)
    assert (caught.value.code, caught.value.field) == ("area_unknown", "area_code")


def test_area_is_written_out_with_all_it_lies_in() -> None:
    assert [each.code for each in ancestry("00001")] == ["00001", "001", "01"]
    assert full_path("00001") == "Phường Phúc Xá, Quận Ba Đình, Thành phố Hà Nội"


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [
        ("Hồ Chí Minh", AreaLevel.PROVINCE, "79"),
        ("TP. Hồ Chí Minh", AreaLevel.PROVINCE, "79"),
        ("tp hcm", AreaLevel.PROVINCE, "79"),
        ("HOÀ BÌNH", AreaLevel.PROVINCE, "17"),
        ("tinh Hòa Bình", AreaLevel.PROVINCE, "17"),
        ("Ba Ria-Vung Tau", AreaLevel.PROVINCE, "77"),
        ("Ðắk Lắk", AreaLevel.PROVINCE, "66"),
        ("Quan Hóa", AreaLevel.DISTRICT, "385"),
        ("Huyện Quan Hóa", AreaLevel.DISTRICT, "385"),
        ("Quận 1", AreaLevel.DISTRICT, "760"),
    ],
)
def test_area_by_its_name_however_written(text: str, level: AreaLevel, code: str) -> None:
    assert [each.code for each in find_areas(text, level)] == [code]


def test_numbered_communes_are_found_with_or_without_zero() -> None:
    with_zero = find_areas("Phường 01", AreaLevel.COMMUNE, "770")
    assert len(with_zero) == 1
    assert with_zero == find_areas("Phường 1", AreaLevel.COMMUNE, "770")


def test_name_that_many_areas_share_gives_all_and_the_parent_narrows_it() -> None:
    everywhere = find_areas("Tân Lập", AreaLevel.COMMUNE)
    assert len(everywhere) > 1
    parent = everywhere[0].parent_code
    assert all(each.parent_code == parent for each in find_areas("Tân Lập", AreaLevel.COMMUNE, parent))


def test_name_that_no_area_has_gives_nothing() -> None:
    assert find_areas("Atlantis", AreaLevel.PROVINCE) == ()
    assert find_areas("", AreaLevel.PROVINCE) == ()


def test_every_area_is_found_by_its_own_names() -> None:
    for each in (*provinces(), *districts()):
        assert each in find_areas(each.name, each.level)
        assert each in find_areas(each.full_name, each.level)
