"""The other side's commands: serve it, and load its register. In a country its owner runs them."""

import csv
import sys
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


@group.command("open-officer")
@embedded
@click.option("--username", required=True)
@click.option("--name", required=True, help="Rank and name, as the pages show them.")
@click.option("--commune", required=True, help="The commune's 5-digit code.")
@click.option("--password-from-stdin", is_flag=True, help="Read the password as one line, instead of asking.")
def open_officer(embedded: Path | None, username: str, name: str, commune: str, password_from_stdin: bool) -> None:
    """Open the account of an officer of the commune police."""
    server = prepare(embedded, "tiemchung.population.settings")
    from tiemchung.population import actions_officers

    password = (
        sys.stdin.readline().rstrip("\n")
        if password_from_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    actions_officers.open_officer(username=username, display_name=name, commune_code=commune, password=password)
    click.echo(f"{username}: {commune}")
    del server


@group.command("slip-key")
def slip_key() -> None:
    """Make a key for correction slips: the private half for this side, the public one for the health side."""
    from tiemchung.ground.signed_notice import new_key

    private, public = new_key()
    click.echo(f"TIEMCHUNG_SLIP_KEY={private}\nTIEMCHUNG_SLIP_KEYS={public}")


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
