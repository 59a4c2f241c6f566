"""How the two sides of a matching run stand to each other: one file or two, and on which a person stands once."""

from dataclasses import dataclass

from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.store import Store

# So large a share of rows with a double says that doubles belong to the side, and are no two people alike.
_SHARE_OF_DOUBLES = 0.01
# In larger registers so many people share name and birth date that the share of rows says nothing.
_MOST_ROWS_JUDGED = 5_000_000


@dataclass(frozen=True, slots=True)
class Sides:
    """`alone`: one file is matched with itself. `left_once`: no person stands twice on the left; so for the right."""

    alone: bool
    left_once: bool
    right_once: bool

    def each_once(self, left: str, right: str) -> str:
        """The SQL that keeps, of a pair within one file, the one writing."""
        return f"{left}.row < {right}.row" if self.alone else "TRUE"


def find_sides(store: Store, config: LinkConfig, alone: bool) -> Sides:
    """Say how the sides stand: as the configuration has it, else by the doubles that are found."""
    if alone:
        return Sides(alone=True, left_once=False, right_once=False)
    if config.once == "find_out":
        return Sides(False, *(_once(store, config, side) for side in ("left", "right")))
    return Sides(False, *(config.once in ("both", side) for side in ("left", "right")))


def _once(store: Store, config: LinkConfig, side: str) -> bool:
    number = "number_1" if config.left.numbers and config.right.numbers else "CAST(NULL AS VARCHAR)"
    ((rows, doubles),) = store.rows("doubles", side=side, number=number)
    return bool(rows > _MOST_ROWS_JUDGED or doubles <= _SHARE_OF_DOUBLES * rows)
