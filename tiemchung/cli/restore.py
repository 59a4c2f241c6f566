"""`tiemchung restore`: make a data folder anew, as the server was at a named second."""

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from tiemchung.ground.backups import errors, recovery
from tiemchung.ground.backups.keys import SETTING, read_keys
from tiemchung.ground.backups.sealed_file import Keys
from tiemchung.ground.backups.shelf import Shelf


@click.command()
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where the backups lie."
)
@click.option("--to", "moment", required=True, metavar="TIME", help="2021-09-16T08:00:00+07:00, or latest.")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), required=True, help="A new folder.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def restore(folder: Path, moment: str, into: Path, as_json: bool) -> None:
    """Restore into a new folder, up to and including the transactions of a moment.

    INTO becomes an installation for --embedded; its pg/pgdata can be given to a PostgreSQL of one's own. Secrets and
    keys are in no backup: put secrets.json and the folder keys into INTO first. The key of the backups is taken from
    TIEMCHUNG_BACKUP_KEYS, or else from that secrets.json.
    """
    keys = _keys(into)
    to = recovery.read_moment(moment, datetime.now(UTC))
    console = Console(stderr=True, quiet=as_json)
    with console.status("Restoring: verifying and copying the base backup …") as status:

        def told(last: datetime | None) -> None:
            if last:
                status.update(f"Restoring: replayed up to {last.astimezone().isoformat(timespec='seconds')}")

        done = recovery.restore(Shelf.at(folder), keys, into / "pg", to, told)
    _say(done, into, as_json)
    if done.short_of:
        raise errors.fell_short(into, done.last_transaction, done.short_of)


def _say(done: recovery.Restored, into: Path, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    click.echo(
        f"restored from {done.backup} to {done.to} in {done.seconds} s; last transaction {done.last_transaction}"
    )
    if not (into / "secrets.json").exists():
        click.echo(f"Put secrets.json and keys/ into {into} before serving from it: no backup holds them.", err=True)


def _keys(into: Path) -> Keys:
    """Those of the environment, else of the secrets that lie in the new folder; a plain backup needs none."""
    path = into / "secrets.json"
    secrets: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    given = os.environ if os.environ.get(SETTING) else secrets
    return read_keys(given, optional=True)
