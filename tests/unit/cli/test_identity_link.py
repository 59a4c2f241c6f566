"""`tiemchung identity link`: two files and a configuration in, pairs out."""

import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from tests.unit.linkage.town import people, renamed, write
from tiemchung.cli.main import group

CONFIG = """
id: id
roles: {number: number, full_name: full_name, birth_date: birth_date, sex: sex, area: commune}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    town = people(60)
    write(tmp_path / "left.csv", renamed(town, "q"))
    write(tmp_path / "right.csv", town)
    write(tmp_path / "doubles.csv", [*town, *renamed(town[:5], "q")])
    (tmp_path / "link.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def run(folder: Path, *files: str, config: str = "link.yaml") -> Result:
    words = [str(folder / name) for name in files]
    options = ["--config", str(folder / config), "--out", str(folder / "pairs.csv"), "--json"]
    return CliRunner().invoke(group, ["identity", "link", *words, *options])


def pairs(folder: Path) -> list[tuple]:
    return duckdb.execute("SELECT left_id, right_id FROM read_csv(?)", [str(folder / "pairs.csv")]).fetchall()


def test_link_writes_the_pairs_of_two_files(folder: Path) -> None:
    answer = run(folder, "left.csv", "right.csv")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["automatic"] == 60
    assert pairs(folder) == [(f"q{place:05}", f"p{place:05}") for place in range(60)]


def test_link_of_one_file_finds_who_stands_in_it_twice(folder: Path) -> None:
    answer = run(folder, "doubles.csv")
    assert answer.exit_code == 0, answer.output
    assert sorted(map(sorted, pairs(folder))) == [[f"p{place:05}", f"q{place:05}"] for place in range(5)]


def test_link_names_what_it_cannot_use(folder: Path) -> None:
    (folder / "wrong.yaml").write_text("id: id\nroles: {full_name: full_name, sex: gender}\n", encoding="utf-8")
    answer = run(folder, "left.csv", "right.csv", config="wrong.yaml")
    assert answer.exit_code == 1
    assert "gender" in answer.output
    assert "Tệp left.csv không có cột" in answer.output
    assert not (folder / "pairs.csv").exists()
