"""Reading content: every oddity seen in the world's certificates is understood and told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.hcert.samples import content as made
from tests.unit.hcert.samples import dose
from tiemchung.hcert import content, subclaims
from tiemchung.hcert.errors import DecodeError


def read(**changes):
    raw = made() | changes
    return content.read({key: value for key, value in raw.items() if value is not ...})


def test_content_as_we_issue_it_has_nothing_odd():
    assert read().notes == ()


@pytest.mark.parametrize(
    ("changes", "note", "seen"),
    [
        ({"t": None, "r": None}, "N|NUL", lambda c: c.kind == "v"),
        ({"dob": "1990"}, "N|DOB", lambda c: c.date_of_birth == "1990"),
        ({"dob": ""}, "N|DOB", lambda c: c.date_of_birth == ""),
        ({"dob": "1990-02-28T00:00:00"}, "N|DAT", lambda c: c.date_of_birth == "1990-02-28"),
        ({"v": [dose(dt="2021-10-10T00:00:00Z")]}, "N|DAT", lambda c: c.entry["dt"] == "2021-10-10"),
        ({"v": [dose(dn=2.0)]}, "N|NUM", lambda c: c.entry["dn"] == 2 and type(c.entry["dn"]) is int),
        ({"v": [dose(dn=12)]}, "N|NUM", lambda c: c.entry["dn"] == 12),
        ({"v": [dose(mp=" EU/1/20/1528 ")]}, "N|NFC", lambda c: c.entry["mp"] == "EU/1/20/1528"),
        ({"nam": {"fn": "Nguye\u0302\u0303n", "fnt": "NGUYEN"}}, "N|NFC", lambda c: c.names["fn"] == "Nguyễn"),
        ({"v": [dose(mp="Vero Cell")]}, "N|VAL", lambda c: c.entry["mp"] == "Vero Cell"),
        ({"v": [dose(ma="ORG-100001699")]}, "N|PRD", lambda c: c.entry["ma"] == "ORG-100001699"),
        ({"meta": {"id": 1}}, "N|EXT", lambda c: c.raw["meta"] == {"id": 1}),
    ],
)
def test_oddities_are_understood_and_told(changes, note, seen):
    found = read(**changes)
    assert note in found.notes
    assert seen(found)


def test_single_name_and_empty_fields_are_read():
    found = read(nam={"fnt": "SUHARTO", "gn": None}, v=[dose(ma="")])
    assert (found.names, found.entry["ma"]) == ({"fnt": "SUHARTO"}, "")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"v": ...}, "C|DCC"),
        ({"v": []}, "C|DCC"),
        ({"v": "text"}, "C|DCC"),
        ({"v": [7]}, "C|DCC"),
        ({"nam": ...}, "C|DCC"),
        ({"v": [dose(), dose()]}, "C|CNT"),
        ({"r": [dose()]}, "C|CNT"),
        ({"ver": "2.0.0"}, "C|VER"),
        ({"ver": ...}, "C|VER"),
    ],
)
def test_what_cannot_be_understood_is_refused(changes, code):
    with pytest.raises(DecodeError) as refused:
        read(**changes)
    assert refused.value.code == code


@pytest.mark.parametrize("raw", [b"bytes", "text", None, 7, []])
def test_content_that_is_no_map_is_refused(raw):
    with pytest.raises(DecodeError) as refused:
        content.read(raw)
    assert refused.value.code == "C|DCC"


def test_reserved_subclaims_have_their_readers():
    ddcc = subclaims.read({3: {"name": "Đỗ Thị Phương", "birthDate": "1990-02-28", "vaccine": "XM68M6"}})
    assert (ddcc.kind, ddcc.names["fn"], ddcc.entry["vaccine"]) == ("v", "Đỗ Thị Phương", "XM68M6")
    icvp = subclaims.read({-6: {"n": "Đỗ Thị Phương", "dob": "1990-02-28", "v": {"dt": "2024-01-05"}}})
    assert (icvp.date_of_birth, icvp.entry) == ("1990-02-28", {"dt": "2024-01-05"})


@pytest.mark.parametrize("contents", [{5: "x"}, {"a": 1}, {3: 7}, {3: {}}, {-6: {"n": "A", "v": 1}}])
def test_subclaims_that_cannot_be_read_are_refused(contents):
    with pytest.raises(DecodeError):
        subclaims.read(contents)


def test_a_subclaim_may_be_added_once(monkeypatch):
    monkeypatch.setattr(subclaims, "_READERS", dict(subclaims._READERS))
    subclaims.register(99, lambda raw: content.read(raw["inside"]))
    assert subclaims.read({99: {"inside": made()}}).kind == "v"
    with pytest.raises(ValueError, match="99"):
        subclaims.register(99, content.read)


TEXTS = ["", " x", "x\u2003", "a\nb", "1.3.0\n1990-02-28", "1.3.0", "2.0.0", "1990-02-28", "1990-02-28T00:00:00"]
LETTERS = ["\u0660990-02-28", "Nguye\u0302n", "Nguyễn", "EU/1/20/1528"]
ODD = st.sampled_from([*TEXTS, *LETTERS, None, 1, 0, 2.0, 2.5, True, [], {}, [{}], b"x"])
PLACES = ["ver", "dob", "nam", "v", "t", "meta", "nam.fn", "nam.gnt", "nam.xx", "v.dt", "v.mp", "v.ci", "v.dn", "v.xx"]


@given(changes=st.dictionaries(st.sampled_from(PLACES), ODD, max_size=3), without=st.none() | st.sampled_from(PLACES))
def test_the_short_cut_reads_what_the_long_way_reads(changes, without):
    raw = made()
    for place, value in changes.items():
        group, _, name = place.rpartition(".")
        {"": raw, "nam": raw["nam"], "v": raw["v"][0]}[group][name] = value
        if place in ("v", "nam"):
            break
    if without in raw:
        del raw[without]
    found = content._usual(raw)
    assert found is None or found == content._of_any_shape(raw)


def test_what_we_issue_takes_the_short_cut():
    assert content._usual(made()) is not None
