"""What is encrypted opens for its purpose and under its key alone; equal values are found by a keyed hash."""

import pytest
from django.core.exceptions import FieldError
from hypothesis import given
from hypothesis import strategies as st

from tiemchung.ground import encryption
from tiemchung.ground.encrypted_fields import EncryptedJSONField, EncryptedTextField
from tiemchung.ground.encryption import SessionSerializer, UnreadableValueError, decrypt, encrypt
from tiemchung.people.models import IdentityNumber

OLD, NEW = (1, "o" * 32), (2, "n" * 32)


@pytest.fixture
def keys(settings):
    """Change the keys as a restart with other settings does."""

    def use(*found):
        settings.DATA_KEYS = found

    use(OLD)
    return use


@given(st.binary(max_size=200))
def test_what_was_encrypted_comes_back(plain):
    kept = encrypt(plain, purpose="a")
    assert decrypt(kept, purpose="a") == plain
    assert len(plain) < 4 or plain not in kept


def test_equal_values_do_not_look_equal():
    assert encrypt(b"001184000017", purpose="a") != encrypt(b"001184000017", purpose="a")


def test_a_value_copied_into_a_column_of_another_purpose_does_not_open():
    with pytest.raises(UnreadableValueError, match=r"^b: the key does not fit, or the value was changed"):
        decrypt(encrypt(b"x", purpose="a"), purpose="b")


@pytest.mark.parametrize("at", [2, 14, -1])
def test_a_changed_value_does_not_open(at):
    kept = bytearray(encrypt(b"001184000017", purpose="a"))
    kept[at] ^= 1
    with pytest.raises(UnreadableValueError):
        decrypt(bytes(kept), purpose="a")


@pytest.mark.parametrize("kept", [b"", b"001184000017", b"\x02" + bytes(40)])
def test_what_is_no_encrypted_value_says_so(kept):
    with pytest.raises(UnreadableValueError, match="no encrypted value"):
        decrypt(kept, purpose="a")


def test_an_old_key_reads_and_the_new_one_writes(keys):
    before = encrypt(b"x", purpose="a")
    keys(NEW, OLD)
    assert decrypt(before, purpose="a") == b"x"
    after = encrypt(b"x", purpose="a")
    assert (encryption.key_number(before), encryption.key_number(after), encryption.number_in_use()) == (1, 2, 2)
    keys(NEW)
    assert decrypt(after, purpose="a") == b"x"
    with pytest.raises(UnreadableValueError, match="under key 1, which is not in TIEMCHUNG_DATA_KEYS"):
        decrypt(before, purpose="a")


def test_a_look_up_is_the_same_for_equal_texts_and_for_nothing_else(keys):
    hashed = encryption.look_up("001184000017", purpose="a")
    assert len(hashed) == 16
    assert hashed == encryption.look_up("001184000017", purpose="a")
    others = [encryption.look_up("001184000018", purpose="a"), encryption.look_up("001184000017", purpose="b")]
    keys(NEW)
    assert hashed not in [*others, encryption.look_up("001184000017", purpose="a")]


def test_while_keys_change_a_value_is_found_under_both(keys):
    before = encryption.look_up("001184000017", purpose="a")
    keys(NEW, OLD)
    assert encryption.look_ups("001184000017", purpose="a") == [
        encryption.look_up("001184000017", purpose="a"),
        before,
    ]


def test_a_digest_tells_another_text_as_long_as_its_key_is_there(keys):
    (kept,) = encryption.digests("one")
    keys(NEW, OLD)
    assert not encryption.is_other(kept, encryption.digests("one"))
    assert encryption.is_other(kept, encryption.digests("two"))
    keys(NEW)
    assert not encryption.is_other(kept, encryption.digests("two"))


def test_a_session_is_kept_encrypted():
    kept = SessionSerializer().dumps({"number": "001184000017", "name": "Lường Thị Mận"})
    assert b"001184000017" not in kept
    assert SessionSerializer().loads(kept) == {"number": "001184000017", "name": "Lường Thị Mận"}


@pytest.mark.parametrize("said", [{"a": [None, 1, "\x00", "\ud800"]}, "x", []])
def test_a_column_gives_back_what_json_can_say(said):
    field = EncryptedJSONField(purpose="a")
    assert field.from_db_value(memoryview(field.get_prep_value(said))) == said


def test_nothing_stays_nothing():
    field = EncryptedTextField(purpose="a", null=True)
    assert (field.get_prep_value(None), field.from_db_value(None)) == (None, None)


def test_a_search_in_an_encrypted_column_is_refused_with_the_way():
    with pytest.raises(FieldError, match="value is encrypted and cannot be searched: ask its look-up column"):
        IdentityNumber.objects.filter(value="001184000017")
