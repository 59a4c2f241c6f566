"""Issuing is strict: schema, value sets, product triples, identifiers, names, times, the national form."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.hcert.samples import ISSUED, START, YEAR, content, dose, signer
from tiemchung import hcert
from tiemchung.hcert.forms import form


def refused_fields(raw, by=None, **options):
    """The fields that are complained of, in order; empty if the certificate was issued."""
    try:
        hcert.issue(raw, by or signer(), **{"issued_at": ISSUED, **options})
    except hcert.IssueRefused as refused:
        return [problem.field for problem in refused.problems if problem.vi and problem.en]
    return []


def test_a_proper_passport_is_issued_for_the_twelve_months_of_the_form():
    made = hcert.issue(content(), signer(), issued_at=ISSUED)
    assert hcert.decode(made.text).claims.expires == datetime(2023, 5, 1, 8, 30, tzinfo=UTC)


def test_validity_ends_with_the_signer_at_the_latest():
    late = START + 2 * YEAR - timedelta(days=30)
    assert hcert.decode(hcert.issue(content(), signer(), issued_at=late).text).claims.expires == START + 2 * YEAR


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tg": "1"}, "v.0.tg"),
        ({"vp": "J07BX03"}, "v.0.vp"),
        ({"mp": "Comirnaty"}, "v.0.mp"),
        ({"ma": "ORG-100001699"}, "v.0.ma"),
        ({"vp": "29061000087103"}, "v.0.vp"),
        ({"dn": 0}, "v.0.dn"),
        ({"dn": "2"}, "v.0.dn"),
        ({"sd": 2.0}, "v.0.sd"),
        ({"sd": True}, "v.0.sd"),
        ({"dt": "2021-02-30"}, "v.0.dt"),
        ({"dt": "10/10/2021"}, "v.0.dt"),
        ({"dt": "2021-10-10T00:00:00Z"}, "v.0.dt"),
        ({"dt": "2022-05-02"}, "v.0.dt"),
        ({"dt": "1989-01-01"}, "v.0.dt"),
        ({"co": "vn"}, "v.0.co"),
        ({"co": "XX"}, "v.0.co"),
        ({"is": "Bộ Y tế " + "x" * 80}, "v.0.is"),
        ({"is": " Bộ Y tế"}, "v.0.is"),
        ({"is": "Bo\u0323\u0302 Y te\u0302\u0301"}, "v.0.is"),
        ({"is": ""}, "v.0.is"),
        ({"ci": "VN-1"}, "v.0.ci"),
        ({"ci": "URN:UVCI:01:VN:ABC#A"}, "v.0.ci"),
        ({"lot": "FK9021"}, "v.0.lot"),
        ({"ma": None}, "v.0.ma"),
    ],
)
def test_a_dose_that_breaks_a_rule_is_refused_by_its_field(changes, field):
    assert refused_fields(content(**changes)) == [field]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ver": "1.3"}, "ver"),
        ({"ver": "1.3.3"}, "ver"),
        ({"dob": "28/02/1990"}, "dob"),
        ({"dob": "1990-02-30"}, "dob"),
        ({"nam": {"fn": "Đỗ", "fnt": "O"}}, "nam.fnt"),
        ({"nam": {"fn": "Đỗ", "fnt": "DO", "gn": "Thị Phương"}}, "nam.gnt"),
        ({"nam": {"fn": "Đỗ", "fnt": "do"}}, "nam.fnt"),
        ({"nam": {"fn": "Đỗ"}}, "nam"),
        ({"nam": "Đỗ"}, "nam"),
        ({"pid": "001"}, "pid"),
        ({"v": []}, "v"),
        ({"v": [dose(), dose()]}, "v"),
        ({"t": None}, "v, t, r"),
    ],
)
def test_a_content_that_breaks_a_rule_is_refused_by_its_field(changes, field):
    assert field in refused_fields(content() | changes)


@pytest.mark.parametrize("born", ["1950", "1950-07", "1950-07-01"])
def test_a_date_of_birth_may_be_partial(born):
    assert refused_fields(content(dob=born)) == []


def test_all_problems_are_told_at_once():
    raw = content(mp="EU/1/21/1529", ci="x")
    fields = refused_fields(raw, issuer="Vietnam", expires_at=ISSUED - YEAR)
    assert fields == ["v.0.ci", "v.0.ma", "v.0.vp", "issuer", "expires_at"]


@pytest.mark.parametrize(("booster", "series"), [(3, 3), (2, 1), (4, 4)])
def test_boosters_are_counted_as_the_eu_counts_them(booster, series):
    assert refused_fields(content(dn=booster, sd=series)) == []


@pytest.mark.parametrize("name", ["Nguyễn", "Trương Đình Ánh", "Công Tằng Tôn Nữ " + "Thị Hương Giang " * 6])
def test_single_and_very_long_names_are_issued(name):
    assert refused_fields(content(name)) == []


def test_a_validity_longer_than_the_form_allows_is_refused():
    assert refused_fields(content(), expires_at=ISSUED + timedelta(days=400)) == ["expires_at"]


def test_a_signer_not_for_vaccinations_is_refused():
    assert refused_fields(content(), signer(uses="t")) == ["signer"]


def test_other_countries_follow_the_schema_alone():
    raw = content() | {"ver": "1.3.3"}
    assert refused_fields(raw, issuer="LA", expires_at=ISSUED + timedelta(days=400)) == []


TEST = {
    "tg": "840539006", "tt": "LP6464-4", "sc": "2022-04-30T10:00:00+07:00", "tr": "260415000", "co": "VN",
    "is": "Bộ Y tế", "ci": "URN:UVCI:01:VN:0123456789ABCDEF0123456789ABCDEF",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "fields"),
    [({}, []), ({"tr": "1"}, ["t.0.tr"]), ({"sc": "2022-04-30T10:00:00"}, ["t.0.sc"]), ({"sc": "x"}, ["t.0.sc"])],
)
def test_tests_are_checked_against_their_value_sets(changes, fields):
    raw = {key: value for key, value in content().items() if key != "v"} | {"t": [TEST | changes]}
    assert refused_fields(raw, issuer="LA") == fields


def test_the_form_shows_its_eleven_fields_in_both_languages():
    raw = content()
    vi, en = (form("vn-5772").displayed(raw, language) for language in ("vi", "en"))
    assert [number for number, _, _ in vi] == list(range(1, 12))
    assert vi[0] == (1, "Họ và tên", "Đỗ Thị Phương")
    assert en[6] == (7, "Dose number", "2/2")
    assert vi[2][2] == ""


def test_a_form_that_does_not_exist_is_named():
    with pytest.raises(hcert.forms.FormUnknown) as refused:
        form("vn-1")
    assert "vn-5772" in refused.value.vi


def test_a_certificate_says_which_form_it_follows():
    made = hcert.decode(hcert.issue(content(), signer(), issued_at=ISSUED).text)
    assert hcert.forms.form_of(made.claims).id == "vn-5772"
    foreign = hcert.issue(content(), signer(), issuer="LA", issued_at=ISSUED)
    assert hcert.forms.form_of(hcert.decode(foreign.text).claims) is None


@pytest.mark.parametrize(
    ("issued", "expiry"),
    [("2022-05-01", "2023-05-01"), ("2024-02-29", "2025-02-28"), ("2022-12-31", "2023-12-31")],
)
def test_twelve_months_end_on_the_same_day(issued, expiry):
    end = form("vn-5772").latest_expiry(datetime.fromisoformat(issued).replace(tzinfo=UTC))
    assert end.date().isoformat() == expiry
