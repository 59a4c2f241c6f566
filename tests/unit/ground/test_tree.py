"""A Merkle tree: every leaf proves itself, and nothing else does."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiemchung.ground import tree

LEAVES = st.lists(st.binary(max_size=20), min_size=1, max_size=70).map(lambda items: [tree.leaf_hash(i) for i in items])


@given(LEAVES, st.data())
def test_every_leaf_is_included_at_its_position(leaves: list[bytes], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(leaves) - 1))
    path = tree.inclusion_path(leaves, position)
    assert tree.is_included(leaves[position], position, len(leaves), path, tree.root_hash(leaves))


@given(LEAVES, st.data())
def test_another_leaf_is_not_included(leaves: list[bytes], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(leaves) - 1))
    path = tree.inclusion_path(leaves, position)
    stranger = tree.leaf_hash(b"stranger" + leaves[position])
    assert not tree.is_included(stranger, position, len(leaves), path, tree.root_hash(leaves))


@given(LEAVES, st.data())
def test_a_path_of_the_wrong_length_proves_nothing(leaves: list[bytes], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(leaves) - 1))
    path = [*tree.inclusion_path(leaves, position), b"\x00" * 32]
    assert not tree.is_included(leaves[position], position, len(leaves), path, tree.root_hash(leaves))


@pytest.mark.parametrize("position", [-1, 3, 400])
def test_a_position_outside_the_tree_is_refused(position: int) -> None:
    leaves = [tree.leaf_hash(bytes([number])) for number in range(3)]
    assert not tree.is_included(leaves[0], position, 3, [], tree.root_hash(leaves))


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert tree.root_hash([]) == hashlib.sha256(b"").digest()


def test_the_root_of_three_is_that_of_rfc_6962() -> None:
    one, two, three = (tree.leaf_hash(text) for text in (b"", b"\x00", b"\x10"))
    pair = hashlib.sha256(b"\x01" + one + two).digest()
    assert tree.root_hash([one, two, three]) == hashlib.sha256(b"\x01" + pair + three).digest()
    assert one.hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@given(LEAVES, st.integers(0, 4))
def test_a_tree_built_in_parts_has_the_same_root(leaves: list[bytes], power: int) -> None:
    size = 2**power
    parts = [tree.root_hash(leaves[start : start + size]) for start in range(0, len(leaves), size)]
    assert tree.root_hash(parts) == tree.root_hash(leaves)
