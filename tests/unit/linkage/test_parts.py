"""Matching in parts: bounded, and going on after it was killed."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tests.unit.linkage.test_link import CONFIG, TOWN
from tests.unit.linkage.town import renamed, write
from tiemchung.linkage import link as module
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.link import link

PARTS = LinkConfig.of(CONFIG | {"once": "right"})


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    spoilt = [replace(row, number="") if place % 3 else row for place, row in enumerate(renamed(TOWN, "q"))]
    return write(tmp_path / "left.csv", spoilt), write(tmp_path / "right.csv", TOWN)


def rows(path: Path) -> list[tuple]:
    return duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()


def test_parts_decide_like_the_whole(files: tuple[Path, Path], tmp_path: Path) -> None:
    """What is learnt from one part differs a little from what is learnt from all, so probabilities may, too."""
    summaries = [link(*files, PARTS, tmp_path / f"{parts}.parquet", parts=parts) for parts in (1, 4)]
    whole, in_parts = ({row[:2] for row in rows(tmp_path / f"{parts}.parquet")} for parts in (1, 4))
    assert whole == in_parts
    assert summaries[0].candidate_pairs == summaries[1].candidate_pairs


def test_a_killed_run_goes_on_where_it_stood(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(*files, PARTS, tmp_path / "at-once.parquet", parts=4)
    work, out, said = tmp_path / "work", tmp_path / "out.parquet", []
    with monkeypatch.context() as broken:
        broken.setattr(module.Scoring, "run", _dying_at(3, module.Scoring.run))
        with pytest.raises(RuntimeError):
            link(*files, PARTS, out, parts=4, work=work)
    assert not out.exists()
    link(*files, PARTS, out, parts=4, work=work, told=said.append)
    assert said == ["part 1 of 4: done before", "part 2 of 4: done before", "part 3 of 4", "part 4 of 4"]
    assert rows(out) == rows(tmp_path / "at-once.parquet")


def _dying_at(turn: int, work: object) -> object:
    turns = iter(range(1, turn + 1))

    def dying(*given: object) -> object:
        if next(turns) == turn:
            raise RuntimeError("killed")
        return work(*given)  # type: ignore[operator]

    return dying


def test_a_folder_of_another_run_is_left_alone(files: tuple[Path, Path], tmp_path: Path) -> None:
    work = tmp_path / "work"
    link(*files, PARTS, tmp_path / "out.parquet", parts=2, work=work)
    with pytest.raises(LinkageError) as refused:
        link(*files, PARTS, tmp_path / "out.parquet", parts=3, work=work)
    assert refused.value.code == "work_of_another_run"


def test_parts_are_refused_where_their_records_would_compete(files: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(LinkageError) as refused:
        link(*files, LinkConfig.of(CONFIG | {"once": "both"}), tmp_path / "out.parquet", parts=2)
    assert (refused.value.code, refused.value.field) == ("parts_compete", "once")
    assert not (tmp_path / "out.parquet").exists()
