"""Each difference between two names has one kind."""

from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiemchung.linkage.keyboard import readings
from tiemchung.linkage.kinds import HARMLESS, NameKind
from tiemchung.linkage.name_kinds import name_kind

KNOWN = "Nguyễn Văn An"
CASES = [
    # written                    known                 kind
    ("Nguyễn Văn An", KNOWN, "right"),
    ("Nguyễn  Văn An", KNOWN, "right"),
    (normalize("NFD", KNOWN), KNOWN, "right"),
    ("NGUYỄN VĂN AN", KNOWN, "letter_case"),
    ("Trần Hoà", "Trần Hòa", "tone_placement"),
    ("Lê Thuý", "Lê Thúy", "tone_placement"),
    ("Ðặng Thị Lý", "Đặng Thị Lý", "eth_for_d"),
    ("", KNOWN, "missing"),
    ("Đặng Thị Lí", "Đặng Thị Lý", "y_or_i"),
    ("Nguyen Van An", KNOWN, "accents_lost"),
    ("Dang Thi Ly", "Đặng Thị Lý", "accents_lost"),
    ("Nguyễn Van An", KNOWN, "accents_partly_lost"),
    ("Dặng Thị Lý", "Đặng Thị Lý", "accents_partly_lost"),
    ("Nguyễn Vân An", KNOWN, "accents_differ"),
    ("Nguyeenx Vawn An", KNOWN, "typing_residue"),
    ("Nguye64n Va8n An", KNOWN, "typing_residue"),
    ("Ddawngj Thij Huowngf", "Đặng Thị Hường", "typing_residue"),
    ("D9a85ng Thi5 Hu7o72ng", "Đặng Thị Hường", "typing_residue"),
    ("Nguyá»…n VÄƒn An", KNOWN, "wrong_encoding"),
    ("NguyễnVăn An", KNOWN, "spacing"),
    ("An Nguyễn Văn", KNOWN, "order"),
    ("Huỳnh Văn An", "Hoàng Văn An", "regional_doublet"),
    ("Vo Thi Lan", "Vũ Thị Lan", "regional_doublet"),
    ("Trần Gia Bửu", "Trần Gia Bảo", "regional_doublet"),
    ("N. V. An", KNOWN, "initials"),
    ("NV An", KNOWN, "initials"),
    ("Nguyễn An", KNOWN, "part_missing"),
    ("Nguyễn Văn Bình An", KNOWN, "part_added"),
    ("Nguyễn Văn An (Tèo)", KNOWN, "nickname"),
    ("Nguyễn Văn Tèo", KNOWN, "nickname"),
    ("Trịnh Văn Xơn", "Trịnh Văn Sơn", "sound_alike"),
    ("Nguyễn Văm An", KNOWN, "letter_slip"),
    ("Nguyễn Văn Minh", KNOWN, "part_differs"),
    ("Trần Gia Sáu", "Trần Thị Sáu", "part_differs"),
    ("Lê Thị Bích", KNOWN, "other"),
]


@pytest.mark.parametrize(("written", "known", "kind"), CASES)
def test_name_kind_names_the_difference(written: str, known: str, kind: str) -> None:
    assert name_kind(written, known) == kind


def test_every_name_kind_has_a_case() -> None:
    assert {kind for _, _, kind in CASES} == set(NameKind)


def test_doublets_are_never_the_same_name() -> None:
    assert name_kind("Võ Thị Lan", "Vũ Thị Lan") not in HARMLESS
    assert name_kind("Huỳnh Văn An", "Hoàng Văn An") not in HARMLESS


def test_readings_of_a_rightly_typed_name_are_none() -> None:
    assert readings("Nguyễn Thị Bích Ngọc") == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Thuys", "Thúy"), ("Hoaf", "Hòa"), ("Quys", "Quý"), ("Toanf", "Toàn"), ("HUYNHF", "HUỲNH"), ("Gianfg", "Giàng")],
)
def test_readings_put_the_tone_where_it_is_written(typed: str, meant: str) -> None:
    assert meant in readings(typed)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_name_kind_takes_any_text(one: str, other: str) -> None:
    assert name_kind(one, other) in NameKind
