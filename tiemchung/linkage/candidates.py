"""Who may be whom: exact numbers first, cheap keys for the rest, wide keys only for what then remains."""

from collections.abc import Iterator

from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.statements import names, statement
from tiemchung.linkage.store import Store

_TEXT_KEYS = ("text_key_given", "text_key_family", "text_key_birth", "text_key_year")


def find_candidates(store: Store, config: LinkConfig) -> None:
    """Make the table `pairs` (l, r): every candidate pair once.

    Who has found a candidate of the same name and birth date goes no further. A key value that would make more than
    `max_block` pairs is left out, so that no key's work grows faster than the registers.
    """
    store.run("candidates")
    store.run("residue")
    _use(store, config, "exact")
    store.run("settle")
    _use(store, config, "close")
    store.run("number_probes")
    store.run("settle")
    _use(store, config, "wide")
    for key in _text_keys(config):
        store.run("key_pairs", left_key=key[0], right_key=key[1], max_block=str(config.max_block))
    store.run("pairs")


def _use(store: Store, config: LinkConfig, beginning: str) -> None:
    for name in names(f"{beginning}_"):
        left, right = (statement(name, side=side) for side in ("left", "right"))
        store.run("key_pairs", left_key=left, right_key=right, max_block=str(config.max_block))


def _text_keys(config: LinkConfig) -> Iterator[tuple[str, str]]:
    for column, _ in config.left.texts:
        for name in _TEXT_KEYS:
            left, right = (statement(name, side=side, column=column) for side in ("left", "right"))
            yield left, right
