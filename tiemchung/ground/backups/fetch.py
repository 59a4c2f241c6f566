"""Give one part of the journal to a server that replays it: PostgreSQL's `restore_command`, in a process of its own.

python -m tiemchung.ground.backups.fetch FOLDER NAME PLACE BYTES

The keys come by the environment. PostgreSQL takes every code from 1 to 125 for «there is no such part, the journal
ends here», and gives up for those above. But a Python that cannot start ends with 1 too: so only 3, which nothing but
this program says, means that the journal ends (`as_command`).
"""

import json
import os
import shlex
import sys
from pathlib import Path

from tiemchung.ground.backups import sealed_file
from tiemchung.ground.backups.keys import read_keys
from tiemchung.ground.backups.sealed_file import ChangedError, CutOffError, Keys
from tiemchung.ground.backups.shelf import PARTIAL
from tiemchung.ground.errors import RefusedError

ABSENT, FAILED = 3, 200
DAMAGED, REFUSED, UNREAD = "PART DAMAGED: ", "PART REFUSED: ", "PART UNREAD: "  # before the reason, in the server's log


def as_command(words: list[str]) -> str:
    """The command for PostgreSQL, which puts the part's name and the place for it in."""
    command = " ".join(shlex.quote(word).replace("%", "%%") for word in words[:-1])
    return f"{command} %f %p {words[-1]}; case $? in 0) exit 0;; {ABSENT}) exit 1;; *) exit {FAILED};; esac"


def main() -> int:
    """Read the command line and the environment, and do it; whatever goes wrong is no end of the journal."""
    name = sys.argv[2]
    try:
        folder, name, place, size = sys.argv[1:]
        return fetch(Path(folder), name, Path(place), int(size), read_keys(os.environ, optional=True))
    except RefusedError as error:
        said = f"{REFUSED}{json.dumps(error.as_json())}"
    except (ChangedError, CutOffError) as error:
        said = f"{DAMAGED}{name}: {error}"
    except BaseException as error:
        said = f"{UNREAD}{name}: {error!r}"
    sys.stderr.write(f"{said}\n")
    return FAILED


def fetch(folder: Path, name: str, place: Path, size: int, keys: Keys) -> int:
    """Write a part as the server reads it; the one that was being received is filled with zeros to its full size.

    Gives 0, or ABSENT. Raises ChangedError, CutOffError, OSError, and ConflictError for a key.
    """
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
