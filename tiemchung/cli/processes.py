"""The processes of the platform: serve, worker, population, migrate. They refuse to start without their settings."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tiemchung.cli.installation import Installation

embedded = click.option(
    "--embedded",
    type=click.Path(path_type=Path, file_okay=False),
    is_flag=False,
    flag_value=Path(".run"),
    default=None,
    help="Bring a PostgreSQL of its own, kept in this folder (.run when none is named).",
)


HEALTH_SETTINGS = "tiemchung.ground.settings"


def prepare(folder: Path | None, settings: str = HEALTH_SETTINGS, *, as_owner: bool = False) -> Any:
    """Make Django ready in this process; gives the embedded server, whose lease lives as long as the process.

    As owner of the tables where they are made or restored, else as the application, which cannot change what only
    grows. Who has no second address (DATABASE_OWNER_URL) is the owner always.
    """
    server = Installation(folder).enter() if folder else None
    if as_owner:
        os.environ["DATABASE_URL"] = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL", "")
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    import django

    django.setup()
    return server


@click.command()
@embedded
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Processes that answer.")
@click.option("--tls-certificate", type=click.Path(exists=True, path_type=Path))
@click.option("--tls-key", type=click.Path(exists=True, path_type=Path))
def serve(
    embedded: Path | None,
    host: str,
    port: int,
    workers: int,
    tls_certificate: Path | None,
    tls_key: Path | None,
) -> None:
    """Serve the pages and the API of the health side."""
    server = prepare(embedded)
    _check_role()
    _granian("tiemchung.ground.wsgi:application", host, port, workers, tls_certificate, tls_key)
    del server


@click.command()
@embedded
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True)
def population(embedded: Path | None, host: str, port: int) -> None:
    """Serve the population side, in its own process with its own store."""
    server = prepare(embedded, "tiemchung.population.settings")
    _granian("tiemchung.population.wsgi:application", host, port, 1, None, None)
    del server


@click.command()
@embedded
def worker(embedded: Path | None) -> None:
    """Do what is due: population checks, passports, revocations."""
    server = prepare(embedded)
    _check_role()
    from django.core.management import call_command

    call_command("procrastinate", "worker")
    del server


@click.command()
@embedded
def migrate(embedded: Path | None) -> None:
    """Bring the database of the health side, and the embedded population side's, to this version's schema."""
    given = os.environ.get("DATABASE_URL", "")
    server = prepare(embedded, as_owner=True)
    application = Installation(embedded).environment()["DATABASE_URL"] if embedded else given
    from django.core.management import call_command

    from tiemchung.ground import roles
    from tiemchung.oversight import counting

    call_command("migrate", verbosity=0)
    roles.bind(os.environ["DATABASE_URL"], application)
    counting.go_on()
    if embedded:
        _migrate_population()
    del server


def _migrate_population() -> None:
    """The other side has settings of its own, so it needs a process of its own."""
    import subprocess
    import sys

    from tiemchung.ground import roles

    owner, application = os.environ["POPULATION_DATABASE_OWNER_URL"], os.environ["POPULATION_DATABASE_URL"]
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
    settings = {"DJANGO_SETTINGS_MODULE": "tiemchung.population.settings", "POPULATION_DATABASE_URL": owner}
    subprocess.run(command, env={**os.environ, **settings}, check=True)
    roles.bind(owner, application)


def _check_role() -> None:
    """Refuse to run with a role that could change what only grows, unless for practice or told to."""
    from django.conf import settings

    from tiemchung.ground import roles

    if not settings.PRACTICE and os.environ.get("TIEMCHUNG_ANY_ROLE") != "1":
        roles.check_bound()


@click.command()
def secret() -> None:
    """Print a new secret, for any setting that asks for one."""
    click.echo(secrets.token_urlsafe(48))


def _granian(target: str, host: str, port: int, workers: int, certificate: Path | None, key: Path | None) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    serve_forever: Callable[[], None] = Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        websockets=False,
        ssl_cert=certificate,
        ssl_key=key,
        log_access=False,
        respawn_failed_workers=True,
    ).serve
    serve_forever()
