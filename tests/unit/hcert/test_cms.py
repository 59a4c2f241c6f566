"""CMS signatures of a gateway's items, made by OpenSSL; and the chain from anchor over upload key to DSC."""

import base64
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.hcert.samples import NOW, START, authority, signer, trust
from tiemchung import hcert
from tiemchung.hcert import cms, gateway
from tiemchung.hcert.certificates import SignerCertificate
from tiemchung.hcert.errors import KeyUnusable

CONTENT = b"a certificate's DER"
KEYS = {
    "ec": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p384": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
    "rsa": ["-newkey", "rsa:2048"],
}
ATTRIBUTES = {"with attributes": [], "without": ["-noattr"], "by key id": ["-keyid"], "streamed": ["-stream"]}


class Party:
    """A key pair with its own certificate, which signs with OpenSSL."""

    def __init__(self, folder: Path, kind: str, name: str) -> None:
        self.key, self.pem, self.folder = folder / f"{name}.key", folder / f"{name}.pem", folder
        subject = ["-subj", f"/C=VN/CN={name}"]
        openssl("req", "-x509", *KEYS[kind], "-nodes", "-keyout", self.key, "-out", self.pem, "-days", "9", *subject)
        self.certificate = SignerCertificate.read(self.pem.read_bytes())

    def sign(self, content: bytes, *options: str) -> bytes:
        plain, signed = self.folder / "content", self.folder / "signed"
        plain.write_bytes(content)
        who = ["-signer", self.pem, "-inkey", self.key]
        ways = ["-sign", "-binary", "-outform", "DER", "-md", "sha256"]
        openssl("cms", *ways, *who, *options, "-in", plain, "-out", signed)
        return signed.read_bytes()


def openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def parties(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Party]:
    folder = tmp_path_factory.mktemp("cms")
    return {name: Party(folder, kind, name) for name, kind in zip("abcd", ["ec", "rsa", "p384", "ec"], strict=True)}


@pytest.mark.parametrize("who", "abc")
@pytest.mark.parametrize("options", ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_the_one_who_signed_is_found_among_those_trusted(parties: dict[str, Party], who: str, options: list[str]):
    signature = parties[who].sign(CONTENT, *options)
    trusted = [party.certificate for party in parties.values()]
    assert cms.signer_of(signature, CONTENT, trusted) == parties[who].certificate


def test_content_inside_the_message_must_be_the_same(parties: dict[str, Party]):
    signature = parties["a"].sign(CONTENT, "-nodetach")
    assert cms.signer_of(signature, CONTENT, [parties["a"].certificate]) == parties["a"].certificate
    assert refusal(signature, b"other", parties["a"]) == "the CMS signature is of other content"


def test_pss_is_read(parties: dict[str, Party]):
    signature = parties["b"].sign(CONTENT, "-keyopt", "rsa_padding_mode:pss")
    assert cms.signer_of(signature, CONTENT, [parties["b"].certificate]) == parties["b"].certificate


def refusal(signature: bytes, content: bytes, *trusted: Party) -> str:
    with pytest.raises(KeyUnusable) as refused:
        cms.signer_of(signature, content, [party.certificate for party in trusted])
    assert refused.value.vi
    return refused.value.en


def test_why_there_is_no_signer_is_said(parties: dict[str, Party]):
    good = parties["a"].sign(CONTENT)
    assert refusal(b"", CONTENT, parties["a"]) == "it is not signed"
    assert refusal(bytes(70_000), CONTENT, parties["a"]) == "the CMS signature has 70000 bytes"
    assert "no trusted certificate" in refusal(good, b"other", parties["a"])
    assert "no trusted certificate" in refusal(good, CONTENT, parties["d"])
    assert "no trusted certificate" in refusal(good, CONTENT)
    assert "cannot be read" in refusal(good[:-300], CONTENT, parties["a"])
    assert "not SHA-2" in refusal(parties["a"].sign(CONTENT, "-md", "sha1"), CONTENT, parties["a"])


@pytest.fixture(scope="module")
def bare_signature(parties: dict[str, Party]) -> bytes:
    return parties["a"].sign(CONTENT, "-noattr", "-nocerts")


@given(data=st.data())
def test_damaged_bytes_name_nobody_else_and_never_crash(
    parties: dict[str, Party], bare_signature: bytes, data: st.DataObject
):
    signature = bytearray(bare_signature)
    signature[data.draw(st.integers(0, len(signature) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = cms.signer_of(bytes(signature), CONTENT, [parties["a"].certificate, parties["b"].certificate])
    except KeyUnusable:
        return
    assert found == parties["a"].certificate


def items(parties: dict[str, Party]) -> list[dict[str, object]]:
    """What a gateway answers: a is its anchor, b Viet Nam's upload key."""
    root, key = gateway.items(trust(), roots=[authority().signer_certificate], at=NOW)
    upload = {"certificateType": "UPLOAD", "country": "VN", "rawData": text(parties["b"].certificate.raw)}
    for item, by in ((root, "a"), (upload, "a"), (key, "b")):
        item["signature"] = text(parties[by].sign(base64.b64decode(str(item["rawData"]))))
    return [root, upload, key]


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_a_key_is_taken_by_the_chain_from_anchor_to_upload_key(parties: dict[str, Party]):
    imported = gateway.import_items(
        items(parties), fetched_at=NOW, roots_required=True, anchors=[parties["a"].certificate]
    )
    assert ([key.kid for key in imported.trust.keys], imported.rejected) == ([signer().kid], ())


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        (0, {"signature": ""}),
        (1, {"signature": ""}),
        (1, {"country": "LA"}),
        (2, {"signature": ""}),
        (2, {"signature": "?"}),
        (2, {"country": "LA"}),
    ],
)
def test_a_broken_link_takes_the_key_with_it_and_is_told(
    parties: dict[str, Party], place: int, changes: dict[str, object]
):
    answer = items(parties)
    answer[place] |= changes
    imported = gateway.import_items(answer, fetched_at=NOW, roots_required=True, anchors=[parties["a"].certificate])
    assert imported.trust.keys == ()
    assert imported.rejected


def test_another_gateways_anchor_takes_nothing(parties: dict[str, Party]):
    imported = gateway.import_items(items(parties), fetched_at=NOW, anchors=[parties["d"].certificate])
    assert (imported.trust.keys, len(imported.rejected)) == ((), 3)


def test_without_anchors_signatures_are_not_looked_at():
    stranger = hcert.demo_authority("LA", valid_from=START).signer_certificate
    answer = gateway.items(trust(), roots=[stranger], at=NOW)
    assert len(gateway.import_items(answer, fetched_at=NOW).trust.keys) == 1
