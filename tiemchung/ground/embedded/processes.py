"""Which processes of PostgreSQL work in a data folder?

A process id in a file proves nothing: after a restart of the machine it may be anybody's. What proves it is a process
named postgres whose working folder is this very data folder.
"""

import os
import signal
from pathlib import Path

from tiemchung.ground.embedded.locks import until

PATIENCE = 5.0  # seconds for processes to end, asked and pressed
READY_LINE = 7  # of postmaster.pid, counted from 0: see src/include/utils/pidfile.h, LOCK_FILE_LINE_PM_STATUS


def working_in(pgdata: Path) -> list[int]:
    """The ids of all PostgreSQL processes that work in a data folder."""
    if not pgdata.exists():
        return []
    everyone = (int(entry) for entry in os.listdir("/proc") if entry.isdigit())  # noqa: PTH208 (thrice as fast)
    return [pid for pid in everyone if works_in(pid, pgdata)]


def works_in(pid: int, pgdata: Path) -> bool:
    """Whether a process is PostgreSQL's and works in this data folder."""
    process = Path("/proc") / str(pid)
    try:
        return process.joinpath("comm").read_text().strip() == "postgres" and process.joinpath("cwd").samefile(pgdata)
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False  # it ended just now, or it is another account's


def ready_postmaster(pgdata: Path, keeper: int) -> int | None:
    """The id of the keeper's server if it takes connections, or None.

    Its parent is asked, not its working folder, which root may not see in a container without CAP_SYS_PTRACE.
    """
    try:
        lines = (pgdata / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if len(lines) <= READY_LINE or lines[READY_LINE].strip() != "ready":
        return None
    pid = int(lines[0])
    return pid if parent(pid) == keeper else None


def parent(pid: int) -> int | None:
    """The id of a process's parent, or None when there is no such process."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(status.partition("\nPPid:")[2].split(maxsplit=1)[0])


def clear(pgdata: Path) -> None:
    """Wait for processes that a dead server left, press them to end, then take its lock file away.

    Only for who holds the keeper's lock: then no living server can own that file. Raises TimeoutError when a process
    does not end even when killed: two servers in one folder would destroy it.
    """
    if not any(_gone(pgdata, number) for number in (None, signal.SIGQUIT, signal.SIGKILL)):
        raise TimeoutError(f"processes {working_in(pgdata)} of PostgreSQL do not end")
    (pgdata / "postmaster.pid").unlink(missing_ok=True)


def _gone(pgdata: Path, number: int | None) -> bool:
    if number is not None:
        for pid in working_in(pgdata):
            _signal(pid, number)
    return any(not working_in(pgdata) for _ in until(PATIENCE))


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return  # it ended by itself
