"""The portal's figures by province of 5 August 2021: reference data for denominators and for practice runs."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache

from tiemchung.vietnam.reference import reference_file

AS_OF = date(2021, 8, 5)


@dataclass(frozen=True, slots=True)
class ProvinceFigures:
    """One province's public figures; people and doses are counts, `province_code` is the two-digit GSO code."""

    province_code: str
    name: str
    population: int
    population_18_plus: int
    vaccination_sites: int
    first_doses: int
    second_doses: int
    doses_allocated: int
    doses_planned: int

    @property
    def doses(self) -> int:
        """All doses that the portal showed as given."""
        return self.first_doses + self.second_doses


@cache
def province_figures() -> dict[str, ProvinceFigures]:
    """All 63 provinces by GSO code, from reference_data/provinces_2021-08-05.csv (its source stands beside it)."""
    with reference_file("provinces_2021-08-05.csv").open(encoding="utf-8", newline="") as file:
        return {row["province_code"]: _figures(row) for row in csv.DictReader(file)}


def _figures(row: dict[str, str]) -> ProvinceFigures:
    counts = {column: int(value) for column, value in row.items() if column not in ("province_code", "name")}
    return ProvinceFigures(row["province_code"], row["name"], **counts)
