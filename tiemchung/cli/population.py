"""The other side's commands: serve it, and load its register. In a country its owner runs them."""

import json
import sys
import time
from pathlib import Path

import click
from rich.progress import Progress, track

from tiemchung.cli.installation import Installation
from tiemchung.cli.processes import check_role, embedded, migrate_population, population, prepare


@click.group()
def group() -> None:
    """The population side, as its owner runs it."""


group.add_command(population, "serve")


@group.command()
@embedded
def migrate(embedded: Path | None) -> None:
    """Bring this side's database to this version's schema, as its owner (POPULATION_DATABASE_OWNER_URL).

    Then the role of POPULATION_DATABASE_URL gets its rights: it adds to what only grows, and changes nothing there.
    """
    server = Installation(embedded).enter() if embedded else None
    migrate_population(embedded)
    del server


@group.command()
@embedded
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
def load(embedded: Path | None, file: Path) -> None:
    """Load citizens from a CSV FILE: number, old_number, full_name, birth_date, sex, residence_code.

    All rows or none: where one is refused it is named, and the register is as before.
    """
    server = prepare(embedded, "tiemchung.population.settings")
    from tiemchung.population import tables
    from tiemchung.population.actions_changes import enrol_all

    rows = track(tables.rows(file, tables.LOADED), description="Population", total=None, transient=True)
    click.echo(f"{enrol_all(rows=rows)} citizens")
    del server


@group.command("open-officer")
@embedded
@click.option("--username", required=True, help="What the officer types to sign in.")
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


@group.command("reset-factor")
@embedded
@click.option("--username", required=True, help="The officer's.")
def reset_factor(embedded: Path | None, username: str) -> None:
    """Take the second factor from an officer who lost his phone: he sets up another when he signs in."""
    server = prepare(embedded, "tiemchung.population.settings")
    from tiemchung.population import actions_officers

    actions_officers.reset_factor(username=username)
    click.echo(f"{username}: signs in with the password, and sets up a second factor")
    del server


@group.command("check-batch")
@embedded
@click.argument("questions", type=click.Path(exists=True, path_type=Path, file_okay=False))
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--register",
    type=click.Path(exists=True, path_type=Path, dir_okay=False),
    multiple=True,
    help="Check against these files (citizen, number, former_numbers, full_name, birth_date, sex), not the store.",
)
@click.option(
    "--memory-limit", default="4GB", show_default=True, help="What DuckDB may take; beyond it, it goes to disk."
)
@click.option("--threads", type=click.IntRange(1), default=2, show_default=True, help="Cores to use.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def check_batch(
    embedded: Path | None,
    questions: Path,
    out: Path,
    register: tuple[Path, ...],
    memory_limit: str,
    threads: int,
    as_json: bool,
) -> None:
    """Answer the batch in folder QUESTIONS into folder OUT. A run that was killed goes on when called again."""
    server = prepare(embedded, "tiemchung.population.settings")
    from tiemchung.linkage.sets.check import CheckOptions
    from tiemchung.population import batches

    options = CheckOptions(memory_limit, threads, processes=threads)
    with Progress(transient=True) as progress:
        task = progress.add_task("partitions")
        report = batches.check_batch(
            questions,
            out,
            register=register,
            options=options,
            told=lambda done, of: progress.update(task, completed=done, total=of),
        )
    if report.walks:
        click.echo(f"{report.walks} questions about neighbouring numbers were not answered: ask who asks.", err=True)
    click.echo(json.dumps(report.__dict__) if as_json else _written(report.__dict__))
    del server


@group.command()
@embedded
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--after", type=click.IntRange(0), default=0, show_default=True, help="The last change told before.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def changes(embedded: Path | None, out: Path, after: int, as_json: bool) -> None:
    """Write the signed list of what changed in the register into the file OUT: handles and question ids only."""
    server = prepare(embedded, "tiemchung.population.settings")
    from tiemchung.population.changes import write_changes

    written = write_changes(out, after=after)
    click.echo(json.dumps(written.__dict__) if as_json else _written(written.__dict__))
    del server


@group.command()
@embedded
@click.option(
    "--exchange",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder of batches and lists.",
)
@click.option("--every", type=click.IntRange(1), default=60, show_default=True, help="Seconds between two turns.")
@click.option("--once", is_flag=True, help="One turn, and end.")
def work(embedded: Path | None, exchange: Path, every: int, once: bool) -> None:
    """Write what changed in the register, list by list, into the folder `in` of EXCHANGE, by the clock.

    Once a day the single questions go whose time is over (reference_data/population_retention.yaml).

    May be killed at any moment: the next turn, or the next start, goes on.
    """
    server = prepare(embedded, "tiemchung.population.settings")
    check_role("POPULATION_DATABASE_URL", "tiemchung population migrate")
    from tiemchung.ground import clock
    from tiemchung.population.actions_retention import prune_questions
    from tiemchung.population.changes import write_due

    pruned_on = None
    while True:
        lists = write_due(exchange / "in")
        if lists or once:
            click.echo(f"{lists} lists of changes written")
        today = clock.local(clock.now()).date()
        if today != pruned_on:
            click.echo(f"{prune_questions()} questions pruned")
            pruned_on = today
        if once:
            break
        time.sleep(every)
    del server


@group.command()
@embedded
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
def amend(embedded: Path | None, file: Path) -> None:
    """Amend citizens by a CSV FILE, found by number: number, full_name, birth_date, sex, residence_code.

    All rows or none: where one is refused it is named, and nothing was changed.
    """
    server = prepare(embedded, "tiemchung.population.settings")
    from tiemchung.population import tables
    from tiemchung.population.actions_changes import amend_all

    click.echo(f"{amend_all(rows=tables.rows(file, tables.AMENDED))} citizens amended")
    del server


def _written(content: dict[str, object]) -> str:
    return "\n".join(f"{name:<12}{value}" for name, value in content.items())


@group.command("open-officers")
@embedded
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
def open_officers(embedded: Path | None, file: Path) -> None:
    """Open the accounts of officers from a CSV FILE: username, name, commune, password.

    All rows or none: where one is refused it is named, and no account was opened.
    """
    server = prepare(embedded, "tiemchung.population.settings")
    from tiemchung.population import tables
    from tiemchung.population.actions_officers import open_all

    for username, commune in open_all(rows=tables.rows(file, tables.OFFICERS)):
        click.echo(f"{username}: {commune}")
    del server


@group.command("slip-key")
def slip_key() -> None:
    """Make a key for correction slips: the private half for this side, the public one for the health side."""
    from tiemchung.ground.signed_notice import new_key

    private, public = new_key()
    click.echo(f"TIEMCHUNG_SLIP_KEY={private}\nTIEMCHUNG_SLIP_KEYS={public}")
