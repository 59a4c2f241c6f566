"""The verdict: what decides, in which order, and what is told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.unit.hcert.samples import ISSUED, NOW, START, YEAR, authority, content, dose, issued, packed, signer, trust
from tiemchung import hcert
from tiemchung.hcert import algorithms, chain, claims, cose, deflate
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.base45 import encode as base45
from tiemchung.hcert.codes import CODES, Status
from tiemchung.hcert.trust import TrustedKey, TrustList
from tiemchung.hcert.verdict import Policy, verify_all

LATER = NOW + 3 * YEAR


class Revocation:
    """Revocation data that always answers the same."""

    def __init__(self, answer):
        self.answer = answer

    def state(self, decoded, *, country, at):
        assert (country, at) == ("VN", NOW)
        return self.answer


def code(text, list_of_keys=None, at=NOW, **options):
    return hcert.verify(text, list_of_keys or trust(), at=at, **options).code


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_genuine_certificate_in_date_is_valid(algorithm):
    by = signer(algorithm)
    raw = content()
    verdict = hcert.verify(packed(raw, by), trust(by), at=NOW)
    assert (verdict.status, verdict.code, verdict.content) == (Status.VALID, "OK", raw)
    assert verdict.signer.kid == by.kid


def test_unknown_key_cannot_be_told_and_nothing_is_believed():
    verdict = hcert.verify(packed(content()), TrustList(()), at=NOW)
    assert (verdict.status, verdict.code, verdict.content) == (Status.UNKNOWN, "K|UNK", None)


def test_wrong_key_under_the_right_key_id_is_invalid():
    impostor = replace(TrustedKey.of_certificate(signer(uses="v").certificate), kid=signer().kid)
    assert code(packed(content()), TrustList((impostor,))) == "S|SIG"


def test_every_key_with_the_key_id_is_tried():
    impostor = replace(TrustedKey.of_certificate(signer(uses="v").certificate), kid=signer().kid)
    other = replace(TrustedKey.of_certificate(signer(Algorithm.PS256).certificate), kid=signer().kid)
    right = TrustedKey.of_certificate(signer().certificate)
    assert code(packed(content()), TrustList((impostor, other, right))) == "OK"


def test_a_key_that_cannot_be_read_cannot_be_told():
    broken = TrustedKey.of_public_key(signer().kid, None, "VN")
    assert code(packed(content()), TrustList((broken,))) == "K|BAD"


def test_changed_content_is_invalid():
    made = issued()
    forged = made.cwt.replace(b"2021-10-10", b"2021-10-11")
    envelope = cose.assemble(cose.protected_header(-7, signer().kid), forged, made.signature)
    assert code("HC1:" + base45(deflate.compress(envelope))) == "S|SIG"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (ISSUED, "OK"),
        (ISSUED - timedelta(seconds=1), "T|NYV"),
        (ISSUED + YEAR, "OK"),
        (ISSUED + YEAR + timedelta(seconds=1), "T|EXP"),
        (START - timedelta(seconds=1), "K|NYV"),
        (START + 2 * YEAR + timedelta(seconds=1), "K|EXP"),
    ],
)
def test_times_are_bounds_to_the_second(at, expected):
    assert code(packed(content()), at=at) == expected


def test_leeway_bridges_a_clock_that_is_off():
    policy = Policy(leeway=timedelta(minutes=5))
    assert code(packed(content()), at=ISSUED - timedelta(minutes=4), policy=policy) == "OK"
    assert code(packed(content()), at=ISSUED - timedelta(minutes=6), policy=policy) == "T|NYV"


def test_missing_expiry_is_invalid():
    token = claims.cbor.dumps({1: "VN", 6: int(ISSUED.timestamp()), -260: {1: content()}})
    protected = cose.protected_header(-7, signer().kid)
    envelope = cose.assemble(protected, token, signer().sign(cose.to_be_signed(protected, token)))
    assert code(chain.PREFIX + base45(deflate.compress(envelope))) == "T|MIS"


def test_times_beyond_the_signers_certificate_are_told():
    text = packed(content(), issued_at=int((START - YEAR).timestamp()), expires_at=int((START + 3 * YEAR).timestamp()))
    verdict = hcert.verify(text, trust(), at=NOW)
    assert verdict.code == "OK"
    assert {"N|EARLY", "N|LATE"} <= set(verdict.notes)


def test_a_key_signs_only_what_it_is_for():
    by = signer(uses="t")
    verdict = hcert.verify(packed(content(), by), trust(by), at=NOW)
    assert (verdict.code, verdict.detail) == ("K|USE", "v by a key for t")


def test_another_country_than_the_keys_is_told():
    verdict = hcert.verify(packed(content(), issuer="LA"), trust(), at=NOW)
    assert (verdict.code, "N|CTY" in verdict.notes) == ("OK", True)


def test_several_entries_are_invalid():
    assert code(packed(content() | {"v": [dose(), dose()]})) == "C|CNT"


@pytest.mark.parametrize(
    ("answer", "expected", "status"),
    [
        ("clear", "OK", "valid"),
        ("revoked", "R|REV", "invalid"),
        ("stale", "R|OLD", "unknown"),
        ("absent", "R|ABS", "unknown"),
    ],
)
def test_revocation_data_decides(answer, expected, status):
    verdict = hcert.verify(packed(content()), trust(), at=NOW, revocation=Revocation(answer))
    assert (verdict.code, verdict.status) == (expected, status)
    assert "N|REV" not in verdict.notes


def test_a_stale_trust_list_makes_nothing_valid_and_still_tells_what_is_invalid():
    stale = trust(valid_until=NOW - timedelta(hours=1))
    assert code(packed(content()), stale) == "L|OLD"
    assert code(packed(content(), expires_at=int(NOW.timestamp()) - 9), stale) == "T|EXP"
    assert code(packed(content(), signer(uses="v")), stale) == "L|OLD"


def test_a_trust_list_from_the_future_cannot_tell():
    assert code(packed(content()), trust(valid_from=NOW + timedelta(hours=1))) == "L|NYV"


def test_a_withdrawn_key_takes_its_certificates_with_it():
    withdrawn = trust().withdrawing(signer().kid, NOW)
    assert code(packed(content()), withdrawn) == "K|WDN"
    assert code(packed(content()), withdrawn, at=NOW - timedelta(seconds=1)) == "OK"


@pytest.mark.parametrize(("policy", "expected"), [(Policy(), "OK"), (Policy(p384_under_es256=False), "K|TYP")])
def test_p384_under_the_name_es256_is_a_choice(policy, expected):
    key = ec.generate_private_key(ec.SECP384R1())
    certificate = authority().certify(key.public_key(), name="P-384", valid_from=START)
    payload = issued().cwt
    protected = cose.protected_header(-7, certificate.kid)
    signature = algorithms.signing(key)(cose.to_be_signed(protected, payload))
    text = chain.PREFIX + base45(deflate.compress(cose.assemble(protected, payload, signature)))
    verdict = hcert.verify(text, TrustList.of_certificates([certificate]), at=NOW, policy=policy)
    assert (verdict.code, len(signature)) == (expected, 96)
    assert ("N|P384" in verdict.notes) == (expected == "OK")


def test_every_code_has_words_in_both_languages_and_belongs_to_a_stage():
    for entry in CODES.values():
        assert entry.vi != entry.en
        assert entry.code == "OK" or entry.code[:2] in {"D|", "K|", "S|", "L|", "T|", "C|", "R|", "N|"}
        assert (entry.status == Status.VALID) == (entry.code == "OK" or entry.code.startswith("N|"))


def test_many_at_once_get_the_verdicts_that_they_get_alone():
    good = issued().text
    texts = [good, "HC1:", issued(dn=3, sd=3).text, good[:64], "", issued(signer(Algorithm.PS256)).text]
    together = verify_all(texts, trust(), at=NOW)
    assert together == [hcert.verify(one, trust(), at=NOW) for one in texts]
    assert [one.code for one in together] == ["OK", "D|ZLB", "OK", "D|ZLB", "D|PRE", "K|UNK"]
