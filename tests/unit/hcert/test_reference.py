"""Reference data of the library: found beside the package, and refused when it is absent or of another shape."""

from pathlib import Path

import pytest

from tiemchung.hcert import reference
from tiemchung.hcert.reference import ReferenceDataError, read_reference, reference_path


def test_file_is_found() -> None:
    assert reference_path("icao9303_transliteration.yaml").is_file()


def test_absent_file_is_told_by_its_name() -> None:
    with pytest.raises(ReferenceDataError, match=r"reference_data/nothing\.yaml is absent"):
        reference_path("nothing.yaml")


def test_data_inside_an_installed_package_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "tiemchung"
    (package / "reference_data").mkdir(parents=True)
    (package / "reference_data" / "list.yaml").write_text("- 1\n")
    monkeypatch.setattr(reference, "_PACKAGE", package)
    assert reference_path("list.yaml") == package / "reference_data" / "list.yaml"
    with pytest.raises(ReferenceDataError, match="is not a mapping"):
        read_reference.__wrapped__("list.yaml")
