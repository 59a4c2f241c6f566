"""How is work done on all cores that is bound by the database and by Python alike? By processes, piece by piece.

Each has a connection of its own and does whole pieces, each in a transaction of its own; what one piece locks, another
waits for. They are started afresh (not forked): connections, threads and PKCS#11 modules do not survive a fork.
"""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

import django
from django.conf import settings
from django.db import connections

from tiemchung.ground import origin
from tiemchung.hcert.batch import end_with_parent

OTHERS = max(1, (os.cpu_count() or 1) - 1)  # this process works too
AHEAD = 2  # pieces that wait for each of the others, so that none is idle while this process does one itself
# What a process may have been told otherwise than by its environment, such as the clock of a practice day.
CARRIED = ("CLOCK_OFFSET", "PRACTICE", "KEYS_FOLDER", "HSM_MODULE", "HSM_PIN")
Piece = TypeVar("Piece")
Result = TypeVar("Result")


class Hands:
    """Processes that are ready for pieces of work."""

    def __init__(self, executor: ProcessPoolExecutor) -> None:
        self._executor = executor

    def share(self, work: Callable[[Piece], Result], pieces: Iterable[Piece]) -> Iterator[Result]:
        """Do each piece, in whatever order; `work` must be known by its module, and commit what it writes.

        Raises what `work` raises, and BrokenProcessPool where a process was killed: what it had not committed is
        undone, the others finish the piece that they are at.
        """
        waiting: deque[Future[Result]] = deque()
        for piece in pieces:
            if len(waiting) < AHEAD * OTHERS:
                waiting.append(self._executor.submit(_from, origin.current(), work, piece))
            else:
                yield work(piece)
            while waiting and waiting[0].done():
                yield waiting.popleft().result()
        for one in waiting:
            yield one.result()


@contextmanager
def others() -> Iterator[Hands]:
    """Start the others, one for each core but this process's own, with its settings and its database."""
    carried = {name: getattr(settings, name) for name in CARRIED}
    told = (carried, connections["default"].settings_dict)
    usual = gc.get_threshold()
    _collect_seldom()
    with ProcessPoolExecutor(OTHERS, mp_context=get_context("spawn"), initializer=_begin, initargs=told) as executor:
        try:
            yield Hands(executor)
        finally:
            gc.set_threshold(*usual)
            gc.unfreeze()


# -- inside a process --------------------------------------------------------------------------------------


def _begin(carried: dict[str, Any], database: dict[str, Any]) -> None:
    end_with_parent()
    django.setup()
    for name, value in carried.items():
        setattr(settings, name, value)
    connections["default"].settings_dict.update(database)
    _collect_seldom()


def _collect_seldom() -> None:
    """A piece makes many objects and hardly a cycle: to look for cycles after every 700 costs a sixth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _from(came_from: origin.Origin, work: Callable[[Piece], Result], piece: Piece) -> Result:
    with origin.acting(came_from):
        return work(piece)
