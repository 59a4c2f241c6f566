"""Trust lists: the signed file, gateways' formats, roll-over and withdrawal."""

import base64
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.hcert.samples import NOW, START, YEAR, authority, content, packed, signer, trust
from tiemchung import hcert
from tiemchung.hcert import gateway, handover, trust_files, trust_format
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.certificates import ALL_USES
from tiemchung.hcert.trust import TrustedKey, TrustList

BOUNDS = {"valid_from": NOW, "valid_until": NOW + timedelta(hours=48)}


def list_signer(algorithm=Algorithm.ES256):
    return signer(algorithm, uses="r")


def mixed_list() -> TrustList:
    """A certificate, a withdrawn one, a bare key."""
    bare = TrustedKey.of_public_key(b"12345678", signer(uses="v").certificate.public_key, "LA", frozenset("v"))
    keys = [TrustedKey.of_certificate(signer(a).certificate) for a in Algorithm]
    return TrustList((*keys, bare), **BOUNDS).withdrawing(keys[1].kid, NOW)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_signed_list_comes_back_as_it_was(algorithm):
    written = trust_format.write(mixed_list(), list_signer(algorithm))
    read = trust_format.read(written, [list_signer().certificate, list_signer(algorithm).certificate])
    assert read == mixed_list()
    assert trust_files.load(written, anchors=[list_signer(algorithm).certificate]) == read


def test_a_list_is_plain_jws_that_any_language_reads():
    header, payload, signature = trust_format.write(trust(**BOUNDS), list_signer()).split(b".")
    assert json.loads(base64.urlsafe_b64decode(header + b"=="))["alg"] == "ES256"
    assert json.loads(base64.urlsafe_b64decode(payload + b"=="))["keys"][0]["country"] == "VN"
    assert len(base64.urlsafe_b64decode(signature + b"==")) == 64


def test_a_list_signed_by_a_stranger_is_refused():
    written = trust_format.write(trust(), signer())
    with pytest.raises(hcert.TrustListError) as refused:
        trust_format.read(written, [list_signer().certificate])
    assert signer().kid.hex() in refused.value.en


def test_a_changed_list_is_refused():
    header, _, signature = trust_format.write(trust(), list_signer()).split(b".")
    other = trust_format.write(trust(signer(uses="v")), list_signer()).split(b".")[1]
    with pytest.raises(hcert.TrustListError) as refused:
        trust_format.read(b".".join([header, other, signature]), [list_signer().certificate])
    assert "sai" in refused.value.vi


@given(st.data())
def test_a_damaged_list_is_refused(data):
    written = bytearray(trust_format.write(trust(**BOUNDS), list_signer()))
    at = data.draw(st.integers(0, len(written) - 1))
    written[at] ^= data.draw(st.integers(1, 255))
    try:
        read = trust_format.read(bytes(written), [list_signer().certificate])
    except hcert.TrustListError:
        return
    assert read == trust(**BOUNDS)


@pytest.mark.parametrize(
    "data", [b"", b"eyJ.eyJ.x", b"[1]", b"{}", b'{"verificationMethod":[7]}X', b"\xff\xfe", b"[" * 9999]
)
def test_what_is_no_list_is_refused(data):
    with pytest.raises(hcert.TrustListError):
        trust_files.load(data)


def test_a_bundle_of_certificates_is_a_list_without_bounds():
    read = trust_files.load(signer().certificate.pem() + signer(uses="v").certificate.pem())
    assert [key.kid for key in read.keys] == [signer().kid, signer(uses="v").kid]


def gateway_answer():
    return gateway.items(mixed_list(), roots=[authority().signer_certificate], at=NOW)


def test_what_we_serve_is_what_we_import():
    answer = gateway_answer()
    assert [(item["certificateType"], item["country"]) for item in answer] == [("CSCA", "VN"), ("DSC", "VN")]
    imported = gateway.import_items(answer, fetched_at=NOW, roots_required=True)
    assert [key.kid for key in imported.trust.keys] == [signer().kid]
    assert (imported.rejected, imported.trust.valid_until) == ((), NOW + gateway.MAX_AGE)
    assert hcert.verify(packed(content()), imported.trust, at=NOW).code == "OK"


