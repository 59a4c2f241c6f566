"""Who may be whom: exact numbers first, cheap keys for the rest, wide keys only for what then remains."""

from collections.abc import Iterable, Iterator

from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.sides import Sides
from tiemchung.linkage.statements import names, statement
from tiemchung.linkage.store import Store

# The widest keys may make so many times fewer pairs of a value: they tell little.
_WIDEST = 50


def find_candidates(store: Store, config: LinkConfig, sides: Sides, part: int = 0, parts: int = 1) -> None:
    """Make the table `pairs` (l, r): every candidate pair of a part of the left records once.

    Who has found a candidate of the same name and birth date goes no further, unless the right side may hold him
    twice. A key value that would make more than `max_block` pairs is left out, so that no key's work grows faster than
    the registers.
    """
    store.run("candidates")
    store.run("residue", part=str(part), parts=str(parts))
    _use_keys(store, config.max_block, sides, _keys("exact_"))
    _settle(store, sides, "settle")
    _use_keys(store, config.max_block, sides, _keys("close_"))
    store.run("number_probes", each_once=sides.each_once)
    _settle(store, sides, "settle")
    _use_keys(store, config.max_block, sides, (*_keys("wide_"), *_text_keys(config, "text_key_")))
    _settle(store, sides, "settle_likely")
    few = max(1, config.max_block // _WIDEST)
    _use_keys(store, few, sides, (*_keys("widest_"), *_text_keys(config, "text_widest_")))
    store.run("pairs")


def _settle(store: Store, sides: Sides, name: str) -> None:
    if sides.right_once:
        store.run(name)


def _use_keys(store: Store, max_block: int, sides: Sides, keys: Iterable[tuple[str, str]]) -> None:
    for left, right in keys:
        words = {"left_key": left, "right_key": right, "max_block": str(max_block)}
        store.run("key_pairs", **words, each_once=sides.each_once)


def _keys(beginning: str) -> Iterator[tuple[str, str]]:
    for name in names(beginning):
        left, right = (statement(name, side=side) for side in ("left", "right"))
        yield left, right


def _text_keys(config: LinkConfig, beginning: str) -> Iterator[tuple[str, str]]:
    for column, _ in config.left.texts:
        for name in names(beginning):
            left, right = (statement(name, side=side, column=column) for side in ("left", "right"))
            yield left, right
