"""What the benchmarks share: the limit that OpenSSL sets on this machine, latencies, and the one JSON line."""

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.jsonl")
CORES = os.cpu_count() or 1


def openssl_speed(algorithm: str, seconds: int = 3) -> dict[str, float]:
    """Signatures and verifications a second by `openssl speed` on all cores; `algorithm` is ecdsap256 or rsa2048."""
    command = ["openssl", "speed", "-elapsed", "-seconds", str(seconds), "-multi", str(CORES), algorithm]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    numbers = re.findall(r"(\d+\.\d+)\s*$|(\d+\.\d+)\s+(?=\d+\.\d+\s*$)", done.stdout.strip().splitlines()[-1])
    sign, verify = (next(filter(None, pair)) for pair in numbers[-2:])
    return {"sign": float(sign), "verify": float(verify)}


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 99th percentile in milliseconds."""
    ordered = sorted(seconds)
    return {
        "p50_ms": round(ordered[len(ordered) // 2] * 1000, 3),
        "p99_ms": round(ordered[len(ordered) * 99 // 100] * 1000, 3),
    }


def timed(times: Sequence[float], seconds: float) -> dict[str, float]:
    """The rate at which so many answers came, median and 99th percentile; told as progress too."""
    found = {"rate": round(len(times) / seconds), **percentiles(times)}
    say(str(found))
    return found


def report_beside(bench: str, found: dict[str, float], bare: dict[str, float], **figures: Any) -> dict[str, Any]:
    """Report what `timed` found, and what it found of the limit in the same run; `figures` say the ratio."""
    beside = {"limit": bare["rate"], "bare_p50_ms": bare["p50_ms"], "bare_p99_ms": bare["p99_ms"]}
    return report(bench, **found, **beside, **figures, load=round(os.getloadavg()[0], 1))


def rss_mb() -> float:
    """Largest memory of this process and of its largest child together, in MB."""
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round((own + children) / 1024, 1)


def report(bench: str, *, keep: bool = True, **figures: Any) -> dict[str, Any]:
    """Print one JSON line; with `keep`, append it to results.jsonl with date, cores and commit."""
    line = {"bench": bench, **figures}
    print(json.dumps(line), flush=True)
    if keep:
        dated = line | {"date": datetime.now(UTC).isoformat(timespec="seconds"), "cores": CORES, "commit": _commit()}
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(json.dumps(dated) + "\n")
    return line


def say(text: str) -> None:
    """Tell progress, apart from the figures."""
    print(text, file=sys.stderr, flush=True)


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False, cwd=RESULTS.parent
    )
    return done.stdout.strip()
