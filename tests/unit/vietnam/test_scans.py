"""One scan box takes every code and says which it was."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import shared
from tiemchung.vietnam.card_qr import MAX_SCAN_LENGTH
from tiemchung.vietnam.scans import ScanKind, read_any

CARD = "079184001234||Nguyễn Thị Hạnh|05081984|Nữ|12 Lê Lợi|15042021"
PERSONAL = "001093029317|NGUYEN VAN A|1987-01-18|0|162979388586171100|<1<00<0123232422"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (CARD, ScanKind.CCCD_CARD),
        (PERSONAL, ScanKind.PERSONAL_QR),
        ("HC1:6BFOXN", ScanKind.HEALTH_CERTIFICATE),
        ("TC1.visit.8f3a", ScanKind.UNKNOWN),
        ("https://example.org/a|b|c|d|e|f|g", ScanKind.UNKNOWN),
        ("a|b|c|d|e|f", ScanKind.UNKNOWN),
    ],
)
def test_scan_is_told_by_its_form(text: str, kind: ScanKind) -> None:
    found = read_any(text)
    assert (found.kind, found.error) == (kind, None)
    assert (found.card is not None, found.personal is not None) == (
        kind is ScanKind.CCCD_CARD,
        kind is ScanKind.PERSONAL_QR,
    )


def test_certificate_keeps_every_space_and_loses_the_line_end() -> None:
    assert read_any("HC1:6BF \r\n").text == "HC1:6BF "


def test_certificate_scanned_under_caps_lock_is_put_right() -> None:
    found = read_any("hc1:6bfoxn")
    assert (found.kind, found.text) == (ScanKind.HEALTH_CERTIFICATE, "HC1:6BFOXN")


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        (CARD.replace("079", "003"), ScanKind.CCCD_CARD, "identity_province"),
        (PERSONAL.replace("1987-01", "1987-13"), ScanKind.PERSONAL_QR, "date_month"),
        ("", ScanKind.UNKNOWN, "scan_empty"),
        (" \n", ScanKind.UNKNOWN, "scan_empty"),
        ("x" * (MAX_SCAN_LENGTH + 1), ScanKind.UNKNOWN, "scan_too_long"),
    ],
)
def test_scan_that_cannot_be_read_carries_the_reason(text: str, kind: ScanKind, code: str) -> None:
    found = read_any(text)
    assert found.error is not None
    assert (found.kind, found.error.code) == (kind, code)


def test_scan_shows_nothing_of_a_person_in_logs() -> None:
    assert "07918400" not in repr(read_any(CARD))
    assert "001093029317" not in repr(read_any(PERSONAL))


@given(
    st.one_of(
        st.text(max_size=400),
        st.lists(st.text(max_size=20), min_size=4, max_size=9).map("|".join),
        st.lists(st.sampled_from([*CARD.split("|"), *PERSONAL.split("|"), "\ud800", "|"]), max_size=9).map("|".join),
    )
)
def test_any_text_is_answered(text: str) -> None:
    found = read_any(text)
    assert found.kind in ScanKind
    assert not (found.error and (found.card or found.personal))


def test_published_certificates_are_told_as_such_and_left_as_they_are() -> None:
    files = [json.loads(path.read_bytes()) for path in sorted(shared("testdata/dcc/ES").rglob("*.json"))]
    texts = [file["PREFIX"] for file in files if "PREFIX" in file]
    assert texts
    for text in texts:
        found = read_any(text)
        assert (found.kind, found.text) == (ScanKind.HEALTH_CERTIFICATE, text)
