"""`tiemchung bench`: run the benchmarks, each beside its limit in the same run."""

import os
import subprocess
import sys
from pathlib import Path

import click

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
NOT_BENCHES = {"measure", "served", "__init__"}


@click.command()
@click.argument("names", nargs=-1)
def bench(names: tuple[str, ...]) -> None:
    """Run the named benchmarks, or all; each ends with one line of JSON that is also appended to results.jsonl."""
    known = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in NOT_BENCHES)
    unknown = set(names) - set(known)
    if unknown:
        raise click.UsageError(f"no such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(known)}")
    failed = [name for name in names or known if _run(name)]
    if failed:
        raise click.ClickException(f"failed: {', '.join(failed)}")


def _run(name: str) -> int:
    click.echo(f"— {name}", err=True)
    environment = {**os.environ, "PYTHONPATH": str(FOLDER.parent)}
    return subprocess.run([sys.executable, str(FOLDER / f"{name}.py")], env=environment, check=False).returncode
