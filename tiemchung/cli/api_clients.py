"""`tiemchung api-clients`: programs of others that call the API."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import click

from tiemchung.cli.accounts import ROLES
from tiemchung.cli.found import facility
from tiemchung.cli.processes import embedded, prepare


@click.group()
def group() -> None:
    """Programs of others that call the API."""


@group.command("open")
@embedded
@click.option("--username", required=True, help="Of the account that it acts as.")
@click.option("--name", required=True, help="The program and whose it is.")
@click.option("--role", type=click.Choice(ROLES), required=True, help="It acts within this role's rights and scope.")
@click.option("--facility", "code", help="Code of the facility that bounds it.")
@click.option("--area", help="GSO code of the area that bounds it.")
@click.option("--contact", required=True, help="Whom to call when it misbehaves.")
@click.option("--page", "pages", multiple=True, required=True, help="Endpoint by URL name, such as api:events; repeat.")
@click.option("--per-minute", default=60, show_default=True, help="Requests.")
@click.option("--per-day", default=5000, show_default=True, help="Requests.")
@click.option("--days", default=366, show_default=True, help="How long the first key holds.")
def open_one(
    embedded: Path | None,
    username: str,
    name: str,
    role: str,
    code: str | None,
    area: str | None,
    contact: str,
    pages: tuple[str, ...],
    per_minute: int,
    per_day: int,
    days: int,
) -> None:
    """Open a program and print its id and its key, once."""
    server = prepare(embedded)
    from tiemchung.accounts.actions_clients import open_client
    from tiemchung.accounts.models import Role

    made = open_client(
        username=username,
        display_name=name,
        role=Role(role),
        facility_id=facility(code).id if code else None,
        area_code=area,
        contact=contact,
        pages=list(pages),
        per_minute=per_minute,
        per_day=per_day,
        holds=timedelta(days=days),
        by=None,
    )
    click.echo(f"{made.client.id}\t{made.key}")
    del server


@group.command("list")
@embedded
def listed(embedded: Path | None) -> None:
    """Name all programs, with what bounds them and how much they used today."""
    server = prepare(embedded)
    from tiemchung.accounts import policy, quotas
    from tiemchung.accounts.actions_quotas import used

    for client in policy.clients_administered(None).order_by("account__username"):
        account = client.account
        today = used(account.id, quotas.of_client(client.per_minute, client.per_day))["api_day"]
        place = account.facility or account.area or "nation"
        state = "revoked" if client.revoked_at else f"{today}/{client.per_day} today"
        click.echo(f"{client.id}\t{account.username}\t{account.role}\t{place}\t{','.join(client.pages)}\t{state}")
    del server


@group.command("rotate")
@embedded
@click.argument("client", type=click.UUID)
@click.option("--overlap-days", default=7, show_default=True, help="How long the key in use goes on.")
@click.option("--at-once", is_flag=True, help="The keys in use leaked: refuse them from now on.")
def rotate(embedded: Path | None, client: UUID, overlap_days: int, at_once: bool) -> None:
    """Make a new key for a program and print it, once."""
    server = prepare(embedded)
    from tiemchung.accounts.actions_clients import rotate_key

    made = rotate_key(client_id=client, by=None, overlap=timedelta(days=overlap_days), at_once=at_once)
    click.echo(made.key)
    del server


@group.command("revoke")
@embedded
@click.argument("client", type=click.UUID)
def revoke(embedded: Path | None, client: UUID) -> None:
    """Shut a program with all its keys, for good."""
    server = prepare(embedded)
    from tiemchung.accounts.actions_clients import revoke_client

    click.echo(f"{revoke_client(client_id=client, by=None).account.username}: revoked")
    del server
