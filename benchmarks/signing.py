"""How fast certificates are issued on all cores: checks, CBOR, signature, zlib, Base45, against `openssl speed` sign.

    python benchmarks/signing.py [--count 40000]

The last line is of both algorithms; `ratio` and `rate` are ES256's. With --where it says where the time goes.
"""

import argparse
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from measure import CORES, openssl_speed, report, rss_mb, say

from tiemchung import hcert
from tiemchung.hcert import batch, chain, claims, cose, issuing, uvci
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.names import vietnamese_name

START = datetime(2022, 1, 1, tzinfo=UTC)
ISSUED = START + timedelta(days=120)
SPEED = {Algorithm.ES256: "ecdsap256", Algorithm.PS256: "rsa2048"}
NAMES = ["Nguyễn Bảo Duy", "Đỗ Thị Phương", "Trần Văn Út", "Lê Ngọc Ánh", "Phạm Quốc Khánh", "Đặng Thùy Mỹ Hạnh"]


def content(number: int) -> dict[str, Any]:
    """One passport's content."""
    names = vietnamese_name(NAMES[number % len(NAMES)]).as_claims()
    dose = {
        "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 2, "sd": 2,
        "dt": "2021-10-10", "co": "VN", "is": "Bộ Y tế", "ci": uvci.make_uvci(),
    }  # fmt: skip
    born = f"{1930 + number % 80}-{1 + number % 12:02}-{1 + number % 28:02}"
    return {"ver": "1.3.0", "nam": names, "dob": born, "v": [dose]}


def measure(algorithm: Algorithm, count: int) -> dict[str, Any]:
    """Issue `count` certificates in one batch; the limit is taken right before and right after."""
    signer = hcert.demo_authority(valid_from=START).new_signer(algorithm, name="Bench", valid_from=START)
    contents = [content(number) for number in range(count)]
    with batch.issuing(signer) as pool:
        warm = sum(1 for _ in pool.issue(contents[: CORES * batch.CHUNK * 4], issued_at=ISSUED))
        say(f"{algorithm.name}: {warm} to warm up, {count} to count")
        before = openssl_speed(SPEED[algorithm])["sign"]
        started = time.perf_counter()
        issued = sum(isinstance(made, batch.Issued) for made in pool.issue(contents, issued_at=ISSUED))
        seconds = time.perf_counter() - started
        after = openssl_speed(SPEED[algorithm])["sign"]
    limit = (before + after) / 2
    if issued != count:
        raise SystemExit(f"{count - issued} of {count} were refused")
    rate = count / seconds
    return {"rate": round(rate), "limit": round(limit), "ratio": round(rate / limit, 3), "seconds": round(seconds, 2)}


def where(algorithm: Algorithm, rounds: int = 400) -> dict[str, float]:
    """Microseconds of each step in one process; the least of many short runs, so that neighbours count little."""
    signer = hcert.demo_authority(valid_from=START).new_signer(algorithm, name="Bench", valid_from=START)
    raw = content(1)
    made = hcert.issue(raw, signer, issued_at=ISSUED)
    protected = cose.protected_header(signer.algorithm, signer.kid)
    message = cose.to_be_signed(protected, made.cwt)
    ends = ISSUED + timedelta(days=300)
    form = issuing.form_in_force("VN", ISSUED.date())
    steps = {
        "checks": lambda: issuing.problems(raw, signer, issuer="VN", issued_at=ISSUED, expires_at=ends, form=form),
        "cbor": lambda: claims.encode(raw, issuer="VN", issued_at=1, expires_at=2),
        "sign": lambda: signer.sign(message),
        "zlib": lambda: chain.deflate.compress(made.cose),
        "base45": lambda: chain.base45.encode(made.compressed),
        "whole": lambda: hcert.issue(raw, signer, issued_at=ISSUED),
    }
    return {name: least(step, rounds) for name, step in steps.items()}


def least(step: Any, rounds: int) -> float:
    """Microseconds of the fastest of several runs of ten."""
    best = float("inf")
    for _ in range(rounds // 10):
        started = time.perf_counter()
        for _ in range(10):
            step()
        best = min(best, time.perf_counter() - started)
    return round(best * 1e5, 1)


def main() -> None:
    """Measure both algorithms and print the line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=40_000)
    parser.add_argument("--where", action="store_true")
    options = parser.parse_args()
    if options.where:
        for algorithm in Algorithm:
            report(f"signing.where.{algorithm.name.lower()}", keep=False, unit="µs", **where(algorithm))
        return
    es256 = measure(Algorithm.ES256, options.count)
    ps256 = measure(Algorithm.PS256, max(1000, options.count // 8))
    report(
        "signing",
        rate=es256["rate"],
        unit="certificates/s",
        limit=es256["limit"],
        limit_is="openssl speed -multi ecdsap256 sign",
        ratio=es256["ratio"],
        seconds=es256["seconds"],
        rss_mb=rss_mb(),
        es256=es256,
        ps256=ps256 | {"limit_is": "openssl speed -multi rsa2048 sign"},
    )


if __name__ == "__main__":
    main()