def test_withdrawn_expired_and_bare_keys_are_not_served():
    assert gateway.items(mixed_list(), kind="DSC", country="VN", at=START + 3 * YEAR) == []
    assert len(gateway.items(mixed_list(), kind="DSC", at=NOW)) == 1
    assert gateway.items(mixed_list(), kind="DSC", country="LA", at=NOW) == []


def test_items_carry_the_signature_that_they_are_given():
    item = gateway.items(trust(), at=NOW, sign=lambda der: b"cms of %d" % len(der))[0]
    assert base64.b64decode(item["signature"]).startswith(b"cms of ")


def test_a_kind_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="DSC"):
        gateway.items(trust(), kind="dsc", at=NOW)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"thumbprint": "00"}, "thumbprint"),
        ({"rawData": "AAAA"}, "cannot be read"),
        ({"rawData": None}, "cannot be read"),
        ({"country": "LA"}, "no CSCA"),
    ],
)
def test_items_that_do_not_hold_together_are_left_out_and_told(changes, reason):
    root, item = gateway_answer()
    imported = gateway.import_items([root, item | changes], fetched_at=NOW, roots_required=True)
    assert imported.trust.keys == ()
    assert reason in imported.rejected[0].reason


def test_a_signer_that_its_countrys_root_did_not_sign_is_left_out():
    _, item = gateway_answer()
    stranger = hcert.demo_authority("VN", valid_from=START).signer_certificate
    root = gateway.items(TrustList(()), roots=[stranger], at=NOW)
    assert gateway.import_items([*root, item], fetched_at=NOW).trust.keys == ()
    both = gateway.items(TrustList(()), roots=[authority().signer_certificate, stranger], at=NOW)
    assert len(gateway.import_items([*both, item], fetched_at=NOW).trust.keys) == 1


def test_a_did_document_gives_its_certificates():
    x5c = base64.b64encode(signer().certificate.raw).decode()
    document = {"verificationMethod": [{"publicKeyJwk": {"x5c": [x5c]}}, {"publicKeyJwk": {"kty": "EC"}}]}
    imported = gateway.import_did(document, fetched_at=NOW)
    assert [key.kid for key in imported.trust.keys] == [signer().kid]
    assert len(imported.rejected) == 1


def test_keys_roll_over_without_a_gap():
    old, new = signer(), signer(uses="v")
    both = trust(old).with_key(TrustedKey.of_certificate(new.certificate))
    for by in (old, new):
        assert hcert.verify(packed(content(), by), both, at=NOW).code == "OK"
    assert both.without_expired(START + 3 * YEAR).keys == ()
    assert [key.kid for key in both.of_country("VN")] == [old.kid, new.kid]


def test_the_calendar_says_when_a_key_signs_hands_over_and_ends():
    dates = handover.calendar(trust())
    assert [change.at.date().isoformat() for change in dates] == [
        "2022-01-01",
        "2022-01-31",
        "2022-08-02",
        "2024-01-01",
    ]
    assert handover.calendar(trust().withdrawing(signer().kid, NOW))[0].at == NOW


def test_the_facts_for_the_other_side_name_key_and_fingerprint():
    facts = handover.facts(mixed_list())
    assert facts[0].fingerprint.startswith(facts[0].kid)
    assert [(fact.country, fact.algorithm, fact.uses) for fact in facts] == [
        ("VN", "ES256", "rtv"),
        ("VN", "PS256", "rtv"),
        ("LA", "ES256", "v"),
    ]


def test_a_key_is_trusted_for_no_more_than_its_certificate_says():
    payload = trust_format.payload(trust(signer(uses="v")))
    payload["keys"][0]["uses"] = sorted(ALL_USES)
    assert trust_format.parse(payload).keys[0].uses == {"v"}
