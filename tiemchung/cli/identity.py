"""`tiemchung identity`: ask the population side, see how identities stand."""

import json
from pathlib import Path

import click

from tiemchung.cli.identity_evaluate import calibrate, evaluate
from tiemchung.cli.identity_link import link
from tiemchung.cli.processes import embedded, prepare


@click.group()
def group() -> None:
    """Population checks and matching."""


for command in (link, evaluate, calibrate):
    group.add_command(command)


@group.command("check-due")
@embedded
def check_due(embedded: Path | None) -> None:
    """Ask about everybody who is unchecked, until none is left or nobody answers."""
    server = prepare(embedded)
    from tiemchung.identity import actions

    click.echo(f"{actions.check_due(by=None)} answered")
    del server


@group.command()
@embedded
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def funnel(embedded: Path | None, as_json: bool) -> None:
    """Count persons by the state of their identity."""
    server = prepare(embedded)
    from tiemchung.identity import states

    counts = states.count()
    click.echo(json.dumps(counts) if as_json else "\n".join(f"{name:<10}{count:>12}" for name, count in counts.items()))
    del server


@group.command("export-batch")
@embedded
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--form", type=click.Choice(["parquet", "csv"]), default="parquet", show_default=True)
@click.option("--limit", type=click.IntRange(1), default=2_000_000, show_default=True, help="Questions at most.")
def export_batch(embedded: Path | None, folder: Path, form: str, limit: int) -> None:
    """Write everybody who is unchecked into FOLDER for the population side; an unfinished batch goes on."""
    server = prepare(embedded)
    from tiemchung.identity import actions_batches

    batch = actions_batches.export(folder=folder, by=None, form=form, limit=limit)
    click.echo(f"batch {batch.pk} in {folder}")
    del server


@group.command("import-answers")
@embedded
@click.argument("folder", type=click.Path(exists=True, path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def import_answers(embedded: Path | None, folder: Path, as_json: bool) -> None:
    """Take in the population side's answers to a batch; taking them in twice changes nothing."""
    server = prepare(embedded)
    from tiemchung.identity import actions_batches

    found = actions_batches.import_answers(folder=folder, by=None).__dict__
    click.echo(json.dumps(found) if as_json else "\n".join(f"{name:<12}{count:>12}" for name, count in found.items()))
    del server


@group.command("import-changes")
@embedded
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
def import_changes(embedded: Path | None, file: Path) -> None:
    """Ask anew about whom the population side's signed list of changes is about."""
    server = prepare(embedded)
    from tiemchung.identity import actions_batches

    count = actions_batches.import_changes(path=file, by=None)
    click.echo(f"{count} persons are asked anew; the next list begins after {actions_batches.last_change()}")
    del server
