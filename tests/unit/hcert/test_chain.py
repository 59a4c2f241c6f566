"""The chain: each step and its reverse, for both algorithms, and ten thousand Vietnamese people."""

import random

import pytest

from tests.unit.hcert.samples import ISSUED, NOW, content, issued, packed, signer, trust
from tiemchung import hcert
from tiemchung.hcert import base45, cbor, chain, claims, cose, deflate
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.errors import DecodeError

FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
]
MIDDLE = ["Thị", "Văn", "Thùy", "Đức", "Hữu", "Ngọc", "Thanh", "Quốc", "Ánh", "Xuân", "Đình", "Bảo", "Gia", "Mỹ", "Kim"]
GIVEN = [
    "An",
    "Bình",
    "Đạt",
    "Hạnh",
    "Hương",
    "Khánh",
    "Lộc",
    "Mỹ",
    "Nghĩa",
    "Phượng",
    "Quỳnh",
    "Sáu",
    "Tuấn",
    "Út",
    "Vỹ",
]
PRODUCTS = [
    ("EU/1/20/1528", "ORG-100030215", "1119349007"),
    ("EU/1/21/1529", "ORG-100001699", "29061000087103"),
    ("EU/1/20/1507", "ORG-100031184", "1119349007"),
    ("BBIBP-CorV", "ORG-100020693", "1157024006"),
    ("Abdala", "CIGB", "28531000087107"),
]


def people(count, seed=5772):
    """Generated people with names of two to four words and one dose or more."""
    made = random.Random(seed)
    for _ in range(count):
        middle = made.sample(MIDDLE, made.choice([0, 1, 1, 2]))
        name = " ".join([made.choice(FAMILY), *middle, made.choice(GIVEN)])
        mp, ma, vp = made.choice(PRODUCTS)
        born = f"{made.randint(1920, 2009)}-{made.randint(1, 12):02}-{made.randint(1, 28):02}"
        dn = made.randint(1, 4)
        yield content(name, born, mp=mp, ma=ma, vp=vp, dn=dn, sd=max(2, dn), dt=f"2022-0{made.randint(1, 4)}-11")


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_every_step_has_its_reverse_and_keeps_its_value(algorithm):
    made = issued(signer(algorithm))
    assert base45.decode(chain.without_prefix(made.text)) == made.compressed
    assert deflate.decompress(made.compressed) == made.cose
    message = cose.read(made.cose)
    assert (message.payload, message.signature) == (made.cwt, made.signature)
    assert message.algorithm == algorithm
    assert message.kid == signer(algorithm).kid
    token = claims.decode(made.cwt)
    assert (token.issuer, token.issued) == ("VN", ISSUED)


def test_signature_sizes_are_those_of_the_standards():
    assert len(issued().signature) == 64
    assert len(issued(signer(Algorithm.PS256)).signature) == 256


def test_envelope_is_tagged_with_a_protected_algorithm_and_key_id_and_whole_seconds():
    made = issued()
    assert made.cose[:2] == b"\xd2\x84"
    message = cose.read(made.cose)
    assert dict(message.headers) == {1: -7, 4: signer().kid}
    assert message.unprotected == {}
    token = cbor.loads(made.cwt)
    assert (type(token[4]), type(token[6])) == (int, int)
    assert made.compressed[:2] == b"\x78\xda"


@pytest.mark.slow
def test_ten_thousand_vietnamese_people_come_back_as_they_were():
    list_of_keys = trust()
    for person in people(10_000):
        made = hcert.issue(person, signer(), issued_at=ISSUED)
        verdict = hcert.verify(made.text, list_of_keys, at=NOW)
        assert (verdict.code, verdict.content) == ("OK", person)


def test_white_space_around_a_code_is_dropped_and_told():
    decoded = hcert.decode(f"  {packed(content())}\r\n")
    assert decoded.notes == ("N|SPC",)


def test_text_beyond_any_symbol_is_refused_before_decoding():
    with pytest.raises(hcert.DecodeError) as refused:
        hcert.decode("HC1:" + "0" * 9000)
    assert refused.value.code == "D|SIZ"


def test_one_that_cannot_be_decoded_stops_no_other():
    good = issued().text
    found = chain.decode_all([good, "HC1:1:1:", f" {good}", "HC2:6BF", good[:64]])
    assert [one.code if isinstance(one, DecodeError) else one.notes for one in found] == [
        (), "D|B45", ("N|SPC",), "D|PRE", "D|ZLB"
    ]  # fmt: skip
