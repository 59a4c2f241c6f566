"""Files of citizens as the register's owner keeps them: CSV in UTF-8, as Excel saves it too."""

import csv
from collections.abc import Iterator
from pathlib import Path

from tiemchung.population import refusals

AMENDED = ("number", "full_name", "birth_date", "sex", "residence_code")


def amendments(path: Path) -> Iterator[dict[str, str]]:
    """Give the rows of a file of amendments; a cell that is not there is empty.

    Raises InvalidInputError for a file that lacks a column, naming it.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        for absent in [name for name in AMENDED if name not in (rows.fieldnames or ())][:1]:
            raise refusals.table_without_column(absent)
        for row in rows:
            yield {name: (row[name] or "").strip() for name in AMENDED}
