"""What we issue opens in another project's library (JavaScript, `@pathcheck/dcc-sdk`), and the reverse."""

import base64
import fcntl
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.hcert.samples import authority, content
from tiemchung import hcert
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.authority import new_key, private_pem

FOLDER = Path(__file__).parent / "npm"
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def peer():
    """Ask the other library: one request, one answer. Its packages are installed once, from the lock file."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not installed (apt-get install nodejs npm)")
    with (FOLDER / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (FOLDER / "node_modules/@pathcheck").exists():
            options = ["--omit=optional", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(["npm", "ci", *options], cwd=FOLDER, check=True, capture_output=True, timeout=300)

    def ask(**request):
        line = json.dumps(request)
        done = subprocess.run(
            ["node", "peer.js"], cwd=FOLDER, input=line, capture_output=True, text=True, check=True, timeout=60
        )
        return json.loads(done.stdout)

    return ask


@pytest.fixture(scope="module", params=list(Algorithm), ids=lambda algorithm: algorithm.name)
def by(request):
    """A key in use now, with its private half, which the other library signs with."""
    key = new_key(request.param)
    certificate = authority().certify(
        key.public_key(), name="Peer", valid_from=NOW - timedelta(days=1), life=timedelta(days=3 * 365)
    )
    return hcert.PemSigner(key, certificate), key


def test_the_other_library_opens_what_we_issue(peer, by):
    signer, _ = by
    raw = content()
    made = hcert.issue(raw, signer, issued_at=NOW)
    kid = base64.b64encode(signer.kid).decode()
    answer = peer(do="verify", text=made.text, certificates={kid: base64.b64encode(signer.certificate.raw).decode()})
    assert answer["status"] == "verified"
    assert answer["claims"]["-260"]["1"] == raw
    assert answer["claims"]["1"] == "VN"
    assert answer["claims"]["6"] == int(NOW.timestamp())


def test_the_other_library_refuses_what_another_key_signed(peer, by):
    signer, _ = by
    made = hcert.issue(content(), signer, issued_at=NOW)
    stranger = authority().new_signer(signer.algorithm, name="Stranger", valid_from=NOW - timedelta(days=1))
    kid = base64.b64encode(signer.kid).decode()
    certificates = {kid: base64.b64encode(stranger.certificate.raw).decode()}
    assert peer(do="verify", text=made.text, certificates=certificates)["status"] == "invalid_signature"


def test_we_open_what_the_other_library_issues(peer, by):
    signer, key = by
    raw = content()
    answer = peer(
        do="issue",
        content=raw,
        certificate=signer.certificate.pem().decode(),
        key=private_pem(key).decode(),
        issuer="VN",
        months=12,
    )
    trust = hcert.TrustList.of_certificates([signer.certificate])
    verdict = hcert.verify(answer["text"], trust, at=datetime.now(UTC) + timedelta(seconds=2))
    assert (verdict.code, verdict.content, verdict.signer.kid) == ("OK", raw, signer.kid)
    assert set(verdict.notes) <= {"N|REV"}
