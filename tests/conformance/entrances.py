"""Every door through which strangers' bytes enter the certificate library, for fuzzing and for the kept corpus."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

from tiemchung import hcert
from tiemchung.hcert import (
    base45,
    cbor,
    certificates,
    cms,
    content,
    cose,
    deflate,
    inputs,
    pictures,
    schema,
    subclaims,
    trust_files,
    trust_format,
)
from tiemchung.hcert.problems import HcertProblem

NOW = datetime(2022, 6, 1, tzinfo=UTC)
_TRUST = hcert.TrustList(())
_SIGNER = hcert.demo_authority("VN", valid_from=NOW).signer_certificate


def as_input(data: bytes) -> None:
    """A file or picture, as the command line takes it."""
    for candidate in inputs.candidates("fuzz", data):
        _judge(candidate.data)


def as_compressed(data: bytes) -> None:
    """What stands behind Base45."""
    _judge("HC1:" + base45.encode(data))


def as_envelope(data: bytes) -> None:
    """What stands behind zlib."""
    _judge("HC1:" + base45.encode(deflate.compress(data)))


def as_token(data: bytes) -> None:
    """The payload of an envelope."""
    header = cose.protected_header(-7, bytes(8))
    as_envelope(cose.assemble(header, data, bytes(64)))


def as_content(data: bytes) -> None:
    """A token's content, read tolerantly and judged by the schema."""
    raw = cbor.loads(data)
    schema.problems(raw, closed=True)
    if isinstance(raw, dict):
        subclaims.read(raw)
    content.read(raw)


def as_certificate(data: bytes) -> None:
    """A signer certificate, with all that is read from it."""
    for each in certificates.read_bundle(data):
        assert len(each.kid) == 8
        assert each.uses
        assert each.not_before.tzinfo is each.not_after.tzinfo is UTC
        assert each.country is None or isinstance(each.country, str)
        hcert.TrustedKey.of_certificate(each)


def as_trust_list(data: bytes) -> None:
    """A trust list in any of its formats."""
    trust = trust_files.load(data)
    json.dumps(trust_format.payload(trust))


def as_cms(data: bytes) -> None:
    """The CMS signature of a gateway's item."""
    cms.signer_of(data, b"content", [_SIGNER])


def as_picture(data: bytes) -> None:
    """A picture to be searched."""
    pictures.searchable(data)


ENTRANCES: tuple[Callable[[bytes], None], ...] = (
    as_input,
    as_compressed,
    as_envelope,
    as_token,
    as_content,
    as_certificate,
    as_trust_list,
    as_picture,
    as_cms,
)


def enter(number: int, data: bytes) -> None:
    """Send bytes through one door: it may answer, or refuse with a typed error; anything else is a fault."""
    try:
        ENTRANCES[number % len(ENTRANCES)](data)
    except HcertProblem as problem:
        if not (problem.vi and problem.en and problem.field):
            raise AssertionError(f"refused without words: {problem!r}") from problem


def _judge(data: str | bytes) -> None:
    verdict = hcert.verify(data, _TRUST, at=NOW)
    assert verdict.status in ("valid", "invalid", "unknown")
    assert verdict.status != "valid"
    assert verdict.words["vi"]
    assert verdict.content is None
