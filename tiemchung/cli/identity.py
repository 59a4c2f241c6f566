"""`tiemchung identity`: ask the population side, see how identities stand."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tiemchung.cli.identity_evaluate import calibrate, evaluate
from tiemchung.cli.identity_link import link
from tiemchung.cli.processes import embedded, prepare

if TYPE_CHECKING:
    from tiemchung.cleaning.funnel import Funnel


@click.group()
def group() -> None:
    """Population checks and matching."""


for command in (link, evaluate, calibrate):
    group.add_command(command)


@group.command("check-due")
@embedded
def check_due(embedded: Path | None) -> None:
    """Ask about everybody who is unchecked, until none is left or nobody answers."""
    server = prepare(embedded)
    from tiemchung.identity import actions

    click.echo(f"{actions.check_due(by=None)} answered")
    del server


@group.command()
@embedded
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.option("--by-province", is_flag=True, help="A line for each province too.")
@click.option("--keep", is_flag=True, help="Keep the counts as today's, for the table day by day.")
def funnel(embedded: Path | None, as_json: bool, by_province: bool, keep: bool) -> None:
    """The verification table of 22 March 2022, live: sent, with a number, right, wrong, unchecked, by cause."""
    server = prepare(embedded)
    from tiemchung.cleaning import actions_funnel
    from tiemchung.cleaning import funnel as table

    everywhere: dict[str, list[str] | None] = {"communes": None, "facilities": None}
    if keep:
        actions_funnel.take_funnel()
    provinces, by_cause = table.live(everywhere), table.live_kinds(everywhere)
    whole, kinds = table.total(provinces), table.over_provinces(by_cause)
    if as_json:
        rows = [
            {"province": one.province, **one.counts, "causes": _causes(by_cause, one.province)} for one in provinces
        ]
        found = {**whole.counts, "without_number": whole.without_number, "causes": _causes(kinds)}
        click.echo(json.dumps(found | ({"provinces": rows} if by_province else {})))
    else:
        _print_funnel(whole, kinds, provinces if by_province else [])
    del server


def _causes(rows: list[dict[str, Any]], *provinces: str | None) -> list[dict[str, Any]]:
    """Field, kind and tasks of each row, of one province or of all."""
    shown = [row for row in rows if not provinces or row["province"] in provinces]
    return [{name: row[name] for name in ("field", "kind", "tasks")} for row in shown]


@group.command("export-batch")
@embedded
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--form",
    type=click.Choice(["parquet", "csv"]),
    default="parquet",
    show_default=True,
    help="Of the files of questions.",
)
@click.option("--limit", type=click.IntRange(1), default=2_000_000, show_default=True, help="Questions at most.")
def export_batch(embedded: Path | None, folder: Path, form: str, limit: int) -> None:
    """Write everybody who is unchecked into FOLDER for the population side; an unfinished batch goes on."""
    server = prepare(embedded)
    from tiemchung.identity import actions_batches

    batch = actions_batches.export(folder=folder, by=None, form=form, limit=limit)
    click.echo(f"batch {batch.pk} in {folder}")
    del server


@group.command("import-answers")
@embedded
@click.argument("folder", type=click.Path(exists=True, path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def import_answers(embedded: Path | None, folder: Path, as_json: bool) -> None:
    """Take in the population side's answers to a batch; taking them in twice changes nothing."""
    server = prepare(embedded)
    from tiemchung.identity import actions_batches

    found = actions_batches.import_answers(folder=folder, by=None).__dict__
    click.echo(json.dumps(found) if as_json else "\n".join(f"{name:<12}{count:>12}" for name, count in found.items()))
    del server


@group.command("import-changes")
@embedded
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
def import_changes(embedded: Path | None, file: Path) -> None:
    """Ask anew about whom the population side's signed list of changes is about."""
    server = prepare(embedded)
    from tiemchung.identity import actions_batches

    count = actions_batches.import_changes(path=file, by=None)
    click.echo(f"{count} persons are asked anew; the next list begins after {actions_batches.last_change()}")
    del server


def _print_funnel(whole: "Funnel", kinds: list[dict[str, Any]], provinces: list["Funnel"]) -> None:
    from tiemchung.cleaning.funnel import NATION_2022

    click.echo(f"{'':<16}{'people':>12}{'share':>9}{'22/3/2022':>11}")
    for name in ("sent", "with_number", "without_number", "malformed", "right", "wrong", "unchecked"):
        then = NATION_2022.share(name)
        click.echo(f"{name:<16}{getattr(whole, name):>12}{whole.share(name):>9.1%}{then:>11.1%}")
    for row in kinds:
        click.echo(f"  {row['field']}: {row['kind']:<24}{row['tasks']:>10}")
    for one in provinces:
        click.echo(f"{one.province or '-':<4}{one.sent:>12}{one.right:>12}{one.wrong:>12}{one.unchecked:>12}")
