"""May a page wait for the population side now? Not while it was just down or slow, nor for more than a few at once.

Each process keeps this to itself: a side that is down costs every process one wait in ten seconds, and no page more
than its two seconds.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

WITHIN = 2.0  # seconds that a person at the table may be kept waiting
REST = 10.0  # seconds without a try after the other side was down or slow
AT_ONCE = 2  # waits at one time in one process; the other threads keep answering pages
TIRING = frozenset({"down", "slow", "nonsense", "refused"})

_places = threading.BoundedSemaphore(AT_ONCE)
_rests_until = 0.0


@contextmanager
def place() -> Iterator[bool]:
    """Yield whether one may ask now; a place is taken for as long as the block lasts."""
    taken = time.monotonic() >= _rests_until and _places.acquire(blocking=False)
    try:
        yield taken
    finally:
        if taken:
            _places.release()


def note(fault: str) -> None:
    """Learn from an answer: rest after one that never came, go on after a good one."""
    global _rests_until
    _rests_until = time.monotonic() + REST if fault in TIRING else 0.0
