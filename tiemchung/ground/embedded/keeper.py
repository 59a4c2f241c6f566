"""The keeper: the small process that a server lives under.

It starts the postmaster as its child, starts it again when it was killed, and ends it when it is told to, when nobody
uses it any more, or when its folder is gone. If the keeper itself is killed, the kernel shuts the postmaster down.
"""

import logging
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from tiemchung.ground.embedded import locks, processes
from tiemchung.ground.embedded.cluster import is_whole, plain_environment
from tiemchung.ground.embedded.layout import ServerFolder
from tiemchung.ground.embedded.options import server_arguments
from tiemchung.ground.embedded.orders import KeeperNote, Orders, read_linger
from tiemchung.ground.embedded.programs import dying_with_parent, programs

TICK = 1.0  # seconds between two looks at leases and folder
QUICK = 5.0  # seconds: a server that ends sooner than this did not really start
TRIES = 3
PATIENCE = 60.0  # seconds for a clean shutdown
log = logging.getLogger("keeper")


class Keeper:
    """Keeps one server; `run` returns when it has ended, and says how."""

    def __init__(self, folder: ServerFolder, orders: Orders) -> None:
        self.folder = folder
        self.orders = orders
        self.inode = folder.root.stat().st_ino
        self.leases = os.open(folder.leases, os.O_RDONLY | os.O_CREAT, 0o644)
        self.used_at = time.time()
        self.waker, self.wake_end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self) -> str:
        """Keep the server until it is stopped: fast, immediate, gone (the folder was deleted) or failed."""
        signal.set_wakeup_fd(self.wake_end)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)  # the wake-up pipe tells the loop
        quick_ends = 0
        while quick_ends < TRIES:
            begin = time.monotonic()
            server = self._start()
            reason = self._watch(server)
            if reason != "crashed":
                return self._end(server, reason)
            quick_ends = quick_ends + 1 if time.monotonic() - begin < QUICK else 0
            log.warning("the server ended by itself (%s)", server.wait())
        return "failed"

    def _start(self) -> subprocess.Popen[bytes]:
        self._clear()
        options = server_arguments(
            socket=self.folder.socket, durable=self.orders.durable, tcp_port=self.orders.tcp_port
        )
        postgres = [str(programs(self.orders.version) / "postgres"), "-D", str(self.folder.pgdata), *options]
        command = [*dying_with_parent("INT"), *postgres]
        return subprocess.Popen(command, env=plain_environment(), stdin=subprocess.DEVNULL, cwd="/")

    def _clear(self) -> None:
        """Take away what a dead server left, whose process ids now may be anybody's."""
        processes.clear(self.folder.pgdata)
        for left in self.folder.socket.glob(".s.PGSQL.*"):
            left.unlink()

    def _watch(self, server: subprocess.Popen[bytes]) -> str:
        """Wait until there is a reason to act, and give it."""
        process = os.pidfd_open(server.pid)
        poller = select.poll()
        poller.register(process, select.POLLIN)
        poller.register(self.waker, select.POLLIN)
        try:
            while True:
                awake = [handle for handle, _ in poller.poll(TICK * 1000)]
                reason = self._reason(process in awake, self.waker in awake)
                if reason:
                    return reason
        finally:
            os.close(process)

    def _reason(self, ended: bool, told: bool) -> str:
        if not self._folder_is_there():
            return "gone"
        if told:
            return "told"
        if ended:
            return "crashed"
        return "unused" if self._is_unused() else ""

    def _folder_is_there(self) -> bool:
        root = self.folder.root
        return root.exists() and root.stat().st_ino == self.inode and is_whole(self.folder.pgdata)

    def _is_unused(self) -> bool:
        """Whether nobody has held a lease for long enough; if so, they stay locked: a new user waits, then starts."""
        linger = read_linger(self.folder.linger)
        if linger is None:
            return False
        if not locks.try_hold(self.leases):
            self.used_at = time.time()
            return False
        if time.time() - max(self.used_at, os.fstat(self.leases).st_mtime) >= linger:
            return True
        locks.let_go(self.leases)
        return False

    def _end(self, server: subprocess.Popen[bytes], reason: str) -> str:
        log.warning("stopping the server: %s", reason)
        how = "gone" if reason == "gone" else "fast"
        server.send_signal(signal.SIGQUIT if how == "gone" else signal.SIGINT)
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            log.warning("no clean shutdown in %.0f s: stopping at once; the next start replays the journal", PATIENCE)
            how = "immediate"
            server.send_signal(signal.SIGQUIT)
        self._bury(server)
        return how

    def _bury(self, server: subprocess.Popen[bytes]) -> None:
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        if self.folder.root.exists():
            processes.clear(self.folder.pgdata)


def main(folder: str, orders: str) -> int:
    """Run a keeper; the keeper's lock came open from the starter and stays so until this process ends."""
    logging.basicConfig(format="%(asctime)s [keeper] %(message)s")
    place, wanted = ServerFolder.at(Path(folder)), Orders.of(orders)
    note = KeeperNote(os.getpid(), wanted.version, wanted.durable, wanted.tcp_port)
    note.write(place.keeper)
    socket = place.socket
    how = Keeper(place, wanted).run()
    place.drop_short(socket)
    if how != "gone":
        replace(note, ended=how).write(place.keeper)
    return 1 if how == "failed" else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
