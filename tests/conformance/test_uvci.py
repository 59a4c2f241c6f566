"""The identifiers that countries published, with what each one's check character is worth."""

from tests.shared import shared
from tiemchung.hcert.uvci import check_is_right, parse_uvci


def _vectors() -> list[tuple[str, str]]:
    lines = shared("testdata/dcc/uvci_vectors.tsv").read_text("utf-8").splitlines()
    return [(text, expected) for text, expected, *_ in (line.split("\t") for line in lines if line)]


def test_check_characters_are_judged_as_published() -> None:
    vectors = _vectors()
    wrong = [text for text, expected in vectors if check_is_right(text) is not (expected == "ok")]
    assert wrong == []
    assert len(vectors) >= 163


def test_country_is_read_from_every_published_identifier() -> None:
    assert [text for text, _ in _vectors() if parse_uvci(text).country is None] == []
