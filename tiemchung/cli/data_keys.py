"""`tiemchung data-keys`: which values stand under which key, a change of keys, and whether everything opens."""

import json
from pathlib import Path

import click

from tiemchung.cli.processes import embedded, prepare

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@click.group()
def group() -> None:
    """The keys of TIEMCHUNG_DATA_KEYS, the first of which is in use (docs/reference/privacy.md)."""


@group.command()
@embedded
@as_json
def status(embedded: Path | None, as_json: bool) -> None:
    """Say how many values stand under which key. A key under which none stands can be taken away."""
    server = prepare(embedded)
    from tiemchung.privacy import data_keys

    found = data_keys.status()
    if as_json:
        click.echo(json.dumps(found))
    else:
        for column, counts in found.items():
            said = ", ".join(f"key {number}: {count:,}" for number, count in counts.items())
            click.echo(f"{column:44} {said or '–'}")
    del server


@group.command()
@embedded
@as_json
def rotate(embedded: Path | None, as_json: bool) -> None:
    """Write everything anew under the key in use. The platform may go on; killed, it goes on at the next call."""
    server = prepare(embedded, as_owner=True)
    from tiemchung.privacy import actions_data_keys

    done = actions_data_keys.rotate(by=None)
    click.echo(json.dumps(done) if as_json else f"{sum(done.values()):,} values written anew")
    del server


@group.command()
@embedded
@as_json
def check(embedded: Path | None, as_json: bool) -> None:
    """Open every content that was kept word for word and hold it against its digest. Ends with 1 for a difference."""
    server = prepare(embedded)
    from tiemchung.privacy import contents

    found = contents.altered()
    click.echo(json.dumps({"altered": found}) if as_json else "\n".join(found) or "everything opens and is as it was")
    del server
    if found:
        raise SystemExit(1)
