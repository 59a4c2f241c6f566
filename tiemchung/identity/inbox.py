"""What the population side puts into the exchange folder is taken in by itself: answers and lists of changes.

`in/` is where it arrives; what was taken in goes to `taken/`, what is refused to `refused/`, the reason beside it. A
list of changes whose predecessor is still to come waits. A process that was killed before it moved a folder takes it in
again, which changes nothing.
"""

import json
from pathlib import Path

from tiemchung.ground import batch_files
from tiemchung.ground.errors import RefusedError
from tiemchung.identity import actions_batches

WAITS = "changes_missing"


def take_in(folder: Path) -> dict[str, str]:
    """Take in all that is finished; gives name → `taken` or the code of the refusal."""
    arrived = folder / "in"
    return {path.name: _take(path, folder) for path in sorted(arrived.glob("*")) if _is_ready(path)}


def _is_ready(path: Path) -> bool:
    return batch_files.is_finished(path) if path.is_dir() else path.suffix == ".json"


def _take(path: Path, folder: Path) -> str:
    try:
        if path.is_dir():
            actions_batches.import_answers(folder=path, by=None)
        else:
            actions_batches.import_changes(path=path, by=None)
    except RefusedError as refused:
        if refused.code == WAITS:
            return refused.code
        target = _move(path, folder / "refused")
        reason = target.with_name(f"{target.name}.reason.json")
        reason.write_text(json.dumps(refused.as_json(), ensure_ascii=False), encoding="utf-8")
        return refused.code
    _move(path, folder / "taken")
    return "taken"


def _move(path: Path, to: Path) -> Path:
    """Move beside what came earlier under the same name, never over it."""
    to.mkdir(parents=True, exist_ok=True)
    names = (path.name, *(f"{path.stem}-{again}{path.suffix}" for again in range(2, 10_000)))
    target = next(to / name for name in names if not (to / name).exists())
    return path.rename(target)
