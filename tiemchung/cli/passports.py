"""`tiemchung passports`: sign what is due, revoke what no longer holds."""

from pathlib import Path

import click

from tiemchung.cli.processes import embedded, prepare


@click.group()
def group() -> None:
    """Passports of the centre."""


@group.command()
@embedded
def issue(embedded: Path | None) -> None:
    """Revoke what no longer holds, then sign passports for whoever is due one. Killed, it goes on at the next call."""
    server = prepare(embedded)
    from tiemchung.passports import actions_issue, actions_revoke

    revoked = actions_revoke.revoke_stale(by=None)
    click.echo(f"{revoked} revoked, {actions_issue.issue_due(by=None)} issued")
    del server
