"""The components as tags."""

import pytest
from django.template import TemplateSyntaxError

from tests.unit.look.rendering import asked_by, render


@pytest.mark.parametrize(
    ("cookies", "attribute", "media"),
    [
        ({}, "", "screen and (prefers-color-scheme: dark)"),
        ({"theme": "dark"}, ' data-bs-theme="dark"', "screen"),
        ({"theme": "light"}, ' data-bs-theme="light"', "not all"),
        ({"theme": '"><script>'}, "", "screen and (prefers-color-scheme: dark)"),
    ],
)
def test_the_theme_follows_the_device_unless_the_reader_chose(
    cookies: dict[str, str], attribute: str, media: str
) -> None:
    request = asked_by(**cookies)
    assert render("{% theme_attribute %}", request=request) == attribute
    assert f'css/dark.css" media="{media}"' in render("{% stylesheets %}", request=request)


def test_a_door_may_be_dark_by_default() -> None:
    assert render('{% theme_attribute "dark" %}', request=asked_by()) == ' data-bs-theme="dark"'
    assert "light" in render('{% theme_attribute "dark" %}', request=asked_by(theme="light"))


def test_styles_are_linked_without_a_request_too() -> None:
    assert render("{% stylesheets %}").count('rel="stylesheet"') == 14


def test_the_link_to_this_page_is_marked() -> None:
    here = asked_by("/so/lich/")
    assert render('{% current "/so/lich/" %}', request=here) == ' aria-current="page"'
    assert render('{% current "/so/" %}', request=here) == ""
    assert render('{% current "/so/" prefix=True %}', request=here) == ' aria-current="page"'


def test_an_alert_has_heading_reason_and_cure() -> None:
    page = render('{% alert "stop" "Lô tạm dừng" level=3 %}<p>Chọn lô khác.</p>{% endalert %}')
    assert "<h3>Lô tạm dừng</h3><p>Chọn lô khác.</p>" in page
    assert "is-stop" in page


def test_an_alert_of_an_unknown_state_is_refused() -> None:
    with pytest.raises(ValueError, match="state 'red'"):
        render('{% alert "red" "Lô" %}{% endalert %}')


def test_an_alert_needs_its_end() -> None:
    with pytest.raises(TemplateSyntaxError):
        render('{% alert "stop" "Lô" %}')


def test_what_a_citizen_typed_is_escaped_in_components() -> None:
    bad = "<script>x</script>"
    page = render(
        '{% card "green" name %}{% endcard %}{% row name %}{% endrow %}'
        "{% observation name name left=3 %}{% endobservation %}"
        '{% alert "ok" name %}{{ name }}{% endalert %}{% net "ok" name %}{% endnet %}{% figure name name %}',
        name=bad,
    )
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") == 9


def test_a_card_says_its_color_in_words() -> None:
    page = render('{% card "yellow" "Trần Ngọc Minh Anh" given=1 %}{% endcard %}')
    assert "Thẻ vàng, một mũi" in page
    assert "1 trên 2 mũi cơ bản" in page


def test_a_row_with_an_address_is_one_link() -> None:
    assert render('{% row "Buổi tiêm" url="/x" %}Còn 38 chỗ{% endrow %}').count("<a ") == 1
    assert "<a " not in render('{% row "Buổi tiêm" %}{% endrow %}')


def test_steps_before_now_are_done() -> None:
    page = render('{% steps "Quét" "Khám" "Tiêm" now=2 %}')
    assert page.count('class="done"') == 1
    assert page.count('aria-current="step"') == 1
    assert "đã xong" in page


@pytest.mark.parametrize(
    ("arguments", "tint", "said"),
    [
        ("left=12", "", "phút"),
        ("left=0", "is-ok", "đủ giờ"),
        ('left=19 kind="stop" flag="Mề đay"', "is-stop", "Mề đay"),
        ('left=12 flag="Tăng huyết áp"', "", "Tăng huyết áp"),
    ],
)
def test_an_observation_is_tinted_only_when_somebody_must_act(arguments: str, tint: str, said: str) -> None:
    page = render(f'{{% observation "Vi Thị Hoa" "Ghế 01" {arguments} %}}{{% endobservation %}}')
    assert f'class="tc-obs {tint}">' in page if tint else '<article class="tc-obs">' in page
    assert said in page


def test_a_verdict_says_itself_in_the_other_language_too() -> None:
    page = render('{% verdict "unknown" "Chưa kết luận được" "Could not tell" %}{% endverdict %}')
    assert "<h1><strong>Chưa kết luận được</strong></h1>" in page
    assert '<p lang="en">Could not tell</p>' in page


def test_only_the_valid_verdict_has_rings() -> None:
    assert "rings" in render('{% verdict "ok" "Hợp lệ" %}{% endverdict %}')
    assert "rings" not in render('{% verdict "stop" "Không hợp lệ" %}{% endverdict %}')


def test_a_passport_shows_validity_then_code_then_name_then_birth_date() -> None:
    page = render(
        '{% passport kind="ok" word="Còn hiệu lực" until="đến hết 14/04/2023" code="HC1:X" name="Nguyễn Thị Thu Hạnh" '
        'latin=latin born="18/11/1984" %}{% endpassport %}',
        latin="NGUYEN<<THI<THU<HANH",
    )
    places = [
        page.index(part) for part in ("Còn hiệu lực", "<path", "Nguyễn Thị Thu Hạnh", "NGUYEN&lt;&lt;", "18/11/1984")
    ]
    assert places == sorted(places)


def test_a_wide_table_is_a_named_box_that_takes_focus() -> None:
    page = render('{% scroll "Bảng quyền" %}<table></table>{% endscroll %}')
    assert 'tabindex="0" role="region" aria-label="Bảng quyền"' in page


def test_rights_are_said_in_words() -> None:
    assert ">Được<" in render("{% right True %}")
    assert ">Không được<" in render("{% right False %}")


def test_a_scan_box_names_the_field_it_fills() -> None:
    page = render('{% scan_box "id_code" "Quét mã" %}')
    assert 'data-target="id_code"' in page
    assert 'accept="image/*"' in page
