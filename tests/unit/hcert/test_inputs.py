"""What may be handed in: text, lines of text, pictures, files of dgc-testdata."""

import base64
import json
from datetime import UTC, datetime

import pytest

from tests.unit.hcert.samples import NOW, signer, trust
from tiemchung import hcert
from tiemchung.hcert import inputs, qr


def test_lines_of_a_text_file_are_certificates_of_their_own():
    found = inputs.candidates("codes.txt", b"\xef\xbb\xbfHC1:A\r\n\r\nHC1:B\n")
    assert [(each.name, each.data) for each in found] == [("codes.txt:1", "HC1:A"), ("codes.txt:2", "HC1:B")]


def test_a_single_line_and_an_empty_file_keep_the_files_name():
    assert [(each.name, each.data) for each in inputs.candidates("one", b"HC1:A\n")] == [("one", "HC1:A")]
    assert [(each.name, each.data) for each in inputs.candidates("none", b"")] == [("none", "")]


def test_a_test_file_brings_its_certificate_clock_and_picture():
    context = {
        "CERTIFICATE": base64.b64encode(signer().certificate.raw).decode(),
        "VALIDATIONCLOCK": "2021-05-26T09:44:03",
    }
    file = {"PREFIX": "HC1:A", "TESTCTX": context, "2DCODE": base64.b64encode(qr.png("HC1:B")).decode()}
    (candidate,) = inputs.candidates("1.json", json.dumps(file).encode())
    assert inputs.certificate_text(candidate.data) == "HC1:B"
    assert candidate.signer.kid == signer().kid
    assert candidate.clock == datetime(2021, 5, 26, 9, 44, 3, tzinfo=UTC)
    del file["2DCODE"]
    assert inputs.candidates("1.json", json.dumps(file).encode())[0].data == "HC1:A"


@pytest.mark.parametrize(
    "change",
    [
        lambda file: json.dumps(file).encode("utf-8-sig"),
        lambda file: json.dumps(file).encode("utf-16"),
        lambda file: json.dumps([file]).encode(),
        lambda file: json.dumps({key.lower(): value for key, value in file.items()}).encode(),
        lambda file: json.dumps(file | {"2DCODE": None, "_2DCODE": "="}).encode(),
    ],
    ids=["with BOM", "UTF-16", "in a list", "small keys", "broken picture"],
)
def test_test_files_in_unusual_dress_are_read(change):
    context = {"CERTIFICATE": signer().certificate.pem().decode(), "VALIDATIONCLOCK": " 2021-05-26t09:44:03.123456789z"}
    (candidate,) = inputs.candidates("1.json", change({"PREFIX": "HC1:A", "TESTCTX": context}))
    assert (candidate.data, candidate.signer.kid) == ("HC1:A", signer().kid)
    assert candidate.clock == datetime(2021, 5, 26, 9, 44, 3, 123456, tzinfo=UTC)


@pytest.mark.parametrize("context", [None, 7, {}, {"CERTIFICATE": None, "VALIDATIONCLOCK": "soon"}])
def test_a_test_file_without_its_context_is_judged_by_ours(context):
    (candidate,) = inputs.candidates("1.json", json.dumps({"PREFIX": "HC1:A", "TESTCTX": context}).encode())
    assert candidate == inputs.Candidate("1.json", "HC1:A")


@pytest.mark.parametrize("begin", [b"II*\0", b"MM\0*", b"%PDF-1.7"])
def test_pictures_that_are_not_opened_are_told_from_text(begin):
    verdict = hcert.verify(begin + b"\nx\ny", trust(), at=NOW)
    assert verdict.code == "D|PIC"
    assert len(inputs.candidates("scan", begin + b"\nx\ny")) == 1


def test_json_that_is_no_test_file_is_judged_as_it_is():
    for data in (b"{}", b"{", b'{"PREFIX": 1, "TESTCTX": 2}', b"{" * 100_000):
        (candidate,) = inputs.candidates("x.json", data)
        assert candidate.data
