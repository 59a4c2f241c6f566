"""Is a base backup whole? Each file is held against the manifest that PostgreSQL wrote, and the journal is read.

Our own reader of PostgreSQL's «Backup Manifest Format»: pg_verifybackup of version 18 in the wheel crashes on every
call, and one of another version does not read the journal.
"""

import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tiemchung.ground.backups import errors

MANIFEST = "backup_manifest"
NOT_LISTED = frozenset({MANIFEST, "postgresql.auto.conf", "recovery.signal", "standby.signal"})
SEAL = b'"Manifest-Checksum"'  # the last line; the checksum is over all before it


def verify_folder(folder: Path, name: str, programs: Path) -> None:
    """Raises ConflictError for a manifest that was changed, a file missing, added or changed, a journal unreadable."""
    problem = next(_problems(folder, programs), None)
    if problem:
        raise errors.not_whole(name, problem)


def _problems(folder: Path, programs: Path) -> Iterator[str]:
    try:
        manifest = _read(folder / MANIFEST)
    except (OSError, ValueError, KeyError) as error:
        yield f"{MANIFEST}: {error}"
        return
    listed = {each["Path"]: each for each in manifest["Files"] if "Path" in each}
    yield from (f"{path}: added" for path in sorted(_there(folder) - listed.keys()))
    for path, each in listed.items():
        yield from _problems_of(folder / path, each)
    for each in manifest["WAL-Ranges"]:
        yield from _journal_problems(folder, each, programs)


def _read(path: Path) -> Any:
    written = path.read_bytes()
    body, seal, _ = written.rpartition(SEAL)
    if not seal:
        raise ValueError("cut off")
    manifest = json.loads(written)
    if hashlib.sha256(body).hexdigest() != manifest["Manifest-Checksum"]:
        raise ValueError("changed")
    return manifest


def _there(folder: Path) -> set[str]:
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(path) for path in files if path.parts[0] != "pg_wal" and str(path) not in NOT_LISTED}


def _problems_of(path: Path, listed: Any) -> Iterator[str]:
    try:
        if path.stat().st_size != listed["Size"]:
            yield f"{listed['Path']}: size {path.stat().st_size}, not {listed['Size']}"
        elif "Checksum" in listed:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, listed["Checksum-Algorithm"].lower()).hexdigest()
            if found != listed["Checksum"]:
                yield f"{listed['Path']}: changed"
    except FileNotFoundError:
        yield f"{listed['Path']}: missing"


def _journal_problems(folder: Path, listed: Any, programs: Path) -> Iterator[str]:
    command = [
        str(programs / "pg_waldump"),
        "--quiet",
        f"--path={folder / 'pg_wal'}",
        f"--timeline={listed['Timeline']}",
        f"--start={listed['Start-LSN']}",
        f"--end={listed['End-LSN']}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        yield f"pg_wal: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}"
