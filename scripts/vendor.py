"""Make or check the third-party files that pages load.

Usage:
  python scripts/vendor.py           fetch the packages with npm and write every file of the manifest
  python scripts/vendor.py --check   compare the files with their sha256, without network
  python scripts/vendor.py --pin     fetch and write, then put the new sha256 into the manifest

The manifest is reference_data/vendor.yaml; its head explains the words.
Exit code 1 when a file differs; each is named.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "reference_data" / "vendor.yaml"
TARGET = ROOT / "tiemchung" / "look" / "static" / "vendor"

CHANGES = {
    "no_source_map": lambda data: re.sub(rb"\s*/\*# sourceMappingURL=.*?\*/\s*$", b"\n", data),
    "no_data_urls": lambda data: re.sub(rb"url\((['\"]?)data:.*?\1\)", b"none", data),
    "no_far_host": lambda data: re.sub(rb"https://[\w.-]+/npm/[\w@.-]+/dist/", b"./", data),
}


@dataclass(frozen=True)
class Entry:
    """One file of the manifest: where it lies under static/vendor/ and what its content must hash to."""

    to: str
    sha256: str

    def problem(self) -> str | None:
        """Say what is wrong with the file on disk, or None."""
        path = TARGET / self.to
        if not path.exists():
            return f"{self.to}: missing; run `python scripts/vendor.py`"
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != self.sha256:
            return f"{self.to}: sha256 is {found}, manifest says {self.sha256 or 'nothing'}"
        return None


def packages() -> list[dict[str, Any]]:
    """Return the manifest, one mapping for each package."""
    loaded: list[dict[str, Any]] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return loaded


def entries() -> Iterator[Entry]:
    """Yield every file that the manifest names, sprites included."""
    for package in packages():
        parts = list(package["files"]) + ([package["sprite"]] if "sprite" in package else [])
        yield from (Entry(part["to"], part["sha256"]) for part in parts)


def problems() -> list[str]:
    """List what differs from the manifest: missing, changed and unlisted files. Reads no network."""
    listed = {entry.to for entry in entries()}
    present = {path.relative_to(TARGET).as_posix() for path in TARGET.rglob("*") if path.is_file()}
    wrong = [problem for entry in entries() if (problem := entry.problem())]
    return wrong + [f"{name}: not in the manifest" for name in sorted(present - listed)]


def fetch(package: dict[str, Any], into: Path) -> Path:
    """Fetch one package with npm and return the folder that holds its files."""
    wanted = f"{package['package']}@{package['version']}"
    command = ["npm", "pack", "--silent", wanted]
    done = subprocess.run(command, cwd=into, check=True, capture_output=True, text=True)
    folder = into / str(package["package"]).replace("/", "-")
    with tarfile.open(into / done.stdout.split()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def write(to: str, data: bytes) -> None:
    """Write one file under static/vendor/."""
    path = TARGET / to
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def changed(data: bytes, names: list[str]) -> bytes:
    """Apply the named changes in order."""
    for name in names:
        data = CHANGES[name](data)
    return data


def symbol(icon: Path) -> str:
    """Turn one icon file into a <symbol>; stroke and fill come from the class `tc-i` of the page."""
    inner = re.search(r"<svg[^>]*>(.*)</svg>", icon.read_text(encoding="utf-8"), re.DOTALL)
    if inner is None:
        raise ValueError(f"{icon.name}: no <svg> in it")
    return f'<symbol id="i-{icon.stem}" viewBox="0 0 24 24">{"".join(inner[1].split(chr(10)))}</symbol>'


def sprite(folder: Path, icons: list[str]) -> bytes:
    """Build the sprite of the named icons, in the manifest's order."""
    symbols = "\n".join(re.sub(r"\s{2,}", "", symbol(folder / "icons" / f"{name}.svg")) for name in icons)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'.encode()


def make(package: dict[str, Any], into: Path) -> None:
    """Fetch one package and write its files and its sprite."""
    folder = fetch(package, into)
    for part in package["files"]:
        write(part["to"], changed((folder / part["from"]).read_bytes(), part.get("changes", [])))
    if "sprite" in package:
        write(package["sprite"]["to"], sprite(folder, package["sprite"]["icons"]))


def pin() -> None:
    """Put the sha256 of the files on disk into the manifest, leaving its comments alone."""
    text = MANIFEST.read_text(encoding="utf-8")
    for entry in entries():
        digest = hashlib.sha256((TARGET / entry.to).read_bytes()).hexdigest()
        block = re.compile(rf'(to: {re.escape(entry.to)}\n(?:(?!sha256:|\bto:).)*sha256: )["\w]*', re.DOTALL)
        text = block.sub(rf"\g<1>{digest}", text, count=1)
    MANIFEST.write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 when the files are what the manifest says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only, without network")
    parser.add_argument("--pin", action="store_true", help="write the new sha256 into the manifest")
    options = parser.parse_args(arguments)
    if not options.check:
        with tempfile.TemporaryDirectory() as folder:
            for package in packages():
                make(package, Path(folder))
    if options.pin:
        pin()
    wrong = problems()
    summary = [f"{len(list(entries()))} files as the manifest says"]
    sys.stdout.write("".join(f"{line}\n" for line in wrong or summary))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
