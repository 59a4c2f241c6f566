"""The JSON files of dgc-testdata, and what our library answers to each of their questions.

A file holds every intermediate value of one certificate and, in EXPECTEDRESULTS, which steps must succeed. Each
question is answered here through the library's own functions: True, False, or None where the file lacks a part.
"""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tiemchung import hcert
from tiemchung.hcert import base45, cbor, chain, cose, deflate, qr, schema, subclaims
from tiemchung.hcert.errors import DecodeError, KeyUnusable
from tiemchung.hcert.verdict import Verdict

_LATE_OR_EARLY = {"T|EXP", "T|NYV", "T|MIS", "K|EXP", "K|NYV", "N|EARLY", "N|LATE"}


@dataclass(frozen=True)
class TestFile:
    """One file: `name` is its path below the folder of the data."""

    __test__ = False
    name: str
    data: dict[str, Any]

    @property
    def expected(self) -> dict[str, bool]:
        """The questions that the file answers with a plain yes or no."""
        answers = self.data["EXPECTEDRESULTS"]
        return {key: value for key, value in answers.items() if key in QUESTIONS and isinstance(value, bool)}

    @property
    def clock(self) -> datetime:
        """The time at which the file wants to be judged; without a zone it is UTC."""
        clock = datetime.fromisoformat(self.data["TESTCTX"]["VALIDATIONCLOCK"])
        return clock if clock.tzinfo else clock.replace(tzinfo=UTC)

    @property
    def certificate(self) -> hcert.SignerCertificate:
        """The signer certificate that the file is judged by."""
        return hcert.SignerCertificate.read(self.data["TESTCTX"]["CERTIFICATE"].encode())

    def octets(self, name: str) -> bytes | None:
        """A field of hexadecimal digits as bytes."""
        text = self.data.get(name)
        return bytes.fromhex(text) if text else None

    def verdict(self) -> Verdict:
        """Our verdict by the file's own certificate and clock."""
        return hcert.verify(self.data["PREFIX"], hcert.TrustList.of_certificates([self.certificate]), at=self.clock)


def read_all(folder: Path) -> Iterator[TestFile]:
    """All test files below a folder, in order."""
    for path in sorted(folder.glob("2D[Cc]ode/[rR]aw/*.json")):
        yield TestFile(f"{folder.name}/{path.name}", json.loads(path.read_text("utf-8-sig")))


def unprefix(file: TestFile) -> bool | None:
    bare = chain.without_prefix(file.data["PREFIX"])
    return bare == file.data["BASE45"] if "BASE45" in file.data else True


def b45decode(file: TestFile) -> bool | None:
    text = file.data.get("BASE45") or file.data["PREFIX"][4:]
    compressed = file.octets("COMPRESSED")
    return base45.decode(text) == compressed if compressed else None


def compression(file: TestFile) -> bool | None:
    compressed, envelope = file.octets("COMPRESSED"), file.octets("COSE")
    return deflate.decompress(compressed) == envelope if compressed and envelope else None


def picture(file: TestFile) -> bool | None:
    drawn = file.data.get("2DCODE") or file.data.get("_2DCODE")
    return file.data["PREFIX"] in qr.read(base64.b64decode(drawn)) if drawn else None


def decode(file: TestFile) -> bool | None:
    envelope, written = file.octets("COSE"), file.octets("CBOR")
    if envelope is None:
        envelope = chain.decode(file.data["PREFIX"]).cose
    content = _content(cose.read(envelope).payload)
    agrees = written is None or same(content, _content(written))
    return agrees and ("JSON" not in file.data or same(content, file.data["JSON"]))


def valid_json(file: TestFile) -> bool | None:
    content = chain.decode(file.data["PREFIX"]).dcc
    return same(content, file.data["JSON"]) if "JSON" in file.data else None


def verify(file: TestFile) -> bool | None:
    return file.verdict().signer is not None


def key_usage(file: TestFile) -> bool | None:
    content = subclaims.read(chain.decode(file.data["PREFIX"]).claims.contents)
    return content.kind in file.certificate.uses


def expiration(file: TestFile) -> bool | None:
    verdict = file.verdict()
    return not _LATE_OR_EARLY.intersection((verdict.code, *verdict.notes))


def schema_validation(file: TestFile) -> bool | None:
    payload = file.octets("CBOR")
    content = _content(payload) if payload else chain.decode(file.data["PREFIX"]).dcc
    return not schema.problems(content, content.get("ver"))


QUESTIONS: dict[str, Callable[[TestFile], bool | None]] = {
    "EXPECTEDUNPREFIX": unprefix,
    "EXPECTEDB45DECODE": b45decode,
    "EXPECTEDCOMPRESSION": compression,
    "EXPECTEDPICTUREDECODE": picture,
    "EXPECTEDDECODE": decode,
    "EXPECTEDVALIDJSON": valid_json,
    "EXPECTEDVERIFY": verify,
    "EXPECTEDKEYUSAGE": key_usage,
    "EXPECTEDEXPIRATIONCHECK": expiration,
    "EXPECTEDSCHEMAVALIDATION": schema_validation,
}


def answer(file: TestFile, question: str) -> bool | None:
    """Our answer to one question; what cannot be read answers no."""
    try:
        return QUESTIONS[question](file)
    except (DecodeError, KeyUnusable):
        return False


def disagreements(file: TestFile) -> list[tuple[str, str, bool, bool]]:
    """File, question, expected and our answer, for each question where the two differ."""
    answers = ((question, expected, answer(file, question)) for question, expected in file.expected.items())
    return [
        (file.name, question.removeprefix("EXPECTED"), expected, ours)
        for question, expected, ours in answers
        if ours is not None and ours != expected
    ]


def same(one: Any, other: Any) -> bool:
    """Equal but for the spelling of moments: Z and +00:00, fractions of a second."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, str) and isinstance(other, str) and one != other:
        return _moment(one) is not None and _moment(one) == _moment(other)
    return bool(one == other)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).replace(microsecond=0)


def _content(payload: bytes) -> Any:
    """The DCC in a payload, which is the whole token in some files and the DCC alone in others."""
    item = cbor.loads(payload)
    if isinstance(item, dict) and -260 in item:
        item = item[-260][1]
    if not isinstance(item, dict):
        raise DecodeError("C|DCC", "not a map")
    return item
