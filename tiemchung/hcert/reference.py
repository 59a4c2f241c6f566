"""Where the reference data lies: beside the package in a checkout, inside it once installed."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_PACKAGE = Path(__file__).resolve().parents[1]


class ReferenceDataError(Exception):
    """The data that came with the library is absent or contradicts itself: the installation is at fault."""


def reference_path(name: str) -> Path:
    """Give the path of a file of `reference_data/`.

    Raises ReferenceDataError when the installation lacks it.
    """
    for root in (_PACKAGE.parent, _PACKAGE):
        path = root / "reference_data" / name
        if path.exists():
            return path
    raise ReferenceDataError(f"reference_data/{name} is absent from this installation")


@cache
def read_reference(name: str) -> Mapping[str, Any]:
    """Read a YAML file of `reference_data/` whose top level is a mapping; read once per process.

    Raises ReferenceDataError when the file is absent, or is no mapping.
    """
    data = yaml.load(reference_path(name).read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader, in C
    if not isinstance(data, dict):
        raise ReferenceDataError(f"reference_data/{name} is not a mapping")
    return data


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
