"""Is a base backup whole? Each file is held against the manifest that PostgreSQL wrote, and the journal is read.

Our own reader of PostgreSQL's «Backup Manifest Format»: pg_verifybackup of version 18 in the wheel crashes on every
call, and one of another version does not read the journal.
"""

import hashlib
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tiemchung.ground.backups import errors

MANIFEST = "backup_manifest"
JOURNAL = "pg_wal"
NOT_LISTED = frozenset({MANIFEST, "postgresql.auto.conf", "recovery.signal", "standby.signal"})
SEAL = b'"Manifest-Checksum"'  # the last line; the checksum is over all before it


@dataclass(frozen=True)
class Found:
    """A file as it is: its size in bytes and its SHA-256."""

    size: int
    sha256: str


def verify_folder(folder: Path, name: str, programs: Path) -> None:
    """Raises ConflictError for a manifest that was changed, a file missing, added or changed, a journal unreadable."""
    path = folder / MANIFEST
    verify(_there(folder), path.read_bytes() if path.exists() else b"", folder / JOURNAL, name, programs)


def verify(files: Mapping[str, Found], manifest: bytes, journal: Path, name: str, programs: Path) -> None:
    """The same, of files that were read elsewhere; the journal that came along lies in a folder."""
    problem = next(_problems(files, manifest, journal, programs), None)
    if problem:
        raise errors.not_whole(name, problem)


def _problems(files: Mapping[str, Found], written: bytes, journal: Path, programs: Path) -> Iterator[str]:
    try:
        manifest = _read(written)
    except (ValueError, KeyError) as error:
        yield f"{MANIFEST}: {error}"
        return
    listed = {each["Path"]: each for each in manifest["Files"] if "Path" in each}
    added = {path for path in files if path not in NOT_LISTED and not path.startswith(f"{JOURNAL}/")} - listed.keys()
    yield from (f"{path}: added" for path in sorted(added))
    for path, each in listed.items():
        yield from _problems_of(files.get(path), each)
    for each in manifest["WAL-Ranges"]:
        yield from _journal_problems(journal, each, programs)


def _read(written: bytes) -> Any:
    body, seal, _ = written.rpartition(SEAL)
    if not seal:
        raise ValueError("cut off" if written else "missing")
    manifest = json.loads(written)
    if hashlib.sha256(body).hexdigest() != manifest["Manifest-Checksum"]:
        raise ValueError("changed")
    return manifest


def _there(folder: Path) -> dict[str, Found]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {str(path.relative_to(folder)): _found(path) for path in files}


def _found(path: Path) -> Found:
    with path.open("rb") as file:
        return Found(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _problems_of(found: Found | None, listed: Any) -> Iterator[str]:
    path = listed["Path"]
    if found is None:
        yield f"{path}: missing"
    elif found.size != listed["Size"]:
        yield f"{path}: size {found.size}, not {listed['Size']}"
    elif "Checksum" in listed and (listed["Checksum-Algorithm"], listed["Checksum"]) != ("SHA256", found.sha256):
        yield f"{path}: changed"


def _journal_problems(journal: Path, listed: Any, programs: Path) -> Iterator[str]:
    command = [
        str(programs / "pg_waldump"),
        "--quiet",
        f"--path={journal}",
        f"--timeline={listed['Timeline']}",
        f"--start={listed['Start-LSN']}",
        f"--end={listed['End-LSN']}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        yield f"{JOURNAL}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}"
