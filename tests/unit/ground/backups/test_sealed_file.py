"""A sealed file opens with its key and under its name, whole; whatever is cut, changed or exchanged is noticed."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tiemchung.ground.backups import sealed_file
from tiemchung.ground.backups.sealed_file import HEAD, PIECE, BackupKey, ChangedError, CutOffError
from tiemchung.ground.errors import RefusedError

KEY, OTHER = BackupKey(1, "k" * 32), BackupKey(2, "o" * 32)
CONTENT = [b"Nguyen Van A" * 1000, b"x", b"y" * 5000]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A whole file of three pieces."""
    writer = sealed_file.create(tmp_path / "file", (KEY,), "name")
    for content in CONTENT:
        writer.write(content)
    writer.finish()
    return tmp_path / "file"


def read(path: Path, *keys: BackupKey, name: str = "name") -> bytes:
    return b"".join(sealed_file.read(path, keys or (KEY,), name))


def test_what_was_written_is_read_and_nothing_of_it_lies_there_in_the_clear(path: Path) -> None:
    assert read(path) == b"".join(CONTENT)
    assert b"Nguyen" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_a_large_content_lies_in_bounded_pieces(tmp_path: Path) -> None:
    writer = sealed_file.create(tmp_path / "large", (KEY,), "name")
    writer.write(b"z" * (2 * PIECE + 1))
    writer.finish()
    assert [len(piece) for piece in sealed_file.read(tmp_path / "large", (KEY,), "name")] == [PIECE, PIECE, 1]


def test_a_file_that_ends_anywhere_before_its_end_is_noticed(path: Path) -> None:
    whole = path.read_bytes()
    for length in {0, 1, HEAD - 1, HEAD, HEAD + 1, HEAD + 5, len(whole) // 2, len(whole) - 21, len(whole) - 1}:
        path.write_bytes(whole[:length])
        with pytest.raises(CutOffError):
            read(path)


@given(place=st.integers(min_value=0), bit=st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_a_bit_that_is_turned_anywhere_is_noticed(path: Path, place: int, bit: int) -> None:
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[place % len(whole)] ^= 1 << bit
    path.write_bytes(bytes(changed))
    with pytest.raises((ChangedError, CutOffError, RefusedError)):
        read(path)
    path.write_bytes(whole)


def pieces_of(path: Path) -> tuple[bytes, list[bytes]]:
    """Head and pieces as they lie there."""
    whole = path.read_bytes()
    head, rest, found = whole[:HEAD], whole[HEAD:], []
    while rest:
        size = 1 + 4 + int.from_bytes(rest[1:5], "big") + 16
        found.append(rest[:size])
        rest = rest[size:]
    return head, found


def test_pieces_in_another_order_left_out_or_repeated_are_noticed(path: Path) -> None:
    head, (one, two, three, end) = pieces_of(path)
    for order in ((two, one, three, end), (one, three, end), (one, one, two, three, end), (one, end), (end,)):
        path.write_bytes(head + b"".join(order))
        with pytest.raises(ChangedError):
            read(path)
    path.write_bytes(head + one + two + three + end + one)
    with pytest.raises(ChangedError):
        read(path)


def test_a_file_under_the_name_of_another_does_not_open(path: Path) -> None:
    with pytest.raises(ChangedError):
        read(path, name="another name")


@pytest.mark.parametrize(
    ("keys", "code", "said"),
    [
        ((OTHER,), "BACKUP_KEY_MISSING", "under key 1, which is not at hand"),
        ((BackupKey(1, "w" * 32),), "BACKUP_KEY_OTHER", "under another key 1 than the one at hand"),
    ],
)
def test_a_key_that_is_missing_or_wrong_is_named(path: Path, keys: tuple[BackupKey, ...], code: str, said: str) -> None:
    with pytest.raises(RefusedError, match=said) as refused:
        read(path, *keys)
    assert (refused.value.code, refused.value.field) == (code, "TIEMCHUNG_BACKUP_KEYS")


def test_without_any_key_an_encrypted_file_says_which_one_it_wants(path: Path) -> None:
    with pytest.raises(RefusedError, match="under key 1, which is not at hand"):
        b"".join(sealed_file.read(path, (), "name"))


def test_after_a_change_of_keys_what_stands_under_the_older_one_is_still_read(path: Path) -> None:
    assert read(path, OTHER, KEY) == b"".join(CONTENT)


def test_a_plain_file_is_refused_where_there_are_keys_and_read_where_there_are_none(tmp_path: Path) -> None:
    writer = sealed_file.create(tmp_path / "plain", (), "name")
    writer.write(b"content")
    writer.finish()
    assert (tmp_path / "plain").read_bytes() == b"content"
    assert b"".join(sealed_file.read(tmp_path / "plain", (), "name")) == b"content"
    with pytest.raises(RefusedError, match="is not encrypted"):
        read(tmp_path / "plain")


@pytest.mark.parametrize("keys", [(KEY,), ()])
@pytest.mark.parametrize("lost", [0, 1, 4999])
def test_who_goes_on_with_a_file_that_was_cut_off_loses_what_was_cut_off_alone(
    tmp_path: Path, keys: tuple[BackupKey, ...], lost: int
) -> None:
    path = tmp_path / "begun"
    writer = sealed_file.create(path, keys, "name")
    writer.write(b"a" * 9000)
    writer.write(b"b" * 5000)
    writer.close()
    path.write_bytes(path.read_bytes()[: path.stat().st_size - lost])
    there = len(b"".join(sealed_file.read_begun(path, keys, "name")))
    assert there == (14000 - lost if not keys or not lost else 9000)
    again, length = sealed_file.go_on(path, keys, "name")
    assert length == there
    again.write(b"c" * 100)
    again.finish()
    assert b"".join(sealed_file.read(path, keys, "name")) == (b"a" * 9000 + b"b" * 5000)[:length] + b"c" * 100


def test_no_two_pieces_are_encrypted_alike(tmp_path: Path) -> None:
    """Though a file was begun anew, and gone on with after it was cut off in the same place twice."""
    seen = []
    for _ in range(2):
        writer = sealed_file.create(tmp_path / "file", (KEY,), "name")
        writer.write(b"a" * 100)
        writer.close()
        for _ in range(2):
            again, _ = sealed_file.go_on(tmp_path / "file", (KEY,), "name")
            again.write(b"a" * 100)
            again.close()
            seen.append((tmp_path / "file").read_bytes()[-116:])
            with (tmp_path / "file").open("r+b") as file:
                file.truncate((tmp_path / "file").stat().st_size - 1)
    assert len(set(seen)) == len(seen)
