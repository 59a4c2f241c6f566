"""Reading content: every oddity seen in the world's certificates is understood and told."""

import cbor2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.hcert.samples import content as made
from tests.unit.hcert.samples import dose
from tiemchung.hcert import cbor, content, subclaims
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
NAMES = ["nam.fn", "nam.fnt", "nam.gn", "nam.gnt", "nam.xx"]
PLACES = ["ver", "dob", "nam", "v", "t", "meta", *NAMES, *(f"v.{name}" for name in dose()), "v.xx"]
PRODUCTS = {"mp": ["EU/1/20/1528", "EU/1/21/1529", "Vero Cell"], "ma": ["ORG-100030215", "ORG-100001699", "x"]}
TYPES = {"vp": ["1119349007", "1119305005", "J07BX03", "x"], "tg": ["840539006", "x"], "co": ["VN", "LA", "x"]}
CODES = st.fixed_dictionaries({name: st.sampled_from(codes) for name, codes in (PRODUCTS | TYPES).items()})


def as_map_key(entry):
    """A CBOR map whose keys are maps: as the decoder gives it."""
    return cbor.loads(cbor.dumps({cbor2.frozendict(entry): 1}))


GROUPS = st.sampled_from([lambda entry: [entry], lambda entry: (entry,), as_map_key, lambda entry: {"entry": entry}])


def same_both_ways(raw):
    """Whether the short cut leaves it to the long way, or reads what that reads, in the same order."""
    found = content._usual(raw)
    return found is None or found == content._of_any_shape(raw)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    codes=CODES,
    changes=st.dictionaries(st.sampled_from(PLACES), ODD, max_size=4),
    group=GROUPS,
    without=st.sets(st.sampled_from(PLACES), max_size=2),
)
def test_the_short_cut_reads_what_the_long_way_reads(codes, changes, group, without):
    raw = made(**codes)
    entry, names = raw["v"][0], raw["nam"]
    parts = {"": raw, "nam": names, "v": entry}
    raw["v"] = group(entry)
    for place in without:
        part, _, name = place.rpartition(".")
        parts[part].pop(name, None)
    for place, value in changes.items():
        part, _, name = place.rpartition(".")
        parts[part][name] = value
    assert same_both_ways(raw)


def test_a_map_whose_only_key_is_the_entry_is_no_list_of_one():
    with pytest.raises(DecodeError) as refused:
        read(v=as_map_key(dose()))
    assert refused.value.code == "C|DCC"


def test_an_unknown_code_beside_an_odd_product_is_told_in_one_order():
    raw = made(ma="ORG-100001699", co="XX")
    assert content.read(raw).notes == content._of_any_shape(raw).notes == ("N|PRD", "N|VAL")


def test_what_we_issue_takes_the_short_cut():
    assert content._usual(made()) is not None
