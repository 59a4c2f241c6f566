"""The holder's sentences; they lie in `wording.yaml`."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tiemchung.linkage.kinds import HARMLESS, Kind


@cache
def _tables() -> dict[str, Any]:
    return dict(yaml.safe_load(Path(__file__).with_name("wording.yaml").read_text(encoding="utf-8")))


def say(field: str, kind: Kind) -> tuple[str, str]:
    """Give the Vietnamese and the English sentence for the holder: which field, and the cure."""
    table = _tables()
    pair = table["right"] if kind in HARMLESS else table[field].get(kind.value, table[field]["general"])
    return pair["vi"], pair["en"]
