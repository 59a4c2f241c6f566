"""Locks that the kernel gives back however their holder ends, so that none is ever stale."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STEP = 0.02  # seconds between two tries


def try_lock(path: Path, *, shared: bool = False) -> int | None:
    """Try to lock a file, alone or shared; give the open file that holds the lock, or None when others have it."""
    handle = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    if try_hold(handle, shared=shared):
        return handle
    os.close(handle)
    return None


def try_hold(handle: int, *, shared: bool = False) -> bool:
    """Try to lock an open file; False when others have it."""
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def let_go(handle: int) -> None:
    """Give a lock back and keep the file open."""
    fcntl.flock(handle, fcntl.LOCK_UN)


def is_held(path: Path) -> bool:
    """Whether anybody holds the lock alone."""
    if not path.exists():
        return False
    handle = try_lock(path, shared=True)
    if handle is None:
        return True
    os.close(handle)
    return False


def wait_for_lock(path: Path, patience: float, *, shared: bool = False) -> int | None:
    """Wait up to `patience` seconds for a lock; None when it did not come free."""
    for _ in until(patience):
        handle = try_lock(path, shared=shared)
        if handle is not None:
            return handle
    return None


@contextmanager
def locked(path: Path, patience: float) -> Iterator[None]:
    """Hold a lock alone for a block. Raises TimeoutError after `patience` seconds."""
    handle = wait_for_lock(path, patience)
    if handle is None:
        raise TimeoutError(str(path))
    try:
        yield
    finally:
        os.close(handle)


def until(patience: float) -> Iterator[float]:
    """Give turns, a step apart, until `patience` seconds are over; at least one."""
    begin = time.monotonic()
    while True:
        yield time.monotonic() - begin
        if time.monotonic() - begin >= patience:
            return
        time.sleep(STEP)
