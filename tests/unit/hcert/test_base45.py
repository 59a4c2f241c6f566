"""Base45: RFC 9285's examples, the way back, and strictness."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiemchung.hcert import base45
from tiemchung.hcert.errors import DecodeError

EXAMPLES = [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0"), (b"", "")]


@pytest.mark.parametrize(("data", "text"), EXAMPLES)
def test_examples_of_the_rfc(data, text):
    assert base45.encode(data) == text
    assert base45.decode(text) == data


@given(st.binary(max_size=2000))
def test_any_bytes_come_back(data):
    assert base45.decode(base45.encode(data)) == data


@given(st.text(alphabet=base45.ALPHABET, max_size=60))
def test_text_that_decodes_is_the_only_text_of_its_bytes(text):
    try:
        data = base45.decode(text)
    except DecodeError:
        return
    assert base45.encode(data) == text


@pytest.mark.parametrize("text", ["A", "ABCD", ":::", "GGX", "::", "bb8", "BB\0", "BBÀ", "BB8\n", "GGW GGW?"])
def test_foreign_characters_overflow_and_odd_lengths_are_refused(text):
    with pytest.raises(DecodeError) as refused:
        base45.decode(text)
    assert refused.value.code == "D|B45"


@given(st.lists(st.binary(max_size=9) | st.text(alphabet=base45.ALPHABET + "a", max_size=7), max_size=6))
def test_many_at_once_are_what_they_are_one_by_one_or_not_taken(given):
    texts = [base45.encode(one) if isinstance(one, bytes) else one for one in given]
    try:
        one_by_one = [base45.decode(text) for text in texts]
    except DecodeError:
        one_by_one = None
    assert base45.decode_all(texts) == one_by_one
