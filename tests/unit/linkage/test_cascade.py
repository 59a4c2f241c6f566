"""Who leaves the search early, and who is not weighed one by one, is decided as if he had gone all the way."""

import math
from dataclasses import replace
from pathlib import Path
from random import Random

import duckdb
import pytest

from tests.unit.linkage.test_link import CONFIG
from tests.unit.linkage.town import Row, people, renamed, write
from tiemchung.linkage.calibration import Calibration
from tiemchung.linkage.candidates import Search
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.link import link
from tiemchung.linkage.scoring import Scoring
from tiemchung.vietnam.names import fold


@pytest.fixture(params=[(seed, once) for seed in (1, 2) for once in ("right", "both", "neither")], ids=str)
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path, LinkConfig]:
    """A town as it was written down in haste: slips, other people's numbers, doubles, people of other towns."""
    seed, once = request.param
    chance = Random(seed)
    town = people(1500, seed=seed)
    left = [_spoilt(row, town, chance) for row in renamed(town[:1200], "q")]
    twice = [replace(row, id=f"z{place:05}") for place, row in enumerate(left[:20])]
    strangers = [replace(row, id="s" + row.id) for row in people(40, seed=seed + 100)]
    files = write(tmp_path / "left.csv", [*left, *twice, *strangers]), write(tmp_path / "right.csv", town)
    return *files, LinkConfig.of(CONFIG | {"once": once})


def _spoilt(row: Row, town: list[Row], chance: Random) -> Row:
    day, month, year = row.birth_date.split("/")
    return chance.choice(
        [
            row,
            row,
            replace(row, full_name=fold(row.full_name)),
            replace(row, full_name=" ".join(reversed(row.full_name.split()))),
            replace(row, number=""),
            replace(row, number="", birth_date=f"01/01/{year}"),
            replace(row, number=chance.choice(town).number),
            replace(row, number=row.number[:-1] + str((int(row.number[-1]) + 1) % 10)),
            replace(row, birth_date=f"{day}/{month}/{int(year) - 1}", commune="99999"),
        ]
    )


def _decided(asked: tuple[Path, Path, LinkConfig], out: Path) -> list[tuple]:
    link(*asked, out)
    return duckdb.execute("SELECT * FROM read_parquet(?) ORDER BY ALL", [str(out)]).fetchall()


@pytest.mark.parametrize("calibration", [None, Calibration(((0.0, 0.0), (0.9, 0.8), (0.9999, 0.99995)))], ids=str)
def test_a_pair_beyond_doubt_is_decided_as_if_it_had_been_weighed(
    asked: tuple[Path, Path, LinkConfig],
    calibration: Calibration | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left, right, config = asked
    calibrated = left, right, replace(config, calibration=calibration)
    unweighed = []

    def counted(self: Scoring) -> None:
        decide(self)
        unweighed.extend(self._store.execute("SELECT l FROM beyond_doubt"))

    decide = Scoring._decide
    with monkeypatch.context() as watched:
        watched.setattr(Scoring, "_decide", counted)
        short = _decided(calibrated, tmp_path / "short.parquet")
    assert len(unweighed) > 100
    monkeypatch.setattr(Scoring, "_doubtless_bits", lambda *_: math.inf)
    assert short == _decided(calibrated, tmp_path / "long.parquet")


def test_who_leaves_the_search_early_would_have_found_nobody_better(
    asked: tuple[Path, Path, LinkConfig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = {
        left: right
        for left, right, _, decision, _ in _decided(asked, tmp_path / "early.parquet")
        if decision == "automatic"
    }
    monkeypatch.setattr(Search, "_settled", lambda *_: "FALSE")
    late = _decided(asked, tmp_path / "late.parquet")
    best = {left: right for left, right, _, _, _ in sorted(late, key=lambda row: row[2])}
    assert len(early) > 500
    assert {left: best[left] for left in early} == early
