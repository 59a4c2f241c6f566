"""How sure is a counted share?"""

import pytest

from tiemchung.linkage.intervals import share_at_least


@pytest.mark.parametrize(
    ("hits", "trials", "bound"),
    [
        pytest.param(30_000, 30_000, 0.9999, id="the rule of three: none of 30,000 failed"),
        pytest.param(3_000, 3_000, 0.999, id="the rule of three: none of 3,000 failed"),
        pytest.param(9, 10, 0.6058, id="one of ten failed (tables of Clopper and Pearson)"),
        pytest.param(0, 10, 0.0, id="all failed"),
        pytest.param(0, 0, 0.0, id="nothing was tried"),
    ],
)
def test_share_at_least_is_the_exact_lower_bound(hits: int, trials: int, bound: float) -> None:
    assert share_at_least(hits, trials) == pytest.approx(bound, abs=2e-5 if trials > 100 else 1e-4)


def test_share_at_least_falls_with_every_failure() -> None:
    bounds = [share_at_least(1000 - failed, 1000) for failed in range(4)]
    assert bounds == sorted(bounds, reverse=True)
    assert len(set(bounds)) == 4
