"""Any bytes through any door: an answer or a typed refusal, never anything else."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.entrances import ENTRANCES, enter
from tests.unit.hcert.samples import issued, signer, trust
from tiemchung.hcert import cbor, cose, qr, trust_format

_made = cache(issued)
_written = cache(lambda: trust_format.write(trust(), signer()))
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=20)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(-300, 300) | st.text(max_size=3), inner),
)


@pytest.mark.parametrize("door", range(len(ENTRANCES)), ids=[door.__name__ for door in ENTRANCES])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=3000))
def test_any_bytes(door, data):
    enter(door, data)


@settings(max_examples=60, deadline=None)
@given(value=VALUES)
def test_any_value_as_token_header_and_content(value):
    data = cbor.dumps(value)
    for door in (2, 3, 4):
        enter(door, data)
    enter(3, cbor.dumps({1: "VN", 4: 2_000_000_000, 6: 1_600_000_000, -260: {1: value}}))
    enter(2, cose.assemble(data, data, bytes(64)))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_certificates_lists_and_pictures(data):
    made = _made()
    doors = {0: made.text.encode(), 1: made.compressed, 2: made.cose, 3: made.cwt, 5: signer().certificate.raw,
             6: _written(), 7: qr.png(made.text[:60], scale=2)}  # fmt: skip
    door = data.draw(st.sampled_from(sorted(doors)))
    raw = bytearray(doors[door])
    for at in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=5)):
        raw[at] = data.draw(st.integers(0, 255))
    enter(door, bytes(raw[: data.draw(st.integers(0, len(raw)))]))


@pytest.mark.parametrize(
    "payload",
    [b"\x9f" * 60_000, b"\xbf\x00" * 30_000, b"\x5f" + b"\x40" * 60_000, b"\xd8\x40" * 30_000, b"\xfb" * 60_000],
    ids=["open lists", "open maps", "pieces", "tags", "floats"],
)
def test_nesting_and_length_cost_nothing(payload):
    for door in range(1, 5):
        enter(door, payload)


def test_what_the_fuzzer_found_stays_mended():
    corpus = sorted((Path(__file__).parents[2] / "conformance/corpus").iterdir())
    assert len(corpus) > 50
    for path in corpus:
        data = path.read_bytes()
        enter(data[0], data[1:])
