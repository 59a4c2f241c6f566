"""How is a data folder made, whole or not at all?

initdb writes into a folder of another name, which takes the right name when it is finished: a data folder that was
half made when its maker was killed is never taken for a whole one, and the next start sweeps it away.
"""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from tiemchung.ground.embedded import errors, locks
from tiemchung.ground.embedded.layout import ServerFolder
from tiemchung.ground.embedded.programs import ServerAccount, account_name, dying_with_parent, programs

HALF = "half-made-"
ROOM = 150 * 1024 * 1024  # bytes: a new data folder takes 40 MB, its journal soon as much again
SWEEP_PATIENCE = 10.0  # seconds; what then remains does no harm and is tried again at the next start
SUPERUSER = "postgres"


def ensure_cluster(folder: ServerFolder, account: ServerAccount, *, version: int, durable: bool) -> None:
    """Make the data folder unless it is there. Raises when the version, the owner or the free room is wrong."""
    _sweep(folder)
    if _is_empty(folder.pgdata):
        _make(folder, account, version=version, durable=durable)
    _check(folder.pgdata, account, version)


def is_whole(pgdata: Path) -> bool:
    """Whether a data folder is there, in its place, and somebody's PostgreSQL made it."""
    return (pgdata / "PG_VERSION").exists() and (pgdata / "global" / "pg_control").exists()


def version_of(pgdata: Path) -> int | None:
    """The major version that made a data folder; None where there is none."""
    written = pgdata / "PG_VERSION"
    return int(written.read_text()) if written.exists() else None


def _is_empty(pgdata: Path) -> bool:
    return not pgdata.exists() or not any(pgdata.iterdir())


def _check(pgdata: Path, account: ServerAccount, version: int) -> None:
    owner = pgdata.stat().st_uid
    if owner != account.uid:
        raise errors.other_owner(pgdata, account_name(owner))
    if not is_whole(pgdata):
        raise errors.not_a_data_folder(pgdata)
    found = version_of(pgdata)
    if found != version:
        raise errors.other_version(pgdata, str(found), version)


def _sweep(folder: ServerFolder) -> None:
    """Delete what killed starters left; the helpers of a killed initdb may still write there for a moment."""
    for _ in locks.until(SWEEP_PATIENCE):
        left = list(folder.root.glob(HALF + "*"))
        if not left:
            return
        for half in left:
            shutil.rmtree(half, ignore_errors=True)


def _make(folder: ServerFolder, account: ServerAccount, *, version: int, durable: bool) -> None:
    if shutil.disk_usage(folder.root).free < ROOM:
        raise errors.disk_full(folder.root)
    half = folder.root / (HALF + secrets.token_hex(4))
    half.mkdir(mode=0o700)
    account.own(half)
    _write_password(half / "password", account)
    _initdb(folder, half, account, version=version, durable=durable)
    if folder.pgdata.exists():
        folder.pgdata.rmdir()
    (half / "password").rename(folder.password)
    (half / "pgdata").rename(folder.pgdata)
    _sync(folder.root)
    half.rmdir()


def _write_password(path: Path, account: ServerAccount) -> None:
    path.touch(mode=0o600)
    path.write_text(secrets.token_urlsafe(24) + "\n")
    account.own(path)


def _initdb(folder: ServerFolder, half: Path, account: ServerAccount, *, version: int, durable: bool) -> None:
    program = programs(version) / "initdb"
    arguments = [
        f"--pgdata={half / 'pgdata'}",
        f"--username={SUPERUSER}",
        f"--pwfile={half / 'password'}",
        "--auth-local=trust",
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        *(["--data-checksums"] if durable else ["--no-sync"]),
    ]
    prefix = [*account.changing((program, half / "pgdata")), *dying_with_parent("KILL")]
    done = subprocess.run(
        [*prefix, str(program), *arguments], env=plain_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        shutil.rmtree(half)
        raise errors.diagnose(done.stderr, folder.root, folder.log, None)


def plain_environment() -> dict[str, str]:
    """What PostgreSQL's programs are given: no PG… variable of the caller reaches them."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
