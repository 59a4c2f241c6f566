"""The rows of a rule file, as they are written: dispatches, approvals, steps, later doses, bars."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tiemchung.dosing.dates import EVER, Days, Span, show
from tiemchung.dosing.products import ANY_AGE, Ages
from tiemchung.dosing.text import Text

PRIMARY, ADDITIONAL, BOOSTER1, BOOSTER2 = "primary", "additional", "booster1", "booster2"
KINDS = (PRIMARY, ADDITIONAL, BOOSTER1, BOOSTER2)
NATION = "VN"
MARKS = ("confirmed", "unconfirmed", "contested")


def weakest(*marks: str) -> str:
    """Give the least certain of some marks."""
    return max(marks, key=MARKS.index, default="confirmed")


@dataclass(frozen=True)
class Dispatch:
    """A decision, dispatch or notice. `replaces` as a whole, `amends` in part."""

    id: str
    number: str | None
    issued: date
    in_force: date
    title: Text
    scope: str
    replaces: tuple[str, ...]
    amends: tuple[str, ...]
    source: str
    mark: str

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Dispatch":
        """Make a dispatch of its checked entry."""
        return cls(
            id=row["id"],
            number=row["number"],
            issued=day_of(row["date"]),
            in_force=day_of(row.get("in_force", row["date"])),
            title=Text(row["title"]["vi"], row["title"]["en"]),
            scope=row.get("scope", NATION),
            replaces=tuple(row.get("replaces", ())),
            amends=tuple(row.get("amends", ())),
            source=row["source"],
            mark=row["mark"],
        )

    @property
    def text(self) -> Text:
        """Number and date, or title and date where no number is known."""
        day = show(self.issued)
        if self.number:
            return Text(f"{self.number} ngày {day}", f"{self.number} of {day}")
        return Text(f"{self.title.vi} ({day}, không rõ số)", f"{self.title.en} ({day}, number unknown)")

    def to_json(self) -> dict[str, Any]:
        """Give number, date and title as the command line prints them."""
        return {"number": self.number, "date": self.issued.isoformat(), "title": self.title.to_json()}


@dataclass(frozen=True)
class Who:
    """One line of a group: named groups, an age band, or courses of certain products only."""

    groups: frozenset[str] = frozenset()
    ages: Ages = ANY_AGE
    only: frozenset[str] = frozenset()

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Who":
        """Read `{groups: [...]}`, `{ages: {...}}` or `{only: [...]}`."""
        return cls(frozenset(row.get("groups", ())), Ages.read(row.get("ages")), frozenset(row.get("only", ())))

    def fits(self, groups: frozenset[str], course: tuple[str, ...]) -> bool:
        """Tell whether groups and course fit; the age band is left to the offer."""
        return (not self.groups or bool(self.groups & groups)) and (
            not self.only or (bool(course) and set(course) <= self.only)
        )


@dataclass(frozen=True)
class Give:
    """Products to give after courses of a shape: only these products, only these platforms, mixed."""

    products: tuple[str, ...]
    only: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    mixed: bool | None = None

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Give":
        """Read `{course: {...}, products: [...]}`."""
        course = row.get("course", {})
        return cls(
            tuple(row["products"]),
            frozenset(course.get("only", ())),
            frozenset(course.get("platforms", ())),
            course.get("mixed"),
        )

    def fits(self, course: tuple[str, ...], platforms: frozenset[str]) -> bool:
        """Tell whether the course has the shape. Mixed = of more than one product."""
        return (
            (not self.only or set(course) <= self.only)
            and (not self.platforms or platforms <= self.platforms)
            and (self.mixed is None or self.mixed == (len(set(course)) > 1))
        )


@dataclass(frozen=True)
class Row:
    """One dated rule: who may get what, how long after what, on which authority.

    `min` and `since_first` are spans after the last and the first dose of the course, `best` the recommended span,
    `until` the last day of a window. `needs` are facts outside the history (supply, consent, guardian).
    `entered` is the day the row became known here; None = with the file.
    """

    id: str
    kind: str
    period: Days
    dispatch: tuple[str, ...]
    mark: str
    ages: Ages = ANY_AGE
    area: str = NATION
    after: tuple[str, ...] = ()
    give: tuple[Give, ...] = ()
    min: Span | None = None
    since_first: Span | None = None
    best: tuple[Span, Span] | None = None
    until: Span | None = None
    dose: int | None = None
    course: int | None = None
    sex: str = ""
    needs: tuple[str, ...] = ()
    forbidden: bool = False
    who: tuple[Who, ...] = ()
    unclear: tuple[Who, ...] = ()
    invited: tuple[Who, ...] = ()
    invited_by: str = ""
    note: str | Text = ""
    asks: str = ""
    entered: date | None = None
    raw: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def read(cls, row: dict[str, Any], kind: str) -> "Row":
        """Make a rule of its checked entry."""
        best = row.get("best")
        return cls(
            id=row["id"],
            kind=row.get("kind", kind),
            period=period(row),
            dispatch=_many(row["dispatch"]),
            mark=row["mark"],
            ages=Ages.read(row.get("ages")),
            area=row.get("area", NATION),
            after=tuple(row.get("after", ())),
            give=_gives(row.get("give", ())),
            min=_span(row, "min"),
            since_first=_span(row, "since_first"),
            best=(Span.parse(best[0]), Span.parse(best[1])) if best else None,
            until=_span(row, "until"),
            **{name: row[name] for name in ("dose", "course", "sex", "forbidden", "asks") if name in row},
            needs=tuple(row.get("needs", ())),
            who=tuple(Who.read(line) for line in row.get("who", ())),
            unclear=tuple(Who.read(line) for line in row.get("unclear", ())),
            invited=_invited(row),
            invited_by=row.get("invited_by", ""),
            entered=day_of(row["entered"]) if "entered" in row else None,
            note=_note(row.get("note", "")),
            raw=row,
        )


@dataclass(frozen=True)
class Approval:
    """A product may be given to an age band from a day on."""

    id: str
    products: tuple[str, ...]
    ages: Ages
    period: Days
    dispatch: tuple[str, ...]
    mark: str

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Approval":
        """Make an approval of its checked entry."""
        ages, dispatch = Ages.read(row.get("ages")), _many(row["dispatch"])
        return cls(row["id"], tuple(row["products"]), ages, period(row), dispatch, row["mark"])


@dataclass(frozen=True)
class Bar:
    """What postpones (or `forbids`) a dose: an infection, an event, a state."""

    id: str
    fact: str
    period: Days
    dispatch: tuple[str, ...]
    mark: str
    ages: Ages = ANY_AGE
    kinds: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    same_product: bool = False
    forbids: bool = False
    since: str = ""
    lasts: Span | None = None
    after_last_dose: bool = False

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Bar":
        """Make a bar of its checked entry."""
        flags = ("same_product", "forbids", "since", "after_last_dose")
        return cls(
            id=row["id"],
            fact=row["fact"],
            period=period(row),
            dispatch=_many(row["dispatch"]),
            mark=row["mark"],
            ages=Ages.read(row.get("ages")),
            kinds=tuple(row.get("kinds", ())),
            products=tuple(row.get("products", ())),
            lasts=_span(row, "lasts"),
            **{name: row[name] for name in flags if name in row},
        )


def day_of(value: date | str) -> date:
    """Read a day of a rule file: YAML gives dates, JSON gives text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def period(row: dict[str, Any]) -> Days:
    """Read the days on which an entry is in force; without `to` it has no end."""
    return Days(day_of(row["from"]), day_of(row.get("to", EVER)))


def _many(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _span(row: dict[str, Any], name: str) -> Span | None:
    return Span.parse(row[name]) if name in row else None


def _gives(rows: list[Any]) -> tuple[Give, ...]:
    if rows and isinstance(rows[0], str):
        return (Give(tuple(rows)),)
    return tuple(Give.read(row) for row in rows)


def _invited(row: dict[str, Any]) -> tuple[Who, ...]:
    if "invited" not in row:
        return ()
    return (Who(groups=frozenset(row["invited"])), Who(ages=Ages.read(row.get("invited_ages"))))


def _note(value: str | dict[str, str]) -> str | Text:
    return Text(value["vi"], value["en"]) if isinstance(value, dict) else value
