"""`tiemchung people`: search the registry for duplicates, and say who was whom at any time."""

import json
from datetime import datetime
from pathlib import Path
from uuid import UUID

import click

from tiemchung.cli.processes import embedded, prepare


@click.group()
def group() -> None:
    """Persons: duplicates in the registry, merges."""


@group.command()
@embedded
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def duplicates(embedded: Path | None, as_json: bool) -> None:
    """Search the registry for duplicates and count them by kind. Nothing is merged: people decide in the office."""
    server = prepare(embedded)
    from tiemchung.identity.actions_scan import scan
    from tiemchung.identity.models import Duplicate

    made = scan(by=None)
    found = Duplicate.objects.filter(scan=made)
    counts = {kind: found.filter(kind=kind).count() for kind in Duplicate.Kind.values}
    _say({"persons": made.persons, "pairs_compared": made.pairs, **counts}, as_json)
    del server


@group.command()
@embedded
@click.argument("person_id", type=click.UUID)
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]), help="In Viet Nam's time; now."
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def who(embedded: Path | None, person_id: UUID, as_of: datetime | None, as_json: bool) -> None:
    """Say which records were one human's with this one, and which one spoke for him, now or at a time."""
    server = prepare(embedded)
    from tiemchung.ground import clock
    from tiemchung.people import merges

    moment = as_of.replace(tzinfo=clock.VIETNAM) if as_of else clock.now()
    speaks, *others = merges.records_at(person_id, moment)
    story = [
        {
            "merge": str(one.id),
            "kept": str(one.kept_id),
            "merged": str(one.merged_id),
            "at": one.at.isoformat(timespec="seconds"),
            "undone_at": one.undone_at.isoformat(timespec="seconds") if one.undone_at else None,
        }
        for one in merges.story(person_id)
    ]
    _say({"speaks": str(speaks), "merged_into_it": [str(one) for one in others], "story": story}, as_json)
    del server


def _say(answer: dict[str, object], as_json: bool) -> None:
    click.echo(json.dumps(answer) if as_json else "\n".join(f"{name:<16}{value}" for name, value in answer.items()))
