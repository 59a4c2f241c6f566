"""Where the library's reference data lies: figures and lists with their sources, never code."""

from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[2] / "reference_data"


def reference_file(name: str) -> Path:
    """Give the path of a file of reference_data/; FileNotFoundError says where it was looked for."""
    found = _FOLDER / name
    if not found.is_file():
        raise FileNotFoundError(f"reference data is missing: {found}")
    return found
