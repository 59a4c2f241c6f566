"""A matching run that is killed goes on where it stood, and loses nothing that it had finished."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb

from tests.unit.linkage.town import people, renamed, write

CONFIG = """
id: id
roles: {number: number, full_name: full_name, birth_date: birth_date, sex: sex, area: commune}
once: right
"""


def start(folder: Path, work: str, out: str) -> "subprocess.Popen[str]":
    words = ["identity", "link", folder / "left.csv", folder / "right.csv", "--config", folder / "link.yaml"]
    options = ["--out", folder / out, "--parts", "6", "--work", folder / work, "--json"]
    command = [sys.executable, "-m", "tiemchung.cli.main", *map(str, (*words, *options))]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_run_killed_in_the_middle_gives_the_same_pairs_when_it_is_run_again(tmp_path: Path) -> None:
    town = people(400)
    write(tmp_path / "left.csv", renamed(town, "q"))
    write(tmp_path / "right.csv", town)
    (tmp_path / "link.yaml").write_text(CONFIG, encoding="utf-8")
    undisturbed = start(tmp_path, "whole", "whole.parquet")
    assert undisturbed.communicate()[1].count("\n") == 7
    killed = start(tmp_path, "work", "pairs.parquet")
    assert killed.stderr
    for line in killed.stderr:
        if line.startswith("part 3"):
            killed.kill()
            break
    killed.communicate()
    assert not (tmp_path / "pairs.parquet").exists()
    again = start(tmp_path, "work", "pairs.parquet")
    summary, said = again.communicate()
    assert "part 2 of 6: done before" in said
    assert json.loads(summary)["automatic"] == 400
    read = [
        duckdb.execute("SELECT * FROM read_parquet(?)", [str(tmp_path / name)]).fetchall()
        for name in ("whole.parquet", "pairs.parquet")
    ]
    assert read[0] == read[1]
