"""The ladder of figures: solid is this figure, dots are what is missing from the one above."""

from django.utils import translation

from tests.unit.look.rendering import render
from tiemchung.look.charts import ladder_rungs, short_count


def rung(name: str, count: int, missing: str = "") -> dict[str, object]:
    return {"name": name, "count": count, "definition": "…", "missing": missing}


def test_counts_are_told_in_millions_from_a_million_up() -> None:
    assert short_count(215_900_000) == ("215,9", "triệu")
    assert short_count(999_999) == ("999.999", "")


def test_the_gap_is_what_is_missing_from_the_figure_above() -> None:
    given, recorded = ladder_rungs([rung("Đã tiêm", 200_000_000), rung("Đã nhập", 150_000_000, "chưa nhập")])
    assert given["width"] == "100.00"
    assert given["missing"] == ""
    assert recorded["width"] == "75.00"
    assert recorded["missing"] == "50,0 triệu chưa nhập"
    assert (recorded["gap_from"], recorded["gap_to"]) == ("76.20", "100.00")


def test_a_figure_above_the_one_before_has_no_gap() -> None:
    _, recorded = ladder_rungs([rung("Đã tiêm", 10), rung("Đã nhập", 12, "chưa nhập")])
    assert recorded["missing"] == ""
    assert "gap_to" not in recorded


def test_an_empty_campaign_draws_no_width() -> None:
    assert ladder_rungs([rung("Đã tiêm", 0)])[0]["width"] == "0.00"


def test_lengths_have_a_point_in_every_language() -> None:
    rungs = [rung("Đã tiêm", 3_000_000), rung("Đã nhập", 1_000_000)]
    for language in ("vi", "en"):
        with translation.override(language):
            assert 'width="33.33"' in render("{% ladder rungs %}", rungs=rungs)
