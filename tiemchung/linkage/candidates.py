"""Who may be whom: exact numbers first, cheap keys for the rest, wide keys only for what then remains."""

from collections.abc import Iterable, Iterator

from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.sides import Sides
from tiemchung.linkage.statements import names, statement
from tiemchung.linkage.store import Store

_TEXT_KEYS = ("text_key_given", "text_key_family", "text_key_birth", "text_key_year")


def find_candidates(store: Store, config: LinkConfig, sides: Sides) -> None:
    """Make the table `pairs` (l, r): every candidate pair once.

    Who has found a candidate of the same name and birth date goes no further, unless the right side may hold him
    twice. A key value that would make more than `max_block` pairs is left out, so that no key's work grows faster than
    the registers.
    """
    store.run("candidates")
    store.run("residue")
    _use_keys(store, config, sides, _keys("exact_"))
    _settle(store, sides)
    _use_keys(store, config, sides, _keys("close_"))
    store.run("number_probes", each_once=sides.each_once)
    _settle(store, sides)
    _use_keys(store, config, sides, (*_keys("wide_"), *_text_keys(config)))
    store.run("pairs")


def _settle(store: Store, sides: Sides) -> None:
    if sides.right_once:
        store.run("settle")


def _use_keys(store: Store, config: LinkConfig, sides: Sides, keys: Iterable[tuple[str, str]]) -> None:
    for left, right in keys:
        words = {"left_key": left, "right_key": right, "max_block": str(config.max_block)}
        store.run("key_pairs", **words, each_once=sides.each_once)


def _keys(beginning: str) -> Iterator[tuple[str, str]]:
    for name in names(beginning):
        left, right = (statement(name, side=side) for side in ("left", "right"))
        yield left, right


def _text_keys(config: LinkConfig) -> Iterator[tuple[str, str]]:
    for column, _ in config.left.texts:
        for name in _TEXT_KEYS:
            left, right = (statement(name, side=side, column=column) for side in ("left", "right"))
            yield left, right
