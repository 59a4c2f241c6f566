"""What a subject brings besides his doses: groups, states, events, infections, as records write them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from tiemchung.dosing.dates import PartialDate, Span
from tiemchung.dosing.errors import InputError
from tiemchung.dosing.products import plain
from tiemchung.dosing.text import Text

INFECTION = "infection"
_DATE = re.compile(r"\d{4}-\d{1,2}(?:-\d{1,2})?|\d{1,2}[/]\d{1,2}[/]\d{4}")
_WEEKS = re.compile(r"(\d+)\s*(?:weeks?|tuần|w)\s*(?:(\d+)\s*(?:days?|ngày|d))?", re.IGNORECASE)
_LONG_AGO = date(2019, 12, 1)


class Fact(NamedTuple):
    """A state or event with its certain days; `product` names what an allergy is to."""

    code: str
    start: date
    end: date
    product: str = ""


@dataclass(frozen=True)
class ConditionKind:
    """One entry of the conditions that the rule file knows."""

    code: str
    names: Text
    words: tuple[str, ...]
    dated: bool
    product: bool
    implies: tuple[str, ...]

    @classmethod
    def read(cls, row: dict[str, Any]) -> "ConditionKind":
        """Make a condition of its checked entry."""
        words = {plain(name) for name in (row["code"], row["vi"], row["en"], *row["also"])}
        return cls(
            row["code"],
            Text(row["vi"], row["en"]),
            tuple(sorted(words, key=len, reverse=True)),
            row.get("dated", False),
            row.get("product", False),
            tuple(row.get("implies", ())),
        )


@dataclass(frozen=True)
class Conditions:
    """Conditions as read: groups, and facts of which some may be known only roughly."""

    groups: frozenset[str]
    facts: tuple[tuple[Fact, ...], ...]
    not_understood: tuple[str, ...]


def read_conditions(given: Iterable[str], kinds: Mapping[str, ConditionKind], day: date) -> Conditions:
    """Read conditions such as `immunocompromised`, `pregnant:20w@2021-09-01`, `anaphylaxis:PF`.

    A fact that is dated roughly, or not at all, comes as several possible ones. Words that no condition has are
    given back. Raises InputError for a date that cannot be read.
    """
    groups, facts, unread = set(), [], []
    for text in sorted(given):
        kind, rest = _kind(text, kinds)
        if kind is None:
            unread.append(text)
            continue
        groups |= {kind.code, *kind.implies}
        facts.append(_possible(kind, text, rest, day))
        facts += [(Fact(code, day, day),) for code in kind.implies]
    return Conditions(frozenset(groups), tuple(facts), tuple(unread))


def condition_text(given: Any) -> str:
    """Write a condition given as an object (`code`, `product`, `weeks`, `days`, `date`) the short way."""
    if isinstance(given, str):
        return given
    if not isinstance(given, Mapping) or not isinstance(given.get("code"), str):
        raise InputError("conditions", Text("Ghi tên tình trạng.", "Write the condition's name."))
    along = f":{given['weeks']}w{given.get('days', 0)}d" if "weeks" in given else ""
    product = f":{given['product']}" if "product" in given else ""
    when = given.get("date", given.get("on", given.get("until")))
    return f"{given['code']}{product}{along}" + (f"@{when}" if when else "")


def _kind(text: str, kinds: Mapping[str, ConditionKind]) -> tuple[ConditionKind | None, str]:
    wanted = plain(_WEEKS.sub(" ", _DATE.sub(" ", text)))
    found = [(word, kind) for kind in kinds.values() for word in kind.words if f" {word} " in f" {wanted} " and word]
    if not found:
        return None, ""
    word, kind = max(found, key=lambda pair: len(pair[0]))
    return kind, wanted.replace(word, "", 1).strip()


def _possible(kind: ConditionKind, text: str, rest: str, day: date) -> tuple[Fact, ...]:
    if kind.product:
        return (Fact(kind.code, day, day, rest),)
    if not kind.dated:
        return (Fact(kind.code, day, day),)
    said = _DATE.search(text)
    when = PartialDate.parse(said[0], "conditions") if said else None
    if weeks := _WEEKS.search(_DATE.sub(" ", text)):
        along = timedelta(days=7 * int(weeks[1]) + int(weeks[2] or 0))
        return tuple(Fact(kind.code, end - along, end - along) for end in (when.ends if when else (day,)))
    if when:
        return tuple(Fact(kind.code, end, end) for end in when.ends)
    return tuple(Fact(kind.code, end, end) for end in (day - timedelta(weeks=40), day))


def read_infection(given: Any, day: date, recovery: Span) -> tuple[Fact, ...]:
    """Read an infection: a date (illness), `ill/well`, `{"ill": …, "well": …}` or `unknown`; the possible ones.

    An end that is not given lies between the illness and `recovery` after it. Raises InputError if unreadable.
    """
    ill, well = _ill_and_well(given)
    if ill is None and well is None:
        return (Fact(INFECTION, _LONG_AGO, _LONG_AGO), Fact(INFECTION, day, day))
    if ill and well:
        pairs = {(start, max(start, end)) for start in ill.ends for end in well.ends}
    elif ill:
        pairs = {(start, end) for start in ill.ends for end in (start, recovery.after(start))}
    else:
        pairs = _from_recovery(well, recovery) if well else set()
    return tuple(Fact(INFECTION, start, end) for start, end in sorted(pairs))


def _from_recovery(well: PartialDate, recovery: Span) -> set[tuple[date, date]]:
    return {
        (start, end) for end in well.ends for start in (end - timedelta(days=recovery.days), end - timedelta(days=1))
    }


def _ill_and_well(given: Any) -> tuple[PartialDate | None, PartialDate | None]:
    if isinstance(given, Mapping):
        return _part(given.get("ill", given.get("date"))), _part(given.get("well"))
    if isinstance(given, str) and "/" in given and _DATE.search(given) and not _DATE.fullmatch(given.strip()):
        ill, _, well = given.partition("/")
        return _part(ill), _part(well)
    return _part(given), None


def _part(value: Any) -> PartialDate | None:
    if value in (None, "", "unknown", "..", "?", "không rõ"):
        return None
    if not isinstance(value, (str, date, PartialDate)):
        raise InputError("infections", Text(f"Chưa đọc được “{value}”.", f"“{value}” cannot be read."))
    return PartialDate.parse(value, "infections")
