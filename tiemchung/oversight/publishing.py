"""Where do seals go that no one who has the database can reach? Into files that only grow, in a folder of their own.

`seals-000001.jsonl` holds the seals 1 to 1440, a day of them at one a minute: a line for each. `leaves-000001/` holds
for each of them the rows' keys and hashes. docs/reference/seals.md describes both; `tiemchung audit verify --published`
holds the database against them.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tiemchung.ground import sql
from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.oversight import leaf_files
from tiemchung.oversight.leaves import Leaves
from tiemchung.oversight.ledgers import queries
from tiemchung.oversight.models import Seal
from tiemchung.oversight.statement import PublishedSeal, Sealed
from tiemchung.passports import keys

IN_A_FILE = 1440
_AT_ONCE = 500  # seals read from the database together


def as_published(seal: Seal) -> PublishedSeal:
    """The seal with the certificate of its key; without one where the key is not known."""
    certificate = keys.certificate_of(seal.key_id, keys.SEAL)
    pem = certificate.pem().decode() if certificate else ""
    return PublishedSeal(seal.number, seal.statement, seal.key_id, seal.signature, pem)


def publish(folder: Path | None = None) -> int:
    """Write the seals that are not in the folder yet; gives how many. Does nothing where no folder is set.

    Killed at any moment it goes on at the next call. Raises ConflictError when the folder has seals that the database
    has not: then one of the two was tampered with, and nothing is written.
    """
    place = folder or settings.SEALS_FOLDER
    if place is None:
        return 0
    place.mkdir(parents=True, exist_ok=True)
    with _alone(place):
        last = _last_whole(place)
        _check_known(last)
        return _append(place, last.number if last else 0)


def published(folder: Path) -> Iterator[PublishedSeal]:
    """The seals of a folder in their order; a line that was cut off by a killed writer ends them.

    Raises InvalidInputError for a line that is none of ours.
    """
    for path in _files(folder):
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.endswith("\n"):
                    yield _read(line, f"{path.name}:{number}")


def published_leaves(folder: Path, seal: int, sealed: Sealed) -> list[Leaves]:
    """The leaves of one table under one seal as they were published; none where that file is absent or unreadable."""
    return leaf_files.read(_leaves_path(folder, seal), sealed.table, sealed.kind)


def _append(place: Path, last: int) -> int:
    made = 0
    while seals := list(Seal.objects.filter(number__gt=last).order_by("number")[:_AT_ONCE]):
        for seal in seals:
            _write_leaves(place, seal)  # first: a seal that is published has its leaves
            with _file(place, seal.number).open("a", encoding="utf-8") as file:
                file.write(as_published(seal).line)
                file.flush()
                os.fsync(file.fileno())
        last, made = seals[-1].number, made + len(seals)
    return made


def _write_leaves(place: Path, seal: Seal) -> None:
    path = _leaves_path(place, seal.number)
    path.parent.mkdir(exist_ok=True)
    kinds = {each.table: each.kind for each in as_published(seal).read().tables}
    kept = sql.fetch_tuples(queries["kept"], {"seal": seal.number})
    leaf_files.write(path, ((table, Leaves.kept(keys, hashes, kinds[table])) for table, keys, hashes in kept))


def _last_whole(place: Path) -> PublishedSeal | None:
    """The last seal of the folder; half a line that a killed writer left goes."""
    for path in reversed(_files(place)):
        lines = path.read_bytes().splitlines(keepends=True)
        whole = [line for line in lines if line.endswith(b"\n")]
        if len(whole) < len(lines):
            os.truncate(path, sum(map(len, whole)))
        if whole:
            return _read(whole[-1].decode(), path.name)
    return None


def _check_known(last: PublishedSeal | None) -> None:
    if last is None:
        return
    seal = Seal.objects.filter(number=last.number).first()
    if seal is None or (seal.statement, seal.signature) != (last.statement, last.signature):
        raise ConflictError(
            "published_seals_differ",
            field="seals",
            vi=f"Niêm phong {last.number} đã công bố khác với cơ sở dữ liệu. Đừng xóa gì; chạy tiemchung audit verify.",
            en=f"The published seal {last.number} is not that of the database. "
            "Delete nothing; run tiemchung audit verify.",
        )


def _read(line: str, where: str) -> PublishedSeal:
    try:
        return PublishedSeal(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        raise InvalidInputError(
            "seal_unreadable",
            field="published",
            vi=f"{where} không phải một niêm phong. Lấy lại bản sao của thư mục.",
            en=f"{where} is not a seal. Get another copy of the folder.",
        ) from None


def _files(place: Path) -> list[Path]:
    return sorted(place.glob("seals-*.jsonl"))


def _file(place: Path, seal: int) -> Path:
    return place / f"seals-{_first_in_file(seal):06}.jsonl"


def _leaves_path(place: Path, seal: int) -> Path:
    return place / f"leaves-{_first_in_file(seal):06}" / f"{seal:09}.leaves"


def _first_in_file(seal: int) -> int:
    return (seal - 1) // IN_A_FILE * IN_A_FILE + 1


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """One publisher at a time; the lock ends with the process."""
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
