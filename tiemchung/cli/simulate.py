"""`tiemchung simulate`: a country to practise on."""

from pathlib import Path

import click
from rich.progress import Progress


@click.group()
def group() -> None:
    """Make invented people, consistent with the rules for real ones."""


@group.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--people",
    type=click.IntRange(1, 100_000_000),
    default=1_000_000,
    show_default=True,
    help="Citizens of the register.",
)
@click.option(
    "--seed", type=click.IntRange(0, 1_000_000), default=1, show_default=True, help="Another seed makes another nation."
)
@click.option("--threads", type=click.IntRange(1), default=2, show_default=True, help="Cores to use.")
@click.option(
    "--memory-limit", default="4GB", show_default=True, help="What DuckDB may take; beyond it, it goes to disk."
)
def nation(folder: Path, people: int, seed: int, threads: int, memory_limit: str) -> None:
    """Write a nation's population register into FOLDER as Parquet; the same seed makes the same nation."""
    from tiemchung.simulator.nation import make_nation

    with Progress(transient=True) as progress:
        task = progress.add_task("citizens", total=people)
        files = make_nation(
            people,
            folder,
            seed=seed,
            threads=threads,
            memory_limit=memory_limit,
            told=lambda size: progress.advance(task, size),
        )
    click.echo(f"{people} citizens in {len(files)} files")
