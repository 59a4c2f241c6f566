"""The other side's commands: serve it, and load its register. In a country its owner runs them."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import track

from tiemchung.cli.processes import embedded, population, prepare

if TYPE_CHECKING:
    from tiemchung.population.models import Citizen

AT_ONCE = 5000


@click.group()
def group() -> None:
    """The population side, as its owner runs it."""


group.add_command(population, "serve")


@group.command()
@embedded
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
def load(embedded: Path | None, file: Path) -> None:
    """Load citizens from a CSV FILE: number, old_number, full_name, birth_date, sex, residence_code."""
    server = prepare(embedded, "tiemchung.population.settings")
    from tiemchung.population import actions

    count = sum(actions.enrol(batch) for batch in track(list(_batches(file)), description="Population", transient=True))
    click.echo(f"{count} citizens")
    del server


def _batches(file: Path) -> Iterator[list[tuple["Citizen", list[str]]]]:
    from tiemchung.population.models import Citizen

    with file.open(encoding="utf-8", newline="") as rows:
        batch: list[tuple[Citizen, list[str]]] = []
        for row in csv.DictReader(rows):
            citizen = Citizen(
                full_name=row["full_name"],
                birth_date=row["birth_date"],
                sex=row["sex"],
                residence_code=row["residence_code"],
            )
            batch.append((citizen, [value for value in (row["number"], row["old_number"]) if value]))
            if len(batch) == AT_ONCE:
                yield batch
                batch = []
        yield batch
