"""Numbers that lead from one register to the other: any of a person's, and none that only fills a box."""

from dataclasses import replace
from pathlib import Path
from random import Random

from tests.unit.linkage.test_link import CONFIG, run
from tests.unit.linkage.town import Row, people, renamed
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.link import link

FILLER = "123456789012"
TOWN = people(1200, seed=3)


def filled(rows: list[Row], number: int) -> list[Row]:
    return [replace(row, number=FILLER) if place < number else row for place, row in enumerate(rows)]


def namesakes(rows: list[Row]) -> list[Row]:
    """Other people of the same names, sexes and communes, born on other days."""
    chance = Random(5)
    return [replace(row, id="s" + row.id[1:], birth_date=chance.choice(TOWN).birth_date) for row in rows]


def test_who_shares_only_a_number_that_fills_the_box_is_linked_to_nobody(tmp_path: Path) -> None:
    right = filled(TOWN, 200)
    _, found = run(tmp_path, [*namesakes(right[:200]), *renamed(TOWN[400:], "q")], right, CONFIG | {"once": "right"})
    strangers = [row for left, rows in found.items() if left.startswith("s") for row in rows]
    assert strangers
    assert [row for row in strangers if row[2] == "automatic" or "number:" in row[3]] == []


def test_beside_a_number_that_fills_the_box_a_persons_other_number_counts(tmp_path: Path) -> None:
    left, right = _two_numbers(tmp_path, first=FILLER)
    found = _reasons(tmp_path, left, right)
    assert (found["q00007"], found["q00300"]) == ("number:same", "number:same")


def test_a_number_counts_where_the_first_column_is_empty(tmp_path: Path) -> None:
    left, right = _two_numbers(tmp_path, first="")
    found = _reasons(tmp_path, left, right)
    assert (found["q00007"], found["q00300"]) == ("number:same", "number:same")


def _two_numbers(folder: Path, first: str) -> tuple[Path, Path]:
    """Of the first 200 people the left has another name, and the first column says `first`."""
    paths = folder / "left.csv", folder / "right.csv"
    for path, beginning in zip(paths, "qp", strict=True):
        with path.open("w", encoding="utf-8") as out:
            out.write("id,number,old,full_name,birth_date,sex,commune\n")
            for place, row in enumerate(renamed(TOWN, beginning)):
                number = first if place < 200 else row.number
                name = "Lý Văn Sửu" if beginning == "q" and place < 200 else row.full_name
                own = f"{row.id},{number},{271_000_000 + place},{name}"
                out.write(f"{own},{row.birth_date},{row.sex},{row.commune}\n")
    return paths


def _reasons(folder: Path, left: Path, right: Path) -> dict[str, str]:
    config = LinkConfig.of(CONFIG | {"once": "right", "roles": CONFIG["roles"] | {"number": ["number", "old"]}})
    out = folder / "pairs.csv"
    link(left, right, config, out)
    rows = (line.split(",") for line in out.read_text(encoding="utf-8").splitlines()[1:])
    return {
        one: next((part for part in reasons.split("; ") if part.startswith("number:")), "")
        for one, other, _, _, reasons in rows
        if one[1:] == other[1:]
    }
