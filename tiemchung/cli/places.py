"""`tiemchung places`: bring in the country's areas, open facilities."""

from pathlib import Path

import click

from tiemchung.cli.processes import embedded, prepare

KINDS = ("commune_station", "district_centre", "hospital", "cdc", "mobile")


@click.group()
def group() -> None:
    """Areas and facilities."""


@group.command()
@embedded
def load(embedded: Path | None) -> None:
    """Bring in provinces, districts, communes and the provinces' figures. Again is harmless."""
    server = prepare(embedded)
    from tiemchung.places import actions

    areas, figures = actions.load_areas(by=None), actions.load_province_figures(by=None)
    click.echo(f"{areas} areas, {figures} province figures")
    del server


@group.command("open-facility")
@embedded
@click.option("--code", required=True, help="By which it is known, such as 01001.")
@click.option("--name", required=True, help="As people call it.")
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True, help="What it is.")
@click.option("--commune", required=True, help="Code of its commune, five digits.")
@click.option("--address", required=True, help="Street and house, as the invitation says it.")
@click.option("--tables", type=click.IntRange(1, 100), default=2, show_default=True, help="Injection tables.")
@click.option("--daily-capacity", type=click.IntRange(1, 20_000), default=200, show_default=True, help="Doses a day.")
def open_facility(
    embedded: Path | None,
    code: str,
    name: str,
    kind: str,
    commune: str,
    address: str,
    tables: int,
    daily_capacity: int,
) -> None:
    """Open a facility in a commune. A code that is taken is refused."""
    server = prepare(embedded)
    from tiemchung.places import actions
    from tiemchung.places.models import Facility

    facility = actions.open_facility(
        code=code,
        name=name,
        kind=Facility.Kind(kind),
        area_code=commune,
        address=address,
        tables=tables,
        daily_capacity=daily_capacity,
        by=None,
    )
    click.echo(f"{facility.code} {facility.name}: opened")
    del server
