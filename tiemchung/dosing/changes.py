"""Whose past answers a rule entered late would change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from tiemchung.dosing.answers import Answer
from tiemchung.dosing.assess import assess
from tiemchung.dosing.history import GivenDose, Subject
from tiemchung.dosing.ruleset import RuleSet


class Asked(NamedTuple):
    """A question that may have been answered in the past; `key` says whose it was."""

    key: object
    subject: Subject
    given: tuple[GivenDose, ...]
    area: str | None


@dataclass(frozen=True)
class Change:
    """An answer as it was given and as it would be now."""

    key: object
    as_of: date
    before: Answer
    after: Answer


def changes(before: RuleSet, after: RuleSet, asked: Iterable[Asked], days: Iterable[date]) -> Iterator[Change]:
    """Give each past answer that is another by the later rules: card, dose due, its days, products or certainty."""
    days = tuple(days)
    for one in asked:
        for day in days:
            old = assess(before, one.subject, one.given, one.area, day)
            new = assess(after, one.subject, one.given, one.area, day)
            if _gist(old) != _gist(new):
                yield Change(one.key, day, old, new)


def days_between(first: date, last: date) -> list[date]:
    """Give the days from first to last, both included."""
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def _gist(answer: Answer) -> tuple[object, ...]:
    due = answer.due
    doses = tuple((dose.kind, dose.dn, dose.sd, dose.findings) for dose in answer.doses)
    if due is None:
        return (answer.card, answer.held, doses, None)
    return (answer.card, answer.held, doses, due.kind, due.from_, due.until, due.products, due.contested, due.mark)
