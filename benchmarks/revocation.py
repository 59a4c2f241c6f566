"""How large is the compact revocation list, and how long does a look-up take?

    python benchmarks/revocation.py [--entries 80000000]

A look-up is the whole question a verifier asks: three hashes of one certificate, each under its key id and under the
unknown one. Its limit is a Python set that holds whole hashes of one million certificates in memory, asked the same
six times. The limit of the size is log2(1/p) bits for each entry, below which no list with p false answers can go.
"""

import argparse
import json
import math
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np

from tiemchung.hcert.revocation import Revocations, Revoked, Snapshot, SnapshotBuilder, apply_delta, delta_between

CHUNK = 2_000_000
SAMPLE = 100_000
KIDS = [bytes([number]) * 8 for number in range(1, 9)]
NOW = datetime(2022, 5, 11, 12, tzinfo=UTC)
Result = TypeVar("Result")
RESULTS = Path(__file__).with_name("results.jsonl")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=80_000_000)
    entries = parser.parse_args().entries
    started = time.perf_counter()
    random = np.random.default_rng(5772)
    builder, revoked = _revoke(entries, random)
    snapshot, build_seconds = _timed(lambda: _build(builder, 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vn.hcrl"
        size = snapshot.write(path)
        opened, open_seconds = _timed(lambda: Snapshot.open(path))
        clear = [(KIDS[0], row.tobytes()) for row in _hashes(SAMPLE, random)]
        times, false_answers = _look_up(Revocations([opened]), revoked, clear)
    changes = _delta(snapshot, builder, random)
    limit = _set_rate(revoked, clear)
    false_rate = entries / 2 ** (snapshot.bucket_bits + 48)
    _report(
        {
            "bench": "revocation",
            "rate": round(len(times) / times.sum()),
            "unit": "look-ups/s",
            "limit": round(limit),
            "limit_is": "a Python set of whole hashes of one million certificates, asked the same six times",
            "ratio": round(len(times) / times.sum() / limit, 3),
            "p50_ms": round(float(np.percentile(times, 50)) * 1000, 4),
            "p99_ms": round(float(np.percentile(times, 99)) * 1000, 4),
            "entries": entries,
            "bytes_per_entry": round(size / entries, 3),
            "bytes_limit": round(math.log2(1 / false_rate) / 8, 3),
            "false_rate": false_rate,
            "false_answers": false_answers,
            "asked": len(clear) * 6,
            "build_s": round(build_seconds, 1),
            "open_s": round(open_seconds, 2),
            **changes,
            "seconds": round(time.perf_counter() - started, 1),
            "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
    )


def _hashes(count: int, random: np.random.Generator) -> np.ndarray:
    return np.frombuffer(random.bytes(16 * count), dtype=np.uint8).reshape(-1, 16)


def _revoke(entries: int, random: np.random.Generator) -> tuple[SnapshotBuilder, list[tuple[bytes, bytes]]]:
    """Add that many hashes under eight keys, and keep a sample of them."""
    builder, kept = SnapshotBuilder(), []
    share = max(1, math.ceil(SAMPLE * CHUNK / max(entries, CHUNK)))
    for number, start in enumerate(range(0, entries, CHUNK)):
        hashes, kid = _hashes(min(CHUNK, entries - start), random), KIDS[number % len(KIDS)]
        builder.add(kid, hashes)
        kept += [(kid, row.tobytes()) for row in hashes[:share]]
        print(f"\r{start + len(hashes):,} of {entries:,} hashes", end="", flush=True)
    print()
    return builder, kept[:SAMPLE]


def _build(builder: SnapshotBuilder, version: int, bucket_bits: int | None = None) -> Snapshot:
    until = NOW + timedelta(days=1)
    return builder.build("VN", version=version, created=NOW, valid_until=until, bucket_bits=bucket_bits)


def _look_up(
    lists: Revocations, revoked: list[tuple[bytes, bytes]], clear: list[tuple[bytes, bytes]]
) -> tuple[np.ndarray, int]:
    """Time look-ups of revoked and of other certificates in turn; count the wrong answers among the others."""
    times, wrong = [], 0
    for (kid, hash_), (other_kid, other) in zip(revoked, clear, strict=False):
        # The hash of the signature, which is listed, comes last of the three: the costliest case.
        for key, one in ((kid, hash_), (other_kid, other)):
            asked = (other[::-1], hash_[::-1], one)
            start = time.perf_counter()
            found = lists.lookup(key, asked, "VN", NOW)
            times.append(time.perf_counter() - start)
            if one is hash_ and not isinstance(found, Revoked):
                raise AssertionError("a revoked certificate was not found")
            wrong += one is other and isinstance(found, Revoked)
    return np.array(times), wrong


def _delta(old: Snapshot, builder: SnapshotBuilder, random: np.random.Generator) -> dict[str, float]:
    """Revoke 100,000 more: size of the delta, and time to find and to apply it."""
    builder.add(KIDS[0], _hashes(100_000, random))
    new = _build(builder, 2, old.bucket_bits)
    delta, find_seconds = _timed(lambda: delta_between(old, new))
    changed, apply_seconds = _timed(lambda: apply_delta(old, delta))
    if changed.digest != new.digest:
        raise AssertionError("list and delta are not the new list")
    return {
        "delta_bytes_per_change": round(len(delta.to_bytes()) / len(delta.added), 2),
        "delta_find_s": round(find_seconds, 1),
        "delta_apply_s": round(apply_seconds, 1),
    }


def _set_rate(revoked: list[tuple[bytes, bytes]], clear: list[tuple[bytes, bytes]]) -> float:
    whole = {os.urandom(24) for _ in range(1_000_000 - len(revoked))} | {kid + hash_ for kid, hash_ in revoked}
    questions = [
        tuple(key + hash_ for hash_ in (one[::-1], other, one) for key in (kid, bytes(8)))
        for (kid, one), (_, other) in zip(revoked, clear, strict=False)
    ]
    found, seconds = _timed(lambda: sum(any(key in whole for key in keys) for keys in questions))
    if found != len(questions):
        raise AssertionError("the set does not hold what was put in")
    return len(questions) / seconds


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def _report(figures: dict[str, object]) -> None:
    line = json.dumps(figures)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    where = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "cores": os.cpu_count()}
    with RESULTS.open("a") as file:
        file.write(json.dumps(figures | where | {"commit": commit.stdout.strip()}) + "\n")
    print(line)


if __name__ == "__main__":
    main()
