"""The cheapest single act that mends all that a judgement finds wrong; the table lies in `cures.yaml`."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tiemchung.linkage.verdict import FieldVerdict, Judgement

SCAN = "scan_card"  # of several wrong fields the card's code mends all at once


@cache
def _tables() -> dict[str, Any]:
    return dict(yaml.safe_load(Path(__file__).with_name("cures.yaml").read_text(encoding="utf-8")))


def cheapest_cure(judgement: Judgement) -> str:
    """Give the name of the cure: `none` where all is right; scanning the card where several fields need mending.

    A number that is missing, or is somebody's parent's, cannot be had from the card of the one who is asked about as
    written: there that cure comes first.
    """
    cures = [_of_field(one) for one in judgement.wrong_fields]
    dearer = [cure for cure in cures if _price(cure) > _price(SCAN)]
    if dearer:
        return max(dearer, key=_price)
    return cures[0] if len(cures) == 1 else SCAN if cures else "none"


def say_cure(cure: str) -> tuple[str, str]:
    """Give the Vietnamese and the English sentence of a cure. Raises KeyError for a name that is none."""
    pair = _tables()["cures"][cure]
    return pair["vi"], pair["en"]


def _of_field(one: FieldVerdict) -> str:
    table = _tables()[one.field]
    return str(table.get(one.kind.value, table["general"]))


def _price(cure: str) -> int:
    return list(_tables()["cures"]).index(cure)
