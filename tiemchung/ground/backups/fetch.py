"""Give one part of the journal to a server that replays it: PostgreSQL's `restore_command`, in a process of its own.

python -m tiemchung.ground.backups.fetch FOLDER NAME PLACE BYTES

The keys come by the environment. Exit code 0: it is there; 1: there is no such part, the journal ends; 200: it is
damaged, or its key is missing, and PostgreSQL gives up, as it does for every code above 125.
"""

import os
import sys
from pathlib import Path

from tiemchung.ground.backups import sealed_file
from tiemchung.ground.backups.keys import read_keys
from tiemchung.ground.backups.sealed_file import ChangedError, CutOffError, Keys
from tiemchung.ground.backups.shelf import PARTIAL
from tiemchung.ground.errors import RefusedError

ABSENT, DAMAGED = 1, 200
SAID = "PART DAMAGED: "  # before the reason, in the server's log


def main() -> int:
    """Read the command line and the environment, and do it."""
    folder, name, place, size = sys.argv[1:]
    try:
        return fetch(Path(folder), name, Path(place), int(size), read_keys(os.environ, optional=True))
    except RefusedError as error:
        sys.stderr.write(f"{SAID}{error.en}\n")
    except (ChangedError, CutOffError, OSError) as error:
        sys.stderr.write(f"{SAID}{name}: {error}\n")
    return DAMAGED


def fetch(folder: Path, name: str, place: Path, size: int, keys: Keys) -> int:
    """Write a part as the server reads it; the one that was being received is filled with zeros to its full size."""
    whole, begun = folder / name, folder / (name + PARTIAL)
    if whole.exists():
        pieces = sealed_file.read(whole, keys, name)
    elif begun.exists():
        pieces = sealed_file.read_begun(begun, keys, name)
    else:
        return ABSENT
    with place.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        if len(name) == 24 and not whole.exists():
            file.truncate(size)
    if len(name) == 24 and place.stat().st_size != size:
        raise CutOffError(f"{place.stat().st_size} bytes, not {size}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
