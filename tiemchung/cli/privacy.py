"""`tiemchung privacy`: let go what is past its time, and give a person all that is kept about him."""

import json
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from tiemchung.cli.processes import embedded, prepare

if TYPE_CHECKING:
    from tiemchung.privacy.retention import Gone

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@click.group()
def group() -> None:
    """Retention and export of personal data (docs/reference/privacy.md)."""


@group.command()
@embedded
@click.option("--dry-run", is_flag=True, help="Say what is due, and change nothing.")
@as_json
def retain(embedded: Path | None, dry_run: bool, as_json: bool) -> None:
    """Let go what is past its time by reference_data/retention.yaml. The worker does so every night."""
    server = prepare(embedded)
    from tiemchung.ground import clock
    from tiemchung.privacy import actions, retention

    _say(retention.due(clock.now()) if dry_run else actions.retain(by=None), as_json)
    del server


@group.command()
@embedded
@click.option("--person", "person_id", type=click.UUID, help="The person's id.")
@click.option("--qid", help="The 18 digits of the personal QR code.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A new ZIP file.")
def export(embedded: Path | None, person_id: UUID | None, qid: str | None, to: Path) -> None:
    """Write all that is kept about one person: a page to read, and JSON. It is written down that it was given."""
    if (person_id is None) == (qid is None):
        raise click.UsageError("Give --person or --qid.")
    if to.exists():
        raise click.UsageError(f"{to} is there already. Choose another name.")
    server = prepare(embedded)
    from tiemchung.privacy import actions

    found = actions.give_all(person_id=person_id or _id_of(qid or ""), by=None)
    to.touch(mode=0o600)
    to.write_bytes(found.as_zip())
    click.echo(f"{found.count} rows of {len(found.records)} record(s) in {to}")
    del server


def _id_of(qid: str) -> UUID:
    from tiemchung.ground.errors import NotFoundError
    from tiemchung.people import lookup

    person = lookup.by_qid(qid)
    if person is None:
        raise NotFoundError(
            "person_unknown",
            field="qid",
            vi="Không có ai mang mã định danh QR này. Xem lại 18 chữ số.",
            en="Nobody has this QID. Check the 18 digits.",
        )
    return person.id


def _say(gone: "list[Gone]", as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([each.as_json() for each in gone]))
        return
    for each in gone:
        click.echo(f"{each.table:32} {each.then:8} {each.rows:10,}")
