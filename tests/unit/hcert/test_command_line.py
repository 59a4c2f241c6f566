"""`tiemchung hcert`: inputs of every kind, one JSON object a line, exit codes 0, 1, 2."""

import json

import pytest
from click.testing import CliRunner

from tests.shared import shared
from tests.unit.hcert.samples import ISSUED, content, signer, trust
from tiemchung import hcert
from tiemchung.cli.hcert import group
from tiemchung.hcert import gateway, qr, trust_format
from tiemchung.hcert.authority import private_pem

AT = ["--at", "2022-06-01"]
KEYS = ["input", "ok", "verdict", "stage", "alg", "kid", "issuer", "claims", "notes"]


def run(*arguments, stdin=None):
    """Exit code, standard output, standard error."""
    result = CliRunner().invoke(group, [str(each) for each in arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def lines(*arguments, stdin=None):
    code, out, _ = run("verify", "--json", *arguments, stdin=stdin)
    return code, [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def folder(tmp_path):
    """A signer, its key, a list, a certificate as text and as a picture, and the content of another."""
    raw = content()
    made = hcert.issue(raw, signer(), issued_at=ISSUED)
    (tmp_path / "dsc.pem").write_bytes(signer().certificate.pem())
    (tmp_path / "key.pem").write_bytes(private_pem(signer()._key))
    (tmp_path / "list.jws").write_bytes(trust_format.write(trust(), signer()))
    (tmp_path / "list.json").write_text(json.dumps(gateway.items(trust(), at=ISSUED)))
    (tmp_path / "one.txt").write_text(made.text + "\n")
    (tmp_path / "one.png").write_bytes(qr.png(made.text))
    (tmp_path / "content.json").write_text(json.dumps(raw))
    return tmp_path


def test_verify_takes_text_files_pictures_and_standard_input_at_once(folder):
    text = (folder / "one.txt").read_text().strip()
    code, found = lines(
        "--signer",
        folder / "dsc.pem",
        *AT,
        text,
        folder / "one.txt",
        folder / "one.png",
        "-",
        stdin=f"{text}\n{text}\n",
    )
    assert code == 0
    assert [(line["verdict"], line["ok"], line["stage"]) for line in found] == [("valid", True, None)] * 5
    assert all(list(line) == KEYS for line in found)
    assert found[0]["claims"] == json.loads((folder / "content.json").read_text())
    assert (found[0]["alg"], found[0]["issuer"]) == ("ES256", "VN")


@pytest.mark.parametrize("name", ["list.jws", "list.json", "dsc.pem"])
def test_verify_takes_trust_lists_of_every_kind(folder, name):
    code, (line,) = lines("--trust-list", folder / name, *AT, folder / "one.png")
    assert (code, line["verdict"]) == (0, "valid")


def test_a_list_must_be_signed_by_its_anchor(folder):
    arguments = ("--trust-list", folder / "list.jws", "--anchor")
    assert lines(*arguments, folder / "dsc.pem", *AT, folder / "one.txt")[0] == 0
    (folder / "other.pem").write_bytes(signer(uses="t").certificate.pem())
    code, out, error = run("verify", *arguments, folder / "other.pem", folder / "one.txt")
    assert (code, out) == (1, "")
    assert "Danh sách tin cậy do một khóa lạ ký" in error


def test_verify_says_what_it_cannot_tell_and_what_is_invalid(folder):
    code, found = lines(folder / "one.txt", "HC1:ABC", "HC2:NCF", *AT)
    assert code == 1
    assert [(line["verdict"], line["stage"]) for line in found] == [
        ("could_not_tell", "K|UNK"),
        ("invalid", "D|ZLB"),
        ("invalid", "D|PRE"),
    ]
    assert found[0]["notes"][0].startswith("The signer's key is not in the trust list.")


@pytest.mark.parametrize(
    "arguments", [["--at", "soon", "HC1:A"], ["missing.png"], ["--signer", "missing.pem", "HC1:A"], ["--nope"]]
)
def test_wrong_use_ends_with_2(arguments):
    assert run("verify", *arguments)[0] == 2


def test_test_files_bring_their_own_certificate_and_clock(folder):
    path = shared("testdata/dcc/common/2DCode/raw/CO1.json")
    assert lines(path)[1][0]["verdict"] == "valid"
    assert lines(path, *AT)[1][0]["stage"] == "K|EXP"
    assert lines(path, "--signer", folder / "dsc.pem")[1][0]["stage"] == "K|UNK"


def test_no_common_case_that_must_fail_passes():
    files = sorted(shared("testdata/dcc/common/2DCode/raw").glob("*.json"))
    _, found = lines(*files)
    assert len(found) == 38
    for path, line in zip(files, found, strict=True):
        expected = json.loads(path.read_text("utf-8"))["EXPECTEDRESULTS"]
        assert line["ok"] == all(expected.values()), path.name


def test_decode_judges_nothing(folder):
    code, out, _ = run("decode", "--json", folder / "one.png", "HC1:ABC")
    good, bad = map(json.loads, out.splitlines())
    assert (code, good["ok"], bad["ok"], bad["stage"]) == (1, True, False, "D|ZLB")
    assert "dn" in good["claims"]["v"][0]
    assert run("decode", folder / "one.txt")[0] == 0


def test_issue_signs_and_refuses_by_field(folder):
    key = ["--key", folder / "key.pem", "--certificate", folder / "dsc.pem", "--issued-at", "2022-05-01"]
    code, text, _ = run("issue", *key, folder / "content.json")
    assert code == 0
    assert lines("--signer", folder / "dsc.pem", *AT, text.strip())[0] == 0
    wrong = json.dumps(content(dn=0))
    code, out, _ = run("issue", "--json", *key, "-", stdin=f"{wrong}\n{json.dumps(content())}\n")
    refused, issued = map(json.loads, out.splitlines())
    assert (code, refused["ok"], issued["ok"]) == (1, False, True)
    assert refused["problems"][0]["field"] == "v.0.dn"
    assert run("issue", "--certificate", folder / "dsc.pem", folder / "content.json")[0] == 2


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_qr_draws_to_a_file_or_to_standard_output(folder, suffix):
    output = folder / f"out.{suffix}"
    assert run("qr", "--level", "M", "--output", output, folder / "one.txt")[0] == 0
    assert output.read_bytes()[:4] in (b"<svg", b"\x89PNG")
    result = CliRunner().invoke(group, ["qr", "--format", suffix, str(folder / "one.txt")])
    assert result.stdout_bytes[:4] in (b"<svg", b"\x89PNG")


def test_revoked_certificates_are_found_in_both_forms_of_the_list(folder):
    fresh = folder / "fresh.txt"
    key = ["--key", folder / "k/dsc-key.pem", "--certificate", folder / "k/dsc.pem"]
    assert run("trust", "demo-keys", folder / "k")[0] == 0
    code, text, error = run("issue", *key, folder / "content.json")
    assert code == 0, error
    fresh.write_text(text)
    target = ["revoke", "--list", folder / "r.json", "--compact", folder / "r.bin"]
    assert run(*target, fresh)[0] == 0
    for name in ("r.json", "r.bin"):
        _, (line,) = lines("--signer", folder / "k/dsc.pem", "--revocations", folder / name, fresh)
        assert (line["verdict"], line["stage"]) == ("invalid", "R|REV")
    assert run(*target, fresh)[1].startswith(f"{folder / 'r.json'}: version 2")


def test_trust_lists_are_made_shown_imported_exported_and_withdrawn_from(folder):
    key = ["--key", folder / "key.pem", "--certificate", folder / "dsc.pem"]
    made = folder / "made.jws"
    assert run("trust", "make", *key, "--output", made, folder / "dsc.pem")[0] == 0
    code, out, _ = run("trust", "show", "--json", "--anchor", folder / "dsc.pem", made)
    assert (code, json.loads(out)["kid"]) == (0, signer().kid.hex())
    assert "Khóa bắt đầu ký" in run("trust", "show", "--calendar", made)[1]
    assert run("trust", "import", *key, "--output", made, folder / "list.json")[0] == 0
    assert json.loads(run("trust", "export", "--country", "VN", made)[1]) == []
    assert run("trust", "withdraw", *key, "--kid", "00", made)[0] == 2
    assert run("trust", "withdraw", *key, "--kid", signer().kid.hex(), "--at", "2022-01-02", made)[0] == 0
    assert lines("--trust-list", made, *AT, folder / "one.txt")[1][0]["stage"] == "K|WDN"
