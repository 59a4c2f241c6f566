"""Small drawings: a state is a shape and a word, and every picture has a name or is hidden."""

import pytest

from tiemchung.look import markup


@pytest.mark.parametrize("kind", markup.STATES)
def test_a_state_is_its_shape_and_its_word(kind: str) -> None:
    drawn = markup.state(kind, "Đúng")
    assert f"shapes.svg#s-{kind}" in drawn
    assert "Đúng" in drawn
    assert f"is-{kind}" in drawn


def test_an_unknown_state_is_refused_with_the_five_names() -> None:
    with pytest.raises(ValueError, match="ok, caution, wait, stop, unknown"):
        markup.state("red", "Đúng")


def test_words_of_a_state_are_escaped() -> None:
    assert "&lt;b&gt;" in markup.state("ok", "<b>")


def test_an_icon_without_a_label_is_hidden_from_readers() -> None:
    assert 'aria-hidden="true"' in markup.icon("syringe")


def test_an_icon_with_a_label_is_a_picture_with_that_name() -> None:
    drawn = markup.icon("syringe", label="Tiêm")
    assert 'role="img" aria-label="Tiêm"' in drawn
    assert "aria-hidden" not in drawn


@pytest.mark.parametrize(
    ("given", "of", "boosters", "filled", "rings", "label"),
    [
        (0, 2, 0, 0, 2, "0 trên 2 mũi cơ bản"),
        (1, 2, 0, 1, 1, "1 trên 2 mũi cơ bản"),
        (2, 2, 1, 2, 0, "2 trên 2 mũi cơ bản, 1 mũi nhắc lại"),
        (3, 3, 0, 3, 0, "3 trên 3 mũi cơ bản"),
    ],
)
def test_dots_are_filled_for_doses_given(
    given: int, of: int, boosters: int, filled: int, rings: int, label: str
) -> None:
    drawn = markup.dots(given, of, boosters)
    assert drawn.count('class="on"') == filled
    assert drawn.count('class=""') == rings
    assert drawn.count('class="on plus"') == boosters
    assert f'aria-label="{label}"' in drawn


def test_minute_dots_draw_one_dot_for_each_minute_gone() -> None:
    assert markup.minute_dots(1, 30) == "0 30"
    assert markup.minute_dots(3, 30) == "0 1 0 1 0 30"


def test_a_clock_that_has_just_begun_shows_no_dot() -> None:
    assert 'visibility="hidden"' in markup.clock(30)


def test_a_clock_that_has_run_out_says_so_in_words_and_shape() -> None:
    drawn = markup.clock(0)
    assert "đủ giờ" in drawn
    assert "is-ok" in drawn
    assert "<b hidden>" in drawn


def test_a_clock_carries_its_end_only_when_a_script_is_to_keep_it_going() -> None:
    assert "data-clock" not in markup.clock(12)
    assert 'data-ends-at="2022-05-12T10:01:00+07:00"' in markup.clock(12, ends_at="2022-05-12T10:01:00+07:00")


def test_card_words_stand_for_the_color() -> None:
    assert markup.card_word("yellow") == "Thẻ vàng, một mũi"
    assert markup.card_word("green") == "Thẻ xanh, đủ liều"
