"""The commands for the embedded database server: start, stop, status, shell, url."""

import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import click

from tiemchung.ground.embedded.programs import programs
from tiemchung.ground.embedded.server import EmbeddedServer, ServerStatus

folder = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".run/pg"),
    show_default=True,
    help="Where the server keeps its data.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
name = click.argument("name", default="tiemchung")


@click.group()
def group() -> None:
    """The database server that comes with the platform."""


@group.command()
@folder
@as_json
@click.option("--port", type=click.IntRange(1024, 65535), help="Open this TCP port of 127.0.0.1 too, with a password.")
@click.option("--linger", type=click.FloatRange(min=0), help="Stop after so many seconds without users.")
@click.option("--version", type=int, help="PostgreSQL's major version; that of the data, or else 18.")
def start(folder: Path, as_json: bool, port: int | None, linger: float | None, version: int | None) -> None:
    """Start the server, or find it running. It stays until it is stopped, unless --linger is given."""
    server = EmbeddedServer(folder, version=version, tcp_port=port, linger=linger)
    server.start()
    _show(server.status(), as_json)


@group.command()
@folder
@as_json
def stop(folder: Path, as_json: bool) -> None:
    """Stop the server, cleanly if it lets us."""
    server = EmbeddedServer(folder)
    if server.stop() == "immediate":
        click.echo("Không dừng kịp trong một phút nên đã dừng ngay; lần chạy sau sẽ tự khôi phục.", err=True)
        click.echo("It did not stop within a minute and was cut off; the next start recovers by itself.", err=True)
    _show(server.status(), as_json)


@group.command()
@folder
@as_json
def status(folder: Path, as_json: bool) -> None:
    """Say whether the server runs, and how."""
    _show(EmbeddedServer(folder).status(), as_json)


@group.command()
@folder
@name
@click.option("--tcp", is_flag=True, help="The address over TCP, with its password.")
def url(folder: Path, name: str, tcp: bool) -> None:
    """Write the address of a database, for DATABASE_URL."""
    server = EmbeddedServer(folder)
    click.echo(server.tcp_url(name) if tcp else server.url(name))


@group.command()
@folder
@name
def shell(folder: Path, name: str) -> None:
    """Open psql on a database; the server runs at least as long."""
    server = EmbeddedServer(folder)
    server.start()
    sys.exit(subprocess.call([str(programs(server.orders.version) / "psql"), server.url(name)]))


def _show(found: ServerStatus, as_json: bool) -> None:
    if as_json:
        click.echo(found.as_json())
        return
    for key, value in asdict(found).items():
        if value is not None:
            click.echo(f"{key.replace('_', ' '):16} {value}")
