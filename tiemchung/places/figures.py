"""What did the national portal show of each province? Dated figures with their source, read from reference data."""

import csv
from pathlib import Path
from typing import Any

import yaml

from tiemchung.places.models import ProvinceFigure

NOTE = Path(__file__).resolve().parents[2] / "reference_data" / "provinces_2021-08-05.yaml"


def read(note: Path = NOTE) -> list[ProvinceFigure]:
    """Read the table that the note describes, one row a province; nothing is saved. Counts of people, sites, doses."""
    about: dict[str, Any] = yaml.safe_load(note.read_text(encoding="utf8"))
    with note.with_name(about["file"]).open(encoding="utf8", newline="") as table:
        return [_figure(row, about) for row in csv.DictReader(table)]


def _figure(row: dict[str, str], about: dict[str, Any]) -> ProvinceFigure:
    once, twice = int(row["first_doses"]), int(row["second_doses"])
    return ProvinceFigure(
        province_id=row["province_code"],
        as_of=about["as_of"],
        population=int(row["population"]),
        population_18_plus=int(row["population_18_plus"]),
        sites=int(row["vaccination_sites"]),
        doses=once + twice,
        people_once=once,
        people_twice=twice,
        allocated=int(row["doses_allocated"]),
        planned=int(row["doses_planned"]),
        source=" ".join(about["source"].split())[:250],
    )
