"""Rate of encrypting, hashing and opening identity numbers on one core, held against the bare cipher in the same run.

    python benchmarks/encryption.py [--numbers N]

The limit is AES-256-GCM-SIV of the same bytes with one nonce, without key choice, purpose or text; what we lose
against it is the price of our own code.
"""

import argparse
import os
import time
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from django.conf import settings
from measure import report, rss_mb, say

PURPOSE = "identity_number"


def per_second(count: int, work: Callable[[], Any]) -> float:
    """Values a second of a work that does `count` of them."""
    begin = time.perf_counter()
    work()
    return count / (time.perf_counter() - begin)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numbers", type=int, default=200_000)
    parser.add_argument("--no-keep", action="store_true")
    given = parser.parse_args()
    settings.configure(DATA_KEYS=((1, "b" * 48),))
    from tiemchung.ground.encryption import decrypt, encrypt, look_up

    texts = [f"001{n:09}" for n in range(given.numbers)]
    cipher, nonce = AESGCMSIV(os.urandom(32)), os.urandom(12)
    begin = time.perf_counter()
    limit = per_second(given.numbers, lambda: [cipher.encrypt(nonce, text.encode(), b"") for text in texts])
    kept: list[bytes] = []
    written = per_second(given.numbers, lambda: kept.extend(encrypt(text.encode(), purpose=PURPOSE) for text in texts))
    hashed = per_second(given.numbers, lambda: [look_up(text, purpose=PURPOSE) for text in texts])
    opened = per_second(given.numbers, lambda: [decrypt(each, purpose=PURPOSE) for each in kept])
    say(f"encrypt {written:,.0f}/s, look up {hashed:,.0f}/s, open {opened:,.0f}/s, bare cipher {limit:,.0f}/s")
    both = 1 / (1 / written + 1 / hashed)
    report(
        "encryption",
        keep=not given.no_keep,
        rate=round(both),
        unit="numbers encrypted and hashed a second, one core",
        opened=round(opened),
        limit=round(limit),
        limit_is="AES-256-GCM-SIV alone, one core, same run",
        ratio=round(both / limit, 3),
        seconds=round(time.perf_counter() - begin, 2),
        rss_mb=rss_mb(),
    )


if __name__ == "__main__":
    main()
