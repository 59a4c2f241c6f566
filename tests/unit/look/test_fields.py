"""Fields: label above, hint under it, what is wrong and the cure tied to the input."""

import pytest
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from tests.unit.look.rendering import render
from tiemchung.ground.errors import InvalidInputError
from tiemchung.look.fields import show_at_field


class Answers(forms.Form):
    number = forms.CharField(label="Số căn cước", help_text="12 số")
    sex = forms.ChoiceField(label="Giới tính", widget=forms.RadioSelect, choices=[("F", "Nữ"), ("M", "Nam")])
    group = forms.ChoiceField(label="Nhóm", choices=[("9", "Từ 65 tuổi")], required=False)
    agree = forms.BooleanField(label="Đồng ý", required=False)

    def clean_number(self) -> str:
        raise ValidationError("Mới có 10 số, cần đủ 12. Quét mã QR trên thẻ.")


class Bare(forms.Form):
    number = forms.CharField(required=False)


def drawn(name: str, data: dict[str, str] | None = None) -> str:
    form = Answers(data)
    return render("{% field bound %}", bound=form[name])


def test_a_fresh_field_has_label_and_hint_and_no_error() -> None:
    page = drawn("number")
    assert '<label class="form-label" for="id_number">Số căn cước</label>' in page
    assert 'aria-describedby="id_number_hint"' in page
    assert "tc-cure" not in page
    assert "placeholder" not in page


def test_a_wrong_field_says_what_is_wrong_and_the_cure() -> None:
    page = drawn("number", {"number": "0361530014"})
    assert "<span>Mới có 10 số, cần đủ 12.</span><span>Quét mã QR trên thẻ.</span>" in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_number_hint id_number_wrong"' in page
    assert 'id="id_number_wrong"' in page


def test_radios_are_a_fieldset_without_default() -> None:
    page = drawn("sex")
    assert "<legend>Giới tính</legend>" in page
    assert page.count('type="radio"') == 2
    assert "checked" not in page


def test_the_chosen_radio_stays_chosen() -> None:
    assert 'value="M" id="id_sex_1" checked' in drawn("sex", {"sex": "M"})


def test_selects_and_checkboxes_have_their_own_classes() -> None:
    assert 'class="form-select"' in drawn("group")
    assert 'class="form-check-input"' in drawn("agree")


def test_an_explicit_cure_wins_over_the_second_sentence() -> None:
    form = Answers({"sex": "F", "number": "1"})
    form.is_valid()
    form.add_error("sex", ValidationError("Chưa khớp.", params={"cure": "Xem lại thẻ."}))
    page = render("{% field bound %}", bound=form["sex"])
    assert "<span>Chưa khớp.</span><span>Xem lại thẻ.</span>" in page


def test_problems_of_a_form_link_to_its_fields() -> None:
    form = Answers({"number": "1", "sex": "F"})
    page = render("{% form_problems form %}", form=form)
    assert "Còn 1 ô cần sửa" in page
    assert 'href="#id_number"' in page


def test_a_problem_of_the_whole_form_is_its_heading() -> None:
    form = Answers({"number": "1", "sex": "F"})
    form.add_error(None, "Ngày sinh chưa khớp. Xin sửa theo thẻ.")
    page = render("{% form_problems form %}", form=form)
    assert "<h2>Ngày sinh chưa khớp.</h2><p>Xin sửa theo thẻ.</p>" in page


def test_a_right_form_has_no_alert() -> None:
    assert "tc-alert" not in render("{% form_problems form %}", form=Answers())


def test_a_hand_written_cure_is_tied_by_its_id() -> None:
    page = render('{% cure "Số trên là 1320, quá lớn. Gõ lại như mẫu 132/80." "ha-loi" %}')
    assert 'id="ha-loi"' in page
    assert "<span>Gõ lại như mẫu 132/80.</span>" in page


def test_a_screening_question_has_no_default() -> None:
    page = render('{% choice "q1" "Đang sốt?" options %}', options=[("no", "Không"), ("yes", "Có")])
    assert "checked" not in page
    assert "<legend>Đang sốt?</legend>" in page


def test_an_outcome_is_shape_word_and_consequence() -> None:
    page = render(
        '{% outcomes "o" "Kết luận" options "wait" %}', options=[("wait", "wait", "Trì hoãn", "Hẹn ngày khác")]
    )
    assert "s-wait" in page
    assert "<strong>Trì hoãn</strong><small>Hẹn ngày khác</small>" in page
    assert "checked" in page


@pytest.mark.parametrize(
    ("named", "shown_at"),
    [("number", "number"), ("number.form", "number"), ("value", "number"), ("elsewhere", NON_FIELD_ERRORS)],
)
def test_a_refusal_is_shown_at_the_field_that_it_names_or_above_the_form(named: str, shown_at: str) -> None:
    form = Bare({})
    show_at_field(form, InvalidInputError("x", field=named, vi="Sai. Ghi lại.", en="Wrong. Again."), value="number")
    assert dict(form.errors) == {shown_at: ["Sai. Ghi lại."]}
