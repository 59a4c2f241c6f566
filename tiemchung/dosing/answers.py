"""What is answered: dataclasses without logic, and how they are printed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tiemchung.dosing.products import EuCodes
from tiemchung.dosing.rows import Dispatch
from tiemchung.dosing.text import Text


@dataclass(frozen=True)
class Finding:
    """Something odd in the input or against the rule of its day. `holds`: bars card and passport until resolved."""

    code: str
    field: str
    text: Text
    holds: bool

    def to_json(self) -> dict[str, Any]:
        """Give code, place, sentence and weight."""
        return {"code": self.code, "field": self.field, **self.text.to_json(), "holds": self.holds}


@dataclass(frozen=True)
class Unknown:
    """A fact on which the answer hangs, and what to ask."""

    code: str
    field: str
    ask: Text

    def to_json(self) -> dict[str, Any]:
        """Give code, place and question."""
        return {"code": self.code, "field": self.field, "ask": self.ask.to_json()}


@dataclass(frozen=True)
class Option:
    """One product that may be given next. `from_`: first day the rules allow it; `allowed`: on the day asked about.

    `needs`: facts not stated that it hangs on. `deferred_by`: the bar that moved the day.
    """

    product: str
    from_: date
    until: date | None
    best_from: date | None
    allowed: bool
    rule: str
    dispatch: tuple[str, ...]
    mark: str
    needs: tuple[str, ...] = ()
    volume_ml: float | None = None
    deferred_by: str = ""


@dataclass(frozen=True)
class Due:
    """The next dose. `from_` may lie ahead of the day asked about; `until` is the last recommended or possible day.

    `possible_from` is earlier than `from_` where something unknown might allow it. `products` may be given without
    doubt about the rule; `contested` ones are allowed by one reading of the sources only.
    """

    kind: str
    number: int
    from_: date
    until: date | None
    possible_from: date
    best_from: date | None
    overdue: bool
    products: tuple[str, ...]
    contested: tuple[str, ...]
    options: tuple[Option, ...]
    rule: str
    dispatch: tuple[Dispatch, ...]
    mark: str
    reason: Text
    invited: bool
    deferred_by: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give the dose due as the command line prints it."""
        return {
            "kind": self.kind,
            "number": self.number,
            "from": self.from_.isoformat(),
            "until": _day(self.until),
            "possible_from": self.possible_from.isoformat(),
            "best_from": _day(self.best_from),
            "overdue": self.overdue,
            "products": list(self.products),
            "contested": list(self.contested),
            "options": [_option(option) for option in self.options],
            "rule": self.rule,
            "dispatch": [one.to_json() for one in self.dispatch],
            "mark": self.mark,
            "invited": self.invited,
            "deferred_by": self.deferred_by or None,
            "reason": self.reason.to_json(),
        }


@dataclass(frozen=True)
class DoseAnswer:
    """One entry of the history, in the order given. `valid`: True counts, False is left out, None undecided."""

    kind: str | None
    valid: bool | None
    dn: int | None
    sd: int | None
    findings: tuple[Finding, ...]
    product: str | None
    date: date | None
    label: Text

    def to_json(self) -> dict[str, Any]:
        """Give the dose as the command line prints it."""
        return {
            "kind": self.kind,
            "valid": self.valid,
            "dn": self.dn,
            "sd": self.sd,
            "product": self.product,
            "date": _day(self.date),
            "label": self.label.to_json(),
            "findings": [finding.to_json() for finding in self.findings],
        }


@dataclass(frozen=True)
class PassportDose:
    """What a passport would carry of the last dose: number, series, EU triple of the last product."""

    dn: int
    sd: int
    product: str
    eu: EuCodes
    date: date

    def to_json(self) -> dict[str, Any]:
        """Give the values under the names of the EU schema."""
        codes = {"mp": self.eu.mp, "ma": self.eu.ma, "vp": self.eu.vp}
        return {"dn": self.dn, "sd": self.sd, **codes, "dt": self.date.isoformat()}


@dataclass(frozen=True)
class Answer:
    """All that follows from a history on a day. `reason` says why something, or nothing, is due."""

    as_of: date
    card: str
    complete_since: date | None
    held: bool
    due: Due | None
    reason: Text
    rule: str
    dispatch: tuple[Dispatch, ...]
    mark: str
    doses: tuple[DoseAnswer, ...]
    findings: tuple[Finding, ...]
    unknown: tuple[Unknown, ...]
    notes: tuple[Text, ...]
    passport: PassportDose | None
    no_passport: Text | None

    def to_json(self) -> dict[str, Any]:
        """Give the answer as the command line prints it."""
        return {
            "as_of": self.as_of.isoformat(),
            "card": self.card,
            "complete_since": _day(self.complete_since),
            "held": self.held,
            "due": self.due.to_json() if self.due else None,
            "reason": self.reason.to_json(),
            "rule": self.rule or None,
            "dispatch": [one.to_json() for one in self.dispatch],
            "mark": self.mark,
            "doses": [dose.to_json() for dose in self.doses],
            "findings": [finding.to_json() for finding in self.findings],
            "unknown": [unknown.to_json() for unknown in self.unknown],
            "notes": [note.to_json() for note in self.notes],
            "passport": self.passport.to_json() if self.passport else None,
            "no_passport": self.no_passport.to_json() if self.no_passport else None,
        }


@dataclass(frozen=True)
class Verdict:
    """May this product be given on this day. `field` names what stands against it; `needs` what must be asked first."""

    allowed: bool
    reason: Text
    code: str
    rule: str
    dispatch: tuple[Dispatch, ...]
    mark: str
    field: str | None
    from_: date | None
    needs: tuple[str, ...]
    kind: str | None
    volume_ml: float | None
    unknown: tuple[Unknown, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the verdict as the command line prints it."""
        return {
            "allowed": self.allowed,
            "code": self.code,
            "kind": self.kind,
            "from": _day(self.from_),
            "needs": list(self.needs),
            "volume_ml": self.volume_ml,
            "rule": self.rule or None,
            "dispatch": [one.to_json() for one in self.dispatch],
            "mark": self.mark,
            "field": self.field,
            "reason": self.reason.to_json(),
            "unknown": [unknown.to_json() for unknown in self.unknown],
        }


def _option(option: Option) -> dict[str, Any]:
    return {
        "product": option.product,
        "from": option.from_.isoformat(),
        "until": _day(option.until),
        "allowed": option.allowed,
        "needs": list(option.needs),
        "volume_ml": option.volume_ml,
        "rule": option.rule,
        "mark": option.mark,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
