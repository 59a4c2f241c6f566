"""Answers as columns, and the single answer brought to the same columns."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tiemchung.dosing.answers import Answer
from tiemchung.dosing.rows import KINDS
from tiemchung.dosing.ruleset import RuleSet
from tiemchung.dosing.sets.days import NEVER, Array, Mask, number

CARDS = ("none", "yellow", "green")
_WHEN = ("from_", "until", "rule")
_OPEN = {"birth_date", "sex", "area", "infection", "condition", "dose"}


@dataclass(frozen=True)
class Answers:
    """Columns of equal length, one row per history.

    card: place in CARDS. complete_since, from_, until: day numbers or NEVER. kind: place in KINDS or -1 for nothing
    due. number: of the dose within its kind. products: bit n = product n of `codes_of` is offered. rule: place in
    `rules.rows` or -1. dn, sd: of the last dose that counts, 0 where none or undecided. held: an open finding bars card
    and passport. open: the answer hangs on something that the record leaves open.
    """

    card: NDArray[np.int8]
    complete_since: Array
    held: Mask
    kind: NDArray[np.int8]
    number: NDArray[np.int8]
    from_: Array
    until: Array
    products: NDArray[np.int64]
    rule: NDArray[np.int16]
    dn: NDArray[np.int8]
    sd: NDArray[np.int8]
    open: Mask

    @classmethod
    def empty(cls, size: int) -> "Answers":
        """Make columns that say: no dose, nothing due."""
        return cls(
            card=np.zeros(size, np.int8),
            complete_since=np.full(size, NEVER, np.int32),
            held=np.zeros(size, np.bool_),
            kind=np.full(size, -1, np.int8),
            number=np.zeros(size, np.int8),
            from_=np.full(size, NEVER, np.int32),
            until=np.full(size, NEVER, np.int32),
            products=np.zeros(size, np.int64),
            rule=np.full(size, -1, np.int16),
            dn=np.zeros(size, np.int8),
            sd=np.zeros(size, np.int8),
            open=np.zeros(size, np.bool_),
        )

    def __len__(self) -> int:
        return len(self.card)

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """Give the columns by name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def put(self, rows: NDArray[np.intp], other: "Answers") -> None:
        """Write the rows of other answers into these."""
        for name, column in self.columns().items():
            column[rows] = getattr(other, name)

    def row(self, at: int) -> tuple[int, ...]:
        """Give one row as plain numbers."""
        return tuple(int(column[at]) for column in self.columns().values())

    def joined(self, other: "Answers", day: int) -> Mask:
        """Join the answers of another world into these, and tell where they could be joined.

        Worlds agree when all is the same, or when the same dose is due by the day in both: then since the later day.
        """
        agree = np.ones(len(self), np.bool_)
        for name, column in self.columns().items():
            if name not in _WHEN:
                agree &= column == getattr(other, name)
        same_day = (self.from_ == other.from_) & (self.until == other.until) & (self.rule == other.rule)
        both_now = (self.kind >= 0) & (self.from_ <= day) & (other.from_ <= day)
        later = agree & both_now & (other.from_ > self.from_)
        for name in _WHEN:
            getattr(self, name)[later] = getattr(other, name)[later]
        joined: Mask = agree & (same_day | both_now)
        return joined


def row_of_answer(rules: RuleSet, answer: Answer) -> tuple[int, ...]:
    """Bring a single answer to the columns of `Answers`."""
    due = answer.due
    codes = list(rules.products)
    counted = [dose for dose in answer.doses if dose.valid is not False]
    last = max(counted, key=lambda dose: (dose.dn or 0, dose.date is not None), default=None)
    decided = last is not None and last.dn is not None and all(dose.dn for dose in counted)
    rules_at = {row.id: at for at, row in enumerate(rules.rows)}
    return (
        CARDS.index(answer.card),
        number(answer.complete_since) if answer.complete_since else NEVER,
        int(answer.held),
        KINDS.index(due.kind) if due else -1,
        due.number if due else 0,
        number(due.from_) if due else NEVER,
        number(due.until) if due and due.until else NEVER,
        sum(1 << codes.index(code) for code in due.products) if due else 0,
        rules_at[due.rule] if due else -1,
        (last.dn or 0) if last and decided else 0,
        (last.sd or 0) if last and decided else 0,
        int(any(unknown.code in _OPEN for unknown in answer.unknown)),
    )
