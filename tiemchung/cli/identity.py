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
