"""The `tiemchung` command: which word calls which file. Exit codes: 0 done, 1 refused with a reason, 2 wrong use."""

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from tiemchung import __version__

if TYPE_CHECKING:
    from tiemchung.ground.errors import RefusedError

COMMANDS = {
    "accounts": "tiemchung.cli.accounts:group",
    "api-clients": "tiemchung.cli.api_clients:group",
    "audit": "tiemchung.cli.audit:group",
    "backup": "tiemchung.cli.backup:group",
    "bench": "tiemchung.cli.bench:bench",
    "campaigns": "tiemchung.cli.campaigns:group",
    "data-keys": "tiemchung.cli.data_keys:group",
    "database": "tiemchung.cli.database:group",
    "demo": "tiemchung.cli.demo:demo",
    "dosing": "tiemchung.cli.dosing:group",
    "hcert": "tiemchung.cli.hcert:group",
    "identity": "tiemchung.cli.identity:group",
    "import": "tiemchung.cli.importing:group",
    "keys": "tiemchung.cli.keys:group",
    "migrate": "tiemchung.cli.processes:migrate",
    "people": "tiemchung.cli.people:group",
    "passports": "tiemchung.cli.passports:group",
    "places": "tiemchung.cli.places:group",
    "population": "tiemchung.cli.population:group",
    "privacy": "tiemchung.cli.privacy:group",
    "restore": "tiemchung.cli.restore:restore",
    "secret": "tiemchung.cli.processes:secret",
    "serve": "tiemchung.cli.serving:serve",
    "tls": "tiemchung.cli.serving:group",
    "simulate": "tiemchung.cli.simulate:group",
    "worker": "tiemchung.cli.processes:worker",
}


class Commands(click.Group):
    """Loads a command's file only when it is called, so that the libraries' commands start without Django."""

    def list_commands(self, _: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        address = COMMANDS.get(cmd_name)
        if address is None:
            return None
        module, name = address.split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=Commands, context_settings={"max_content_width": 110})
@click.version_option(__version__)
def group() -> None:
    """The national vaccination platform. To see it at work: tiemchung demo.

    Exit codes: 0 done, 1 refused with a reason, 2 wrong use.
    """


def main() -> None:
    """Run a command; what the platform refuses is said in words and ends with exit code 1."""
    from tiemchung.ground.environment import SettingError
    from tiemchung.ground.errors import RefusedError

    try:
        group()
    except RefusedError as error:
        _say(error)
    except SettingError as error:
        click.echo(str(error), err=True)
    except Exception as error:
        if not type(error).__module__.startswith("django.db."):
            raise
        from tiemchung.cli.database_errors import refusal_of

        if not (refused := refusal_of(error, _database_setting())):
            raise
        _say(refused)
    sys.exit(1)


def _say(error: "RefusedError") -> None:
    click.echo(f"{error.field or error.code}: {error.vi}\n{error.en}", err=True)


def _database_setting() -> str:
    """By which setting the side whose command this is finds its database."""
    settings = os.environ.get("DJANGO_SETTINGS_MODULE", "")
    return "POPULATION_DATABASE_URL" if settings.startswith("tiemchung.population") else "DATABASE_URL"


if __name__ == "__main__":
    main()
