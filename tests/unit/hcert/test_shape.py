"""The quick yes never says more than the long way does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.hcert.samples import content, dose
from tiemchung.hcert import issuing, schema, shape

ODD = st.sampled_from(
    [
        None,
        "",
        " ",
        "x\ny",
        "A" * 81,
        "a\u0301",
        "2021-02-30",
        "1899-01-01",
        0,
        True,
        1.0,
        [],
        {},
        "vn",
        "URN:UVCI:01:VN:A#B",
    ]
)
FIELDS = [
    "ver",
    "dob",
    "nam",
    "v",
    *(f"nam.{name}" for name in ("fn", "fnt", "gn", "gnt")),
    *(f"v.{name}" for name in dose()),
]


@pytest.mark.parametrize("name", ["Đỗ Thị Phương", "Nguyễn", "Trần " + "Văn " * 30])
def test_usual_passports_are_recognised(name):
    assert shape.usual(content(name))


@given(st.dictionaries(st.sampled_from(FIELDS), ODD, min_size=1, max_size=3), st.booleans())
def test_what_is_not_proper_is_never_called_usual(changes, drop):
    raw = content()
    for path, value in changes.items():
        *above, name = path.split(".")
        part = raw["nam"] if above == ["nam"] else raw["v"][0] if above == ["v"] else raw
        if not isinstance(part, dict):
            continue
        part[name] = value
        if drop:
            del part[name]
        if name in ("nam", "v") and not above:
            break
    if shape.usual(raw):
        assert schema.problems(raw, closed=True) == []
        assert list(issuing._text_problems(raw, "v")) == []


@pytest.mark.parametrize(
    "raw", [{}, {"nam": 1, "v": 2}, {"nam": {}, "v": [7]}, content() | {"v": (dose(),)}, content() | {"t": []}]
)
def test_other_shapes_take_the_long_way(raw):
    assert not shape.usual(raw)
