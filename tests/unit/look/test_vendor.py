"""Third-party files: all are listed, none differs, none asks another host or a data: URL for anything."""

import re
from pathlib import Path

import pytest

from scripts import vendor

STATIC = vendor.TARGET.parent


def test_every_file_is_what_the_manifest_says() -> None:
    assert vendor.problems() == []


def test_check_names_a_file_that_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor, "TARGET", tmp_path)
    (tmp_path / "stray.js").write_text("1")
    wrong = vendor.problems()
    assert "stray.js: not in the manifest" in wrong
    assert "htmx/htmx.min.js: missing; run `python scripts/vendor.py`" in wrong


@pytest.mark.parametrize("package", vendor.packages(), ids=lambda package: package["name"])
def test_each_package_brings_its_licence(package: dict[str, object]) -> None:
    files = package["files"]
    assert isinstance(files, list)
    assert package["licence"]
    assert any("LICENSE" in part["to"] for part in files)


def test_no_stylesheet_has_a_data_url_or_another_host() -> None:
    sheets = [*STATIC.rglob("*.css")]
    assert len(sheets) > 10
    for sheet in sheets:
        assert not re.search(r"url\(['\"]?(data:|https?:)|@import", sheet.read_text()), sheet.name


def test_the_qr_reader_loads_from_no_other_host() -> None:
    for script in (STATIC / "vendor" / "zxing").rglob("*.js"):
        assert "https://" not in script.read_text(), script.name


def test_changes_drop_source_maps_and_data_urls() -> None:
    css = b'a{background:url("data:image/svg+xml,%3csvg/%3e")}/*# sourceMappingURL=a.css.map */'
    assert vendor.changed(css, ["no_source_map", "no_data_urls"]) == b"a{background:none}\n"


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (STATIC / "vendor" / "lucide" / "sprite.svg").read_text()
    drawn = set(re.findall(r'id="i-([\w-]+)"', sprite))
    templates = Path(vendor.ROOT / "tiemchung").rglob("*.html")
    named = {name for path in templates for name in re.findall(r'{% icon "([\w-]+)"|icon="([\w-]+)"', path.read_text())}
    wanted = {name for pair in named for name in pair if name}
    assert {"syringe", "phone"} <= wanted
    assert wanted - drawn == set()
