"""`tiemchung backup`: copy a running database, receive its journal, say what can be restored. See `restore`."""

import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from tiemchung.cli.installation import Installation
from tiemchung.cli.processes import embedded
from tiemchung.ground.backups import base as bases
from tiemchung.ground.backups import journal
from tiemchung.ground.backups.keys import read_keys
from tiemchung.ground.backups.sealed_file import Keys
from tiemchung.ground.backups.shelf import Base, Shelf
from tiemchung.ground.backups.source import Source

shelf = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Where the backups lie; best on another machine's disk.",
)
population = click.option("--population", is_flag=True, help="The population side's server (POPULATION_DATABASE_URL).")
as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@click.group()
def group() -> None:
    """Backups: base backups, and the journal as it is written. An embedded installation's has both sides in it."""


@group.command()
@embedded
@population
@shelf
@as_json
def take(embedded: Path | None, population: bool, folder: Path, as_json: bool) -> None:
    """Take a base backup and verify it; the platform goes on meanwhile."""
    keys = keys_of(embedded)
    server, source = source_of(embedded, population)
    with _bar(as_json) as bar:
        task = bar.add_task("Backup", total=None)
        base = bases.take(source, Shelf.at(folder), keys, lambda done, of: bar.update(task, completed=done, total=of))
    size = f"{base.bytes / 1e6:,.0f} MB{', encrypted' if keys else ''}"
    _say(base.as_json(), f"{base.name}: {size}, verified; restores from {_local(base.ended_at)} on", as_json)
    del server


@group.command()
@embedded
@population
@shelf
@click.option("--drop", is_flag=True, help="Let the server keep its journal no longer for this folder, and end.")
def follow(embedded: Path | None, population: bool, folder: Path, drop: bool) -> None:
    """Receive the journal as it is written, until stopped. Run it as a service, beside a daily «backup take»."""
    keys = () if drop else keys_of(embedded)
    server, source = source_of(embedded, population)
    if drop:
        source.drop_slot()
    else:
        _follow(source, Shelf.at(folder), keys)
    del server


def _follow(source: Source, to: Shelf, keys: Keys) -> None:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    click.echo(f"receiving into {to.root}", err=True)
    journal.follow(source, to, keys, stop)


@group.command("list")
@shelf
@as_json
def list_(folder: Path, as_json: bool) -> None:
    """Say which base backups there are and which moments can be restored."""
    found = Shelf.at(folder)
    kept, until = found.bases(), found.journal_until()
    answer = {
        "backups": [base.as_json() for base in kept],
        "restorable_from": kept[0].ended_at.isoformat() if kept else None,
        "restorable_until": until.isoformat() if until else None,
        "journal_missing": found.missing_after(kept[0]) if kept else None,
        "restorable": [{"from": span.begin.isoformat(), "until": span.end.isoformat()} for span in found.restorable()],
    }
    _say(answer, "\n".join(_lines(found, until)), as_json)


@group.command()
@embedded
@population
@as_json
def status(embedded: Path | None, population: bool, as_json: bool) -> None:
    """Say whether the journal is being received. Ends with 1 when it is not, so that a monitor can ask."""
    server, source = source_of(embedded, population)
    standing = journal.standing(source) or {"receiving": False, "kept": "lost", "waiting_bytes": 0}
    _say(standing, ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in standing.items()), as_json)
    del server
    if not standing["receiving"] or standing["kept"] == "lost":
        raise SystemExit(1)


@group.command()
@embedded
@shelf
@as_json
def verify(embedded: Path | None, folder: Path, as_json: bool) -> None:
    """Read every base backup again and hold it against its manifest; read every part of the journal."""
    found, keys = Shelf.at(folder), keys_of(embedded)
    for base in found.bases():
        bases.verify(found, base, keys)
    parts = journal.verify(found, keys)
    missing = {base.name: found.missing_after(base) for base in found.bases()}
    lines = [f"{name}: whole" + (f", journal lacks {lack}" if lack else "") for name, lack in missing.items()]
    said = "\n".join([*(lines or ["no backup"]), f"journal: {parts} parts, whole"])
    _say({"whole": list(missing), "journal_missing": missing, "journal_parts": parts}, said, as_json)


@group.command()
@shelf
@click.option(
    "--keep-days",
    type=click.IntRange(min=1),
    default=30,
    show_default=True,
    help="How far back a moment can be restored.",
)
@as_json
def prune(folder: Path, keep_days: int, as_json: bool) -> None:
    """Delete what no moment of the last days needs. The newest base backup always stays."""
    old, segments = Shelf.at(folder).prune(timedelta(days=keep_days), datetime.now(UTC))
    answer = {"backups": [base.name for base in old], "journal_parts": len(segments)}
    _say(answer, f"{len(old)} backups and {len(segments)} parts of the journal deleted", as_json)


def keys_of(folder: Path | None) -> Keys:
    """The keys of backups: an embedded installation's, or the environment's. Raises SettingError.

    For practice there may be none; then it is said aloud.
    """
    keys = read_keys(Installation(folder).backup_keys() if folder else os.environ)
    if not keys:
        click.echo("Bản sao KHÔNG mã hoá: TIEMCHUNG_BACKUP_KEYS chưa đặt, chỉ dùng để tập.", err=True)
        click.echo("Backups are NOT encrypted: TIEMCHUNG_BACKUP_KEYS is not set. For practice only.", err=True)
    return keys


def source_of(folder: Path | None, population: bool) -> tuple[Any, Source]:
    """The server that is meant, and the lease that holds an embedded one up. Raises SettingError."""
    from tiemchung.ground.environment import MissingSettingError

    if folder:
        server = Installation(folder).server
        server.start()
        return server, Source(server.url("postgres"))
    name = "POPULATION_DATABASE_URL" if population else "DATABASE_URL"
    url = os.environ.get(name, "")
    if not url:
        raise MissingSettingError(name, "Give a postgresql:// address, or say --embedded.")
    return None, Source(url)


def _bar(quiet: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet)


def _lines(found: Shelf, until: datetime | None) -> list[str]:
    lines = [_line(base, found.missing_after(base)) for base in found.bases()]
    spans = found.restorable()
    parted = [f"can be restored: {_local(span.begin)} – {_local(span.end)}" for span in spans] if found.gaps() else []
    return [*(lines or ["no backup"]), f"journal up to {_local(until)}" if until else "no journal", *parted]


def _line(base: Base, lack: str | None) -> str:
    gap = f", but the journal lacks {lack}: take a new backup if this is the newest" if lack else ""
    return f"{base.name}  {base.bytes / 1e6:8,.0f} MB  restores from {_local(base.ended_at)} on{gap}"


def _local(moment: datetime) -> str:
    return moment.astimezone().isoformat(timespec="seconds")


def _say(answer: dict[str, Any], text: str, as_json: bool) -> None:
    click.echo(json.dumps(answer) if as_json else text)
