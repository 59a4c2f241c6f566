"""How fast certificates are judged on all cores, from HC1: text to verdict, against `openssl speed` verify.

    python benchmarks/verifying.py [--count 40000]

The last line is of both algorithms; `ratio` and `rate` are ES256's. p50 and p99 are of single verdicts in one process.
"""

import argparse
import time
from datetime import timedelta
from typing import Any

from measure import CORES, openssl_speed, percentiles, report, rss_mb, say
from signing import ISSUED, SPEED, START, content, least

from tiemchung import hcert
from tiemchung.hcert import batch, chain, claims, cose, verdict
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.content import read

AT = ISSUED + timedelta(days=30)


def sample(algorithm: Algorithm, count: int) -> tuple[list[str], hcert.TrustList]:
    """Certificates, and the list that trusts their signer."""
    signer = hcert.demo_authority(valid_from=START).new_signer(algorithm, name="Bench", valid_from=START)
    texts = [hcert.issue(content(number), signer, issued_at=ISSUED).text for number in range(count)]
    return texts, hcert.TrustList.of_certificates([signer.certificate])


def measure(algorithm: Algorithm, count: int) -> dict[str, Any]:
    """Judge `count` certificates in one batch; the limit is taken right before and right after."""
    texts, trust = sample(algorithm, 2000)
    asked = [texts[number % len(texts)] for number in range(count)]
    with batch.verifying(trust) as pool:
        warm = sum(1 for _ in pool.verify(asked[: CORES * batch.CHUNK * 4], at=AT))
        say(f"{algorithm.name}: {warm} to warm up, {count} to count")
        before = openssl_speed(SPEED[algorithm])["verify"]
        started = time.perf_counter()
        valid = sum(summary.status == "valid" for summary in pool.verify(asked, at=AT))
        seconds = time.perf_counter() - started
        after = openssl_speed(SPEED[algorithm])["verify"]
    if valid != count:
        raise SystemExit(f"{count - valid} of {count} were not found valid")
    limit, rate = (before + after) / 2, count / seconds
    figures = {
        "rate": round(rate),
        "limit": round(limit),
        "ratio": round(rate / limit, 3),
        "seconds": round(seconds, 2),
    }
    return figures | percentiles([_timed(text, trust) for text in texts])


def _timed(text: str, trust: hcert.TrustList) -> float:
    started = time.perf_counter()
    hcert.verify(text, trust, at=AT)
    return time.perf_counter() - started


def where(algorithm: Algorithm, rounds: int = 400) -> dict[str, float]:
    """Microseconds of each step in one process; the least of many short runs."""
    texts, trust = sample(algorithm, 1)
    decoded = hcert.decode(texts[0])
    holds, message = trust.keys[0].holds, decoded.message
    signed = message.to_be_signed
    steps = {
        "base45": lambda: chain.base45.decode(texts[0][4:]),
        "zlib": lambda: chain.deflate.decompress(decoded.compressed),
        "cose": lambda: cose.read(decoded.cose),
        "cwt": lambda: claims.decode(message.payload),
        "signature": lambda: holds(message.signature, signed),
        "content": lambda: read(decoded.dcc),
        "judge": lambda: verdict.judge(decoded, trust, at=AT),
        "whole": lambda: hcert.verify(texts[0], trust, at=AT),
    }
    return {name: least(step, rounds) for name, step in steps.items()}


def main() -> None:
    """Measure both algorithms and print the line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=40_000)
    parser.add_argument("--where", action="store_true")
    options = parser.parse_args()
    if options.where:
        for algorithm in Algorithm:
            report(f"verifying.where.{algorithm.name.lower()}", keep=False, unit="µs", **where(algorithm))
        return
    es256 = measure(Algorithm.ES256, options.count)
    ps256 = measure(Algorithm.PS256, options.count)
    report(
        "verifying",
        rate=es256["rate"],
        unit="certificates/s",
        limit=es256["limit"],
        limit_is="openssl speed -multi ecdsap256 verify",
        ratio=es256["ratio"],
        p50_ms=es256["p50_ms"],
        p99_ms=es256["p99_ms"],
        seconds=es256["seconds"],
        rss_mb=rss_mb(),
        es256=es256,
        ps256=ps256 | {"limit_is": "openssl speed -multi rsa2048 verify"},
    )


if __name__ == "__main__":
    main()
