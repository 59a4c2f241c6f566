"""`tiemchung campaigns`: open a campaign."""

from datetime import datetime
from pathlib import Path

import click

from tiemchung.cli.processes import embedded, prepare

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def group() -> None:
    """Campaigns."""


@group.command("open")
@embedded
@click.option("--code", required=True, help="By which it is known, such as covid19-2021-22.")
@click.option("--name-vi", required=True, help="Its name in Vietnamese.")
@click.option("--name-en", required=True, help="Its name in English.")
@click.option("--starts-on", type=DAY, required=True, help="First day, 2021-07-10.")
@click.option("--ends-on", type=DAY, help="Last day; open without one.")
def open_campaign(
    embedded: Path | None, code: str, name_vi: str, name_en: str, starts_on: datetime, ends_on: datetime | None
) -> None:
    """Open a campaign under the rules for Covid-19 vaccines. The same code again changes nothing."""
    if ends_on and ends_on < starts_on:
        raise click.BadParameter("lies before --starts-on.", param_hint="--ends-on")
    server = prepare(embedded)
    from tiemchung.campaigns import actions

    campaign = actions.open_campaign(
        code=code,
        name_vi=name_vi,
        name_en=name_en,
        starts_on=starts_on.date(),
        ends_on=ends_on.date() if ends_on else None,
        by=None,
    )
    click.echo(f"{campaign.code}: open from {campaign.starts_on}")
    del server
