"""A campaign's rules: loaded from files, checked, and changed over time."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Self

from tiemchung.dosing import checks, files
from tiemchung.dosing.conditions import ConditionKind
from tiemchung.dosing.dates import Days, Span, before
from tiemchung.dosing.errors import RuleFileError
from tiemchung.dosing.offers import same_step
from tiemchung.dosing.products import Ages, Catalogue, Product, plain
from tiemchung.dosing.rows import PRIMARY, Approval, Bar, Dispatch, Row, day_of, period
from tiemchung.dosing.ruleset import Conventions, CourseLength, Note, RuleSet, Volume
from tiemchung.dosing.text import Text

REFERENCE = Path(__file__).resolve().parents[2] / "reference_data"
DEFAULT = REFERENCE / "dose_rules" / "covid19.yaml"
_DEFAULT_CONVENTIONS = {"implausible_gap": "7d", "presumed_recovery": "28d", "pregnancy_lasts": "42w"}


@dataclass(frozen=True, eq=False)
class RulesOfFiles(RuleSet):
    """One campaign's rules. Immutable; `load`, `known_on` and `enter` make new ones."""

    @classmethod
    def load(cls, path: Path | str | None = None) -> Self:
        """Read and check a rule file, Viet Nam's COVID-19 rules by default; kept after the first reading.

        Raises RuleFileError (or RuleOverlap, RuleGap, SupersededTwice) naming the entry and the cure.
        """
        return cls._load(Path(path or DEFAULT).resolve())

    @classmethod
    @cache
    def _load(cls, path: Path) -> Self:
        return cls.read(files.read(path, "rules"), path.parent)

    @classmethod
    def read(cls, content: dict[str, Any], folder: Path = DEFAULT.parent) -> Self:
        """Make rules of the content of a rule file; paths in it start at `folder`. Errors as `load`."""
        content = files.check(content, "rules", "rules")
        rules = cls(
            campaign=content["campaign"],
            names=Text(**content["names"]),
            starts=day_of(content["starts"]),
            known_until=day_of(content["known_until"]),
            catalogue=_catalogue(files.part(content["catalogue"], folder, "catalogue")),
            dispatches=_dispatches(files.part(content["dispatches"], folder, "dispatches")),
            rows=_rows(content),
            **_parts(content),
        )
        checks.check(rules, [tuple(pair) for pair in content.get("unfilled", ())])
        return rules

    def known_on(self, day: date) -> Self:
        """The rules as they were known here on a day: rows entered later are left out, their forerunners run on."""
        unknown = [row for row in self.rows if row.entered and row.entered > day]
        if not unknown:
            return self
        kept = [_run_on(row, unknown) for row in self.rows if row not in unknown]
        return replace(self, rows=tuple(kept))

    def enter(self, row: dict[str, Any], table: str, entered: date) -> Self:
        """Add a row that became known late; the row it follows ends the day before. Errors as `load`."""
        files.check({**_EMPTY, table: [row]}, "rules", "row")
        new = replace(Row.read({**row, "entered": entered}, PRIMARY), entered=entered)
        rules = replace(self, rows=(*(_close(old, new) for old in self.rows), new))
        checks.check(rules, [])
        return rules


_EMPTY: dict[str, Any] = {
    "campaign": "", "names": {"vi": "", "en": ""}, "starts": "2000-01-01", "known_until": "2000-01-01",
    "catalogue": "", "dispatches": "", "approvals": [], "first": [], "next": [],
}  # fmt: skip


def _run_on(row: Row, unknown: list[Row]) -> Row:
    for later in unknown:
        if same_step(row, later) and row.area == later.area and row.period.end == before(later.period.start):
            return replace(row, period=Days(row.period.start, later.period.end))
    return row


def _close(old: Row, new: Row) -> Row:
    follows = same_step(old, new) and old.area == new.area and old.period.start < new.period.start
    if follows and old.period.end >= new.period.start:
        return replace(old, period=Days(old.period.start, before(new.period.start)))
    return old


def _rows(content: dict[str, Any]) -> tuple[Row, ...]:
    return tuple(Row.read(row, PRIMARY) for table in ("first", "next", "later") for row in content.get(table, ()))


def _catalogue(content: dict[str, Any]) -> Catalogue:
    products = {row["code"]: Product.read(row) for row in content["products"]}
    ambiguous = [(plain(row["name"]), tuple(row["may_be"])) for row in content.get("ambiguous", ())]
    return Catalogue(products, tuple(ambiguous))


def _dispatches(content: dict[str, Any]) -> dict[str, Dispatch]:
    found: dict[str, Dispatch] = {}
    for row in content["dispatches"]:
        if row["id"] in found:
            raise RuleFileError(f"dispatches:{row['id']}", Text("Mục này ghi hai lần.", "This entry is there twice."))
        found[row["id"]] = Dispatch.read(row)
    return found


def _parts(content: dict[str, Any]) -> dict[str, Any]:
    passport = content.get("passport", {})
    spans = {**_DEFAULT_CONVENTIONS, **content.get("conventions", {})}
    return {
        "approvals": tuple(Approval.read(row) for row in content["approvals"]),
        "bars": tuple(Bar.read(row) for row in content.get("bars", ())),
        "conditions": {row["code"]: ConditionKind.read(row) for row in content.get("conditions", ())},
        "conventions": Conventions(**{name: Span.parse(text) for name, text in spans.items()}),
        "areas": frozenset(content.get("areas", ())),
        "volumes": tuple(_volume(row) for row in content.get("volumes", ())),
        "lengths": tuple(_length(row) for row in content.get("courses", ())),
        "notes": {name: _noted(row) for name, row in content.get("notes", {}).items()},
        "known_gaps": tuple((row["id"], Text(row["vi"], row["en"])) for row in content.get("known_gaps", ())),
        "passport_from": day_of(passport["from"]) if passport else None,
        "passport_dispatch": passport.get("dispatch", ""),
    }


def _volume(row: dict[str, Any]) -> Volume:
    return Volume(row["product"], frozenset(row["kinds"]), row["ml"], period(row))


def _length(row: dict[str, Any]) -> CourseLength:
    groups = frozenset(row.get("groups", ()))
    return CourseLength(
        frozenset(row["products"]), row["doses"], Ages.read(row.get("ages")), groups, period({"from": date.min, **row})
    )


def _noted(row: dict[str, Any]) -> Note:
    return Note(Text(row["vi"], row["en"]), day_of(row.get("from", date.min)), row["dispatch"])
