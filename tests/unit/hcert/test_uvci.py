"""Certificate identifiers: made, read, compared, and their check character (Luhn modulo 38)."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tiemchung.hcert.uvci import (
    CHECK_ALPHABET,
    UvciUnusable,
    check_character,
    check_is_right,
    check_issuable,
    comparable,
    make_uvci,
    parse_uvci,
    same_uvci,
)

BODIES = st.text(alphabet=CHECK_ALPHABET, min_size=1, max_size=60)


def test_new_identifier_has_the_form_that_viet_nam_issued() -> None:
    assert re.fullmatch(r"URN:UVCI:01:VN:[0-9A-F]{32}", make_uvci())


def test_new_identifiers_differ() -> None:
    assert len({make_uvci() for _ in range(1000)}) == 1000


def test_check_character_is_added_when_asked_for() -> None:
    assert check_is_right(make_uvci(with_check=True)) is True


@pytest.mark.parametrize("country", ["vn", "VNM", "", "V1"])
def test_new_identifier_with_a_wrong_country_is_refused(country: str) -> None:
    with pytest.raises(UvciUnusable) as refused:
        make_uvci(country)
    assert refused.value.field == "ci"


@pytest.mark.parametrize(
    "text",
    [
        "01:VN:0123456789ABCDEF",
        "URN:UVCI:02:VN:0123456789ABCDEF",
        "URN:UVCI:01:VN:0123456789abcdef",
        "URN:UVCI:01:VN:",
        "URN:UVCI:01:VN:" + "A" * 66,
        "URN:UVCI:01:NL:187/37512422923#A",
    ],
)
def test_identifier_of_another_form_is_not_issued(text: str) -> None:
    with pytest.raises(UvciUnusable):
        check_issuable(text)


def test_published_example_has_its_check_character() -> None:
    assert check_character("URN:UVCI:01:NL:187/37512422923") == "Z"
    assert check_issuable("URN:UVCI:01:NL:187/37512422923#Z")


def test_check_is_untold_without_a_check_character() -> None:
    assert check_is_right("URN:UVCI:01:VN:0123") is None


@pytest.mark.parametrize("body", ["URN UVCI", "Đ", "ß", "A-B"])
def test_no_check_character_exists_for_other_letters(body: str) -> None:
    assert check_is_right(f"{body}#A") is False
    with pytest.raises(UvciUnusable):
        check_character(body)


@pytest.mark.parametrize(
    ("text", "country", "issuer", "vaccine", "opaque", "check"),
    [
        ("URN:UVCI:01:VN:00FF", "VN", None, None, "00FF", None),
        ("URN:UVCI:01:NL:187/37512422923#Z", "NL", "187", None, "37512422923", "Z"),
        ("URN:UVCI:01:XX:ISSUER/VACCINE/123", "XX", "ISSUER", "VACCINE", "123", None),
        ("01 IS/ABC4556#8", "IS", None, None, "ABC4556", "8"),
        ("01BEVLJW3C#B", "BE", None, None, "VLJW3C", "B"),
        ("urn:uvci:01/PT/SPMS/TRC0123#1", "PT", "SPMS", None, "TRC0123", "1"),
        ("dgci:V1:SI:0123", "SI", None, None, "0123", None),
        ("something else", None, None, None, "something else", None),
        ("", None, None, None, "", None),
    ],
)
def test_identifiers_in_circulation_are_read(
    text: str, country: str | None, issuer: str | None, vaccine: str | None, opaque: str, check: str | None
) -> None:
    read = parse_uvci(text)
    assert (read.country, read.issuer, read.vaccine, read.opaque, read.check) == (
        country, issuer, vaccine, opaque, check,
    )  # fmt: skip


@pytest.mark.parametrize(
    "other",
    ["urn:uvci:01:nl:187/37512422923", "01:NL:187/37512422923#Z", " URN:UVCI:01:NL:187/37512422923#X "],
)
def test_case_blanks_prefix_and_check_do_not_count_in_comparing(other: str) -> None:
    assert same_uvci("URN:UVCI:01:NL:187/37512422923#Z", other)
    assert parse_uvci(other).key == comparable("URN:UVCI:01:NL:187/37512422923")


def test_another_opaque_part_is_another_certificate() -> None:
    assert not same_uvci("URN:UVCI:01:NL:187/1", "URN:UVCI:01:NL:187/2")


@settings(deadline=None)
@given(body=BODIES, place=st.integers(min_value=0), other=st.sampled_from(CHECK_ALPHABET))
def test_any_single_wrong_character_is_detected(body: str, place: int, other: str) -> None:
    at = place % len(body)
    assume(body[at] != other)
    changed = body[:at] + other + body[at + 1 :]
    assert check_character(changed) != check_character(body)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read_and_compared(text: str) -> None:
    assert parse_uvci(text).text == text
    assert same_uvci(text, text)
    assert check_is_right(text) in (True, False, None)
