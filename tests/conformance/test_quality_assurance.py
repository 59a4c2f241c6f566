"""Pictures of certificates as the countries really issued them."""

from datetime import UTC, datetime

import pytest

from tests.shared import shared
from tiemchung import hcert
from tiemchung.hcert import forms, inputs, schema

NOW = datetime(2022, 6, 1, tzinfo=UTC)


def pictures():
    return sorted(shared("testdata/dcc/quality-assurance").rglob("*.png"))


def decoded(path):
    return hcert.decode(inputs.certificate_text(path.read_bytes()))


def test_every_picture_decodes_to_one_entry():
    found = pictures()
    assert len(found) >= 14
    for path in found:
        verdict = hcert.verify(path.read_bytes(), hcert.TrustList(()), at=NOW)
        assert (verdict.status, verdict.code) == ("unknown", "K|UNK"), path
        assert hcert.subclaims.read(verdict.decoded.claims.contents).kind in ("v", "t", "r"), path


def test_viet_nams_certificate_is_read_to_the_last_detail():
    path = shared("testdata/dcc/quality-assurance/VN/1.3.0/VAC_VN.png")
    read = decoded(path)
    assert read.message.algorithm == hcert.Algorithm.PS256
    assert len(read.message.signature) == 256
    assert read.message.kid.hex() == "f30da46716f7882d"
    assert (read.claims.issuer, read.claims.issued_at, read.claims.expires_at) == ("VN", 1649950687, 1738195200)
    assert read.notes == ()
    assert forms.form_of(read.claims).id == "vn-5772"
    assert schema.problems(read.dcc) == []
    assert read.dcc["v"][0]["mp"] == "EU/1/21/1529"


def test_viet_nams_mismatched_maker_is_read_and_would_not_be_issued():
    read = decoded(shared("testdata/dcc/quality-assurance/VN/1.3.0/VAC_VN.png"))
    problems = hcert.valuesets.vaccination_problems(read.dcc["v"][0])
    assert {problem.field for problem in problems} >= {"v.0.vp"}
    assert "N|PRD" in hcert.subclaims.read(read.claims.contents).notes


@pytest.mark.parametrize("country", ["CO", "MY", "SG", "TH", "VN"])
def test_each_given_country_is_among_them(country):
    assert any(path.parts[-3] == country for path in pictures())
