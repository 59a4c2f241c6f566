"""`tiemchung data-keys`: which values stand under which key, a change of keys, and whether everything opens."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tiemchung.cli.processes import embedded, prepare

if TYPE_CHECKING:
    from tiemchung.privacy.data_keys import Status

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@click.group()
def group() -> None:
    """The keys of TIEMCHUNG_DATA_KEYS, the first of which is in use (docs/reference/privacy.md)."""


@group.command()
@embedded
@as_json
def status(embedded: Path | None, as_json: bool) -> None:
    """Say how many values and digests stand under which key. Ends with 1 when values cannot be read for want of one."""
    server = prepare(embedded)
    from tiemchung.privacy import data_keys

    found = data_keys.status()
    click.echo(json.dumps(found.as_json()) if as_json else "\n".join([*_counts(found), *_wanted(found)]))
    del server
    if found.unreadable:
        raise SystemExit(1)


@group.command()
@embedded
@as_json
def rotate(embedded: Path | None, as_json: bool) -> None:
    """Write everything anew under the key in use. The platform may go on; killed, it goes on at the next call."""
    server = prepare(embedded, as_owner=True)
    from tiemchung.privacy import actions_data_keys, data_keys

    standing = data_keys.status()
    if standing.unreadable:
        click.echo("\n".join(_wanted(standing)), err=True)
        raise SystemExit(1)
    done = actions_data_keys.rotate(by=None)
    click.echo(json.dumps(done) if as_json else f"{sum(done.values()):,} values written anew")
    del server


@group.command()
@embedded
@click.option("--gone", "gone", type=int, multiple=True, help="A key that was given up: its digests may stay unproven.")
@as_json
def check(embedded: Path | None, gone: tuple[int, ...], as_json: bool) -> None:
    """Open every encrypted value, and hold what was kept word for word against its digest.

    Ends with 1 for a value that does not open, a content that is not that of its digest, and for a key that is missing.
    """
    server = prepare(embedded)
    from tiemchung.privacy import contents, data_keys

    standing, wrong = data_keys.status(), [*contents.altered(), *data_keys.broken()]
    unproven = {number: rows for number, rows in standing.incomparable.items() if number not in gone}
    if as_json:
        click.echo(json.dumps({"altered": wrong, "unreadable": standing.unreadable, "incomparable": unproven}))
    else:
        click.echo("\n".join([*wrong, *_wanted(standing)]) or "everything opens and is as it was")
    del server
    if wrong or standing.unreadable or unproven:
        raise SystemExit(1)


def _counts(found: "Status") -> Iterator[str]:
    for column, counts in {**found.values, **found.digests}.items():
        said = ", ".join(f"key {number}: {count:,}" for number, count in counts.items())
        yield f"{column:44} {said or '–'}"


def _wanted(found: "Status") -> Iterator[str]:
    """Which keys are missing, what cannot be done without them, and the cure."""
    for number, rows in found.unreadable.items():
        yield f"KEY {number} IS MISSING: {rows:,} values cannot be read. Add it at the end of TIEMCHUNG_DATA_KEYS."
    for number, rows in found.incomparable.items():
        yield f"key {number} is not at hand: {rows:,} digests cannot be compared."
