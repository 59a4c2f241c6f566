"""Every string that a reader of English may meet has an English text."""

from pathlib import Path

import pytest

from scripts import messages


@pytest.mark.parametrize("app", messages.apps())
def test_every_string_has_an_english_text(app: str) -> None:
    assert [f"{message.place}: {message.text}" for message in messages.missing(app)] == []


@pytest.mark.parametrize("app", messages.apps())
def test_english_texts_have_the_same_placeholders(app: str) -> None:
    assert messages.broken(app) == []


SIDES = {"health": set(messages.apps()) - {"population"}, "population": {"population", "look"}}


@pytest.mark.parametrize("side", SIDES)
def test_one_text_has_one_english_on_a_side(side: str) -> None:
    """Django reads all catalogues as one: of two English texts one would stand everywhere. Else give a context."""
    english: dict[tuple[str, str | None], set[str]] = {}
    for app in SIDES[side]:
        for key, said in messages.said(app).items():
            english.setdefault(key, set()).add(said)
    assert {key: said for key, said in english.items() if len(said) > 1} == {}


@pytest.fixture
def small_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app with strings in code and in a template, and no catalogue yet."""
    monkeypatch.setattr(messages, "ROOT", tmp_path / "tiemchung")
    app = tmp_path / "tiemchung" / "small"
    (app / "templates").mkdir(parents=True)
    (app / "views.py").write_text(
        'gettext("Lưu")\nf"{gettext(\'Trong ngoặc\')} x"\n'
        'ngettext("%(n)s mũi", "%(n)s mũi", 2)\npgettext("nút", "Gửi")\n'
    )
    (app / "templates" / "a.html").write_text(
        '{% translate "Trở lại" %}<p title="{{ x|f:_("Tên") }}">'
        "{% blocktranslate %}Chào {{ name }}{% endblocktranslate %}</p>{# {% translate 'bỏ' %} #}"
    )
    return app


def test_strings_are_found_in_code_and_templates(small_app: Path) -> None:
    found = {message.key for message in messages.messages("small")}
    assert found == {
        ("Lưu", None),
        ("Trong ngoặc", None),
        ("%(n)s mũi", None),
        ("Gửi", "nút"),
        ("Trở lại", None),
        ("Tên", None),
        ("Chào %(name)s", None),
    }


def test_a_written_catalogue_still_lacks_its_english(small_app: Path) -> None:
    messages.append("small", messages.missing("small"))
    assert len(messages.missing("small")) == 7
    path = small_app / messages.PO
    path.write_text(path.read_text().replace('msgid "Lưu"\nmsgstr ""', 'msgid "Lưu"\nmsgstr "Save"'))
    assert len(messages.missing("small")) == 6


def test_another_placeholder_is_noticed(small_app: Path) -> None:
    messages.append("small", messages.missing("small"))
    path = small_app / messages.PO
    path.write_text(
        path.read_text().replace('msgid "Chào %(name)s"\nmsgstr ""', 'msgid "Chào %(name)s"\nmsgstr "Hello %(nam)s"')
    )
    assert messages.broken("small") == ["Chào %(name)s"]


def test_compiled_catalogues_are_read_by_gettext(small_app: Path) -> None:
    import gettext

    messages.append("small", messages.missing("small"))
    path = small_app / messages.PO
    path.write_text(path.read_text().replace('msgid "Lưu"\nmsgstr ""', 'msgid "Lưu"\nmsgstr "Save"'))
    assert messages.compile_all() == 1
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Lưu") == "Save"
