"""The pages about certificates: their examples run, their tables and vectors hold."""

import base64
import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from tiemchung import hcert
from tiemchung.hcert import trust_format
from tiemchung.hcert.authority import check_issued_by
from tiemchung.hcert.codes import CODES

PAGES = Path(__file__).resolve().parents[3] / "docs/reference"
VECTORS = json.loads((PAGES / "hcert-vectors.json").read_text("utf-8"))


def test_the_examples_of_the_page_run():
    examples = re.findall(r"```python\n(.*?)```", (PAGES / "hcert.md").read_text("utf-8"), re.DOTALL)
    assert len(examples) >= 6
    exec(compile("\n".join(examples), "hcert.md", "exec"), {})


def test_the_table_of_codes_is_the_librarys():
    rows = re.findall(r"^\| `(.+?)` \| (\w+).*? \| (.+?) \| (.+?) \|$", (PAGES / "hcert.md").read_text("utf-8"), re.M)
    listed = [(code.replace("\\|", "|"), status, vi, en) for code, status, vi, en in rows]
    assert listed == [(each.code, str(each.status), each.vi, each.en) for each in CODES.values()]


def test_every_code_that_the_policy_names_exists():
    named = re.findall(r"`([A-Z])\\\|(\w+)`", (PAGES / "hcert-policy.md").read_text("utf-8"))
    assert len(named) > 20
    assert {f"{stage}|{code}" for stage, code in named} <= set(CODES)


@pytest.mark.parametrize("vector", VECTORS["certificates"], ids=lambda vector: vector["title"])
def test_the_vectors_are_judged_as_they_say(vector):
    lister = hcert.SignerCertificate.read(VECTORS["list_signer"].encode())
    trust = trust_format.read(VECTORS["trust_list"].encode(), [lister])
    verdict = hcert.verify(vector["text"], trust, at=datetime.fromisoformat(vector["at"]))
    assert (verdict.status, verdict.code) == (vector["status"], vector["code"])


def test_the_root_of_the_vectors_issued_its_signers():
    root = hcert.SignerCertificate.read(base64.b64decode(VECTORS["root"]))
    lister = hcert.SignerCertificate.read(VECTORS["list_signer"].encode())
    for key in trust_format.read(VECTORS["trust_list"].encode(), [lister]).keys:
        check_issued_by(key.certificate, root)
