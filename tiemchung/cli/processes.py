"""The processes of the platform but `serve`: worker, population, migrate. Without their settings they do not start."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tiemchung.cli.answering import run_granian
from tiemchung.cli.installation import OWNER_ADDRESSES, Installation
from tiemchung.ground.backups.keys import SETTING as BACKUP_KEYS
from tiemchung.ground.environment import MissingSettingError
from tiemchung.ground.errors import ConflictError

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
        given = Installation(folder).owner_addresses() if folder else os.environ
        os.environ["DATABASE_URL"] = given.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL", "")
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    import django

    django.setup()
    return server


@click.command()
@embedded
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0: all of the machine's."
)
@click.option("--port", default=8001, show_default=True, help="Port to listen on.")
def population(embedded: Path | None, host: str, port: int) -> None:
    """Serve the population side, in its own process with its own store."""
    server = prepare(embedded, "tiemchung.population.settings")
    check_role("POPULATION_DATABASE_URL", "tiemchung population migrate")
    run_granian("tiemchung.population.wsgi:application", host, port, 1)
    del server


@click.command()
@embedded
def worker(embedded: Path | None) -> None:
    """Do what is due: population checks, passports, revocations."""
    server = prepare(embedded)
    check_role()
    from django.core.management import call_command

    call_command("procrastinate", "worker")
    del server


@click.command()
@embedded
@click.option("--before", "when", flag_value="before", help="Only what the version that still serves can live with.")
@click.option("--after", "when", flag_value="after", default=True, help="Everything: no older version serves any more.")
def migrate(embedded: Path | None, when: str) -> None:
    """Bring the database of the health side, and the embedded population side's, to this version's schema.

    While an older version still serves: first --before, then roll out, then --after (docs/guide/upgrade.md).
    """
    given = os.environ.get("DATABASE_URL", "")
    server = prepare(embedded, as_owner=True)
    application = Installation(embedded).environment()["DATABASE_URL"] if embedded else given
    from django.core.management import call_command

    from tiemchung.ground import roles, upgrades
    from tiemchung.oversight import counting

    upgrades.run(when, lambda told: click.echo(told, err=True))
    if when == "after":
        call_command("migrate", verbosity=0)  # nothing is left to apply; permissions and content types follow
    roles.bind(os.environ["DATABASE_URL"], application)
    counting.go_on()
    if embedded:
        migrate_population(embedded)
    del server


def migrate_population(folder: Path | None) -> None:
    """Bring the population side's database to this version's schema. Its settings need a process of their own.

    `folder` is of an embedded installation. Raises MissingSettingError where one of the two addresses is missing.
    """
    import subprocess
    import sys

    from tiemchung.ground import roles

    given = {**os.environ, **(Installation(folder).owner_addresses() if folder else {})}
    owner, application = (_address(given, f"POPULATION_DATABASE_{name}") for name in ("OWNER_URL", "URL"))
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
    settings = {"DJANGO_SETTINGS_MODULE": "tiemchung.population.settings", "POPULATION_DATABASE_URL": owner}
    subprocess.run(command, env={**os.environ, **settings}, check=True)
    roles.bind(owner, application)


def _address(given: Mapping[str, str], name: str) -> str:
    if not (address := given.get(name)):
        raise MissingSettingError(name, "Give a postgresql:// address, or start with --embedded.")
    return address


def check_no_owner() -> None:
    """Refuse to serve with an owner's address in the environment, of either side: whoever breaks in finds it there."""
    given = next((name for name in OWNER_ADDRESSES if os.environ.get(name)), None)
    if given and os.environ.get("TIEMCHUNG_ANY_ROLE") != "1":
        raise ConflictError(
            "owner_address_given",
            field=given,
            vi=f"{given} chỉ dành cho tiemchung migrate và data-keys rotate. Bỏ biến này khỏi môi trường của tiến "
            "trình phục vụ; xem docs/guide/run.md.",
            en=f"{given} is for tiemchung migrate and data-keys rotate alone. Take it out of the environment of what "
            "serves; see docs/guide/run.md.",
        )


def check_no_backup_keys() -> None:
    """Refuse to serve with the keys of backups in the environment: they open everything, and no page needs them."""
    if os.environ.get(BACKUP_KEYS):
        raise ConflictError(
            "backup_keys_given",
            field=BACKUP_KEYS,
            vi=f"{BACKUP_KEYS} chỉ dành cho tiemchung backup và restore. Bỏ biến này khỏi môi trường của tiến trình "
            "phục vụ; xem docs/guide/restore.md.",
            en=f"{BACKUP_KEYS} is for tiemchung backup and restore alone. Take it out of the environment of what "
            "serves; see docs/guide/restore.md.",
        )


def check_role(address: str = "DATABASE_URL", migrate: str = "tiemchung migrate") -> None:
    """Refuse to run with a role that could change what only grows, unless for practice or told to.

    `address` is the setting that holds the role's address, `migrate` the command that gives it its rights.
    """
    from django.conf import settings

    from tiemchung.ground import roles

    check_no_owner()
    check_no_backup_keys()
    if not settings.PRACTICE and os.environ.get("TIEMCHUNG_ANY_ROLE") != "1":
        roles.check_bound(address, migrate)


@click.command()
def secret() -> None:
    """Print a new secret, for any setting that asks for one."""
    click.echo(secrets.token_urlsafe(48))
