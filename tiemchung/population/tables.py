"""Files of citizens and officers as the register's owner keeps them: CSV in UTF-8, as Excel saves it too."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from tiemchung.population import refusals

OF_A_CITIZEN = ("full_name", "birth_date", "sex", "residence_code")
AMENDED = ("number", *OF_A_CITIZEN)
LOADED = ("number", "old_number", *OF_A_CITIZEN)
OFFICERS = ("username", "name", "commune", "password")


def rows(path: Path, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    """Give the rows of a file by these columns, without spaces at their ends; a cell that is not there is empty.

    A password stays as it is written: the sign-in page takes none of its spaces away.

    Raises InvalidInputError for a file that lacks a column, naming it, and for one that is not UTF-8.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            read = csv.DictReader(file)
            for absent in [name for name in columns if name not in (read.fieldnames or ())][:1]:
                raise refusals.table_without_column(absent, columns)
            for row in read:
                yield {name: _cell(name, row[name] or "") for name in columns}
    except (UnicodeDecodeError, csv.Error):
        raise refusals.table_unreadable(path.name) from None


def _cell(name: str, written: str) -> str:
    return written if name == "password" else written.strip()
