"""The envelope in all the shapes that issuers of the world have given it."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.hcert.samples import NOW, content, issued, signer, trust
from tiemchung import hcert
from tiemchung.hcert import base45, cose, deflate
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.verdict import Policy

PAYLOAD = issued().cwt
KID = signer().kid


def text(envelope: bytes) -> str:
    return "HC1:" + base45.encode(deflate.compress(envelope))


def array(protected: bytes, unprotected: dict, payload: bytes = PAYLOAD) -> list:
    signature = signer().sign(cose.to_be_signed(protected, payload))
    return [protected, unprotected, payload, signature]


def tagged(*parts, tags=(18,)) -> bytes:
    item = array(*parts)
    for tag in tags:
        item = cbor2.CBORTag(tag, item)
    return cbor2.dumps(item)


BOTH = cbor2.dumps({1: -7, 4: KID})
SHAPES = {
    "as the specification": (tagged(BOTH, {}), ()),
    "without tag": (tagged(BOTH, {}, tags=()), ("N|TAG",)),
    "tagged as CWT too": (tagged(BOTH, {}, tags=(18, 61)), ("N|TAG",)),
    "key id unprotected": (tagged(cbor2.dumps({1: -7}), {4: KID}), ("N|KID",)),
    "two key ids": (tagged(BOTH, {4: b"foo"}), ("N|KD2",)),
    "algorithm unprotected": (tagged(b"", {1: -7, 4: KID}), ("N|ALG", "N|KID")),
    "a content type": (tagged(cbor2.dumps({3: 60, 4: KID, 1: -7}), {}), ()),
    "header not in shortest form": (tagged(b"\xb8\x02\x01\x26\x04\x58\x08" + KID, {}), ()),
    "bytes behind": (tagged(BOTH, {}) + b"\0\1", ("N|TRL",)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_oddly_shaped_envelopes_verify_and_the_oddity_is_told(shape):
    envelope, notes = SHAPES[shape]
    verdict = hcert.verify(text(envelope), trust(), at=NOW)
    assert (verdict.code, verdict.notes) == ("OK", (*notes, "N|REV"))


def test_unprotected_algorithm_is_refused_where_the_policy_says_so():
    envelope, _ = SHAPES["algorithm unprotected"]
    verdict = hcert.verify(text(envelope), trust(), at=NOW, policy=Policy(unprotected_algorithm=False))
    assert verdict.code == "K|ALG"


HEADER = cbor2.dumps({1: -7, 4: bytes(8)})
NO_ENVELOPES = {
    "nothing": b"",
    "a break": b"\xff",
    "a number": cbor2.dumps(7),
    "three parts": cbor2.dumps([HEADER, {}, b"p"]),
    "header not bytes": cbor2.dumps([{}, {}, b"p", b"s"]),
    "unprotected not a map": cbor2.dumps([HEADER, [], b"p", b"s"]),
    "header a list": cbor2.dumps([cbor2.dumps([1]), {}, b"p", b"s"]),
    "payload text": cbor2.dumps([HEADER, {}, "text", b"s"]),
    "another tag": cbor2.dumps(cbor2.CBORTag(98, [HEADER, {}, b"p", b"s"])),
    "a list of 2^64": b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
    "lists in lists": b"\x81" * 5000,
    "tags on tags": b"\xc6" * 5000 + b"\0",
    "bytes of 4 GB": b"\xd2\x84\x5a\xff\xff\xff\xff",
}


@pytest.mark.parametrize("kind", NO_ENVELOPES)
def test_what_is_no_envelope_is_refused(kind):
    with pytest.raises(hcert.DecodeError) as refused:
        cose.read(NO_ENVELOPES[kind])
    assert refused.value.code == "D|COS"


@pytest.mark.parametrize("length", [0, 1, 3, 63, 65, 96, 256, 10_000])
def test_signatures_of_any_length_are_wrong_and_do_not_crash(length):
    envelope = cbor2.dumps(cbor2.CBORTag(18, [BOTH, {}, PAYLOAD, b"\x01" * length]))
    assert hcert.verify(text(envelope), trust(), at=NOW).code == "S|SIG"


@pytest.mark.parametrize("algorithm", [0, -8, -35, -257, "ES256", None, b"", 1.5])
def test_other_algorithms_are_refused(algorithm):
    header = cbor2.dumps({1: algorithm, 4: KID})
    assert hcert.verify(text(tagged(header, {})), trust(), at=NOW).code == "K|ALG"


def test_algorithm_that_the_key_is_not_for_is_refused():
    header = cbor2.dumps({1: int(Algorithm.PS256), 4: KID})
    assert hcert.verify(text(tagged(header, {})), trust(), at=NOW).code == "K|TYP"


@pytest.mark.parametrize("kid", [b"", b"foo", bytes(16), "text", 7])
def test_key_ids_of_another_length_or_type_do_not_crash(kid):
    header = cbor2.dumps({1: -7, 4: kid})
    verdict = hcert.verify(text(tagged(header, {})), trust(), at=NOW)
    assert verdict.code == ("K|UNK" if isinstance(kid, bytes) else "K|KID")
    assert "N|LEN" in verdict.notes


def test_missing_key_id_cannot_be_told():
    verdict = hcert.verify(text(tagged(cbor2.dumps({1: -7}), {})), trust(), at=NOW)
    assert (verdict.status, verdict.code) == ("unknown", "K|KID")


def test_header_is_signed_as_it_was_received():
    made = array(BOTH, {})
    made[0] = cbor2.dumps({4: KID, 1: -7})
    assert hcert.verify(text(cbor2.dumps(cbor2.CBORTag(18, made))), trust(), at=NOW).code == "S|SIG"


def test_content_is_not_given_out_before_the_signature_holds():
    forged = array(BOTH, {})
    forged[3] = bytes(64)
    verdict = hcert.verify(text(cbor2.dumps(cbor2.CBORTag(18, forged))), trust(), at=NOW)
    assert verdict.content is None
    assert verdict.decoded.dcc["nam"] == content()["nam"]


HEADERS = [BOTH, b"", cbor2.dumps({1: -37, 4: KID}), b"\xa2\x01", b"\xb8\x02\x01\x26\x04\x58\x08" + KID, bytes(30)]
SIZES = st.sampled_from([0, 23, 24, 64, 96, 255, 256, 384, 512])


def long_head(data: bytes) -> bytes:
    """A byte string whose length takes two bytes, needed or not."""
    return b"\x59" + len(data).to_bytes(2, "big") + data


@given(
    header=st.sampled_from(HEADERS),
    sizes=st.tuples(SIZES, SIZES),
    heads=st.tuples(*[st.sampled_from([cose.byte_string, long_head])] * 2),
    change=st.none() | st.tuples(st.integers(0, 60), st.integers(0, 255)),
    cut=st.integers(0, 3),
)
def test_the_short_cut_reads_what_the_long_way_reads(header, sizes, heads, change, cut):
    payload, signature = (head(bytes(size)) for head, size in zip(heads, sizes, strict=True))
    made = bytearray(cose.TAGGED + cose.byte_string(header) + b"\xa0" + payload + signature + bytes(cut == 3))
    if change is not None:
        made[change[0] % len(made)] = change[1]
    data = bytes(made[: -1 if cut == 1 else None])
    assert outcome(cose._usual, data) in (None, outcome(cose._of_any_shape, data))


def outcome(reading, data: bytes):
    """What a reading gives, or its error's code."""
    try:
        return reading(data)
    except hcert.DecodeError as broken:
        return broken.code


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_what_we_issue_takes_the_short_cut(algorithm):
    assert cose._usual(issued(signer(algorithm)).cose) is not None
