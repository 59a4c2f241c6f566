"""How long does what stay? The rules of reference_data/retention.yaml, checked as they are read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import yaml
from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from tiemchung.vietnam.reference import reference_file

NOTHING = "none"
ENDS = frozenset({"keep", "erase", "blank", "delete"})


class RetentionRuleError(ValueError):
    """A row of the rules cannot be followed; the message names the table and the cure."""


@dataclass(frozen=True)
class Gone:
    """What became, or is to become, of so many rows of one table."""

    table: str
    then: str
    rows: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Rule:
    """What holds for one table."""

    table: str
    personal: str
    then: str
    why: str = ""
    about: tuple[str, ...] = ()
    vi: str = ""
    en: str = ""
    days: int = 0
    since: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)
    leave_last_of: str = ""
    only: Mapping[str, Any] = field(default_factory=dict)  # of which rows it ends, by column; the others stay
    withheld: Mapping[str, str] = field(default_factory=dict)  # why it is not in a person's export, vi and en

    def __post_init__(self) -> None:
        wrong = self._wrong()
        if wrong:
            raise RetentionRuleError(f"retention.yaml, {self.table}: {wrong}")

    @property
    def ends(self) -> bool:
        """Whether anything happens after its time."""
        return self.then != "keep"

    @property
    def model(self) -> type[models.Model]:
        """The table's model. Raises RetentionRuleError when there is none."""
        found = tables().get(self.table)
        if found is None:
            raise RetentionRuleError(f"retention.yaml, {self.table}: there is no such table; take the row out")
        return found

    def about_one_of(self, person_ids: list[Any]) -> QuerySet[models.Model]:
        """The rows about these records of a person, in a steady order."""
        wanted = Q()
        for way in self.about:
            wanted |= Q(**{f"{way}__in": person_ids})
        return self.model._default_manager.filter(wanted).order_by("pk")

    def due(self, now: datetime) -> QuerySet[models.Model]:
        """The rows whose time is over and to which nothing has happened yet, the oldest first."""
        rows = self._concerned().filter(**{f"{self.since}__lt": now - timedelta(days=self.days)})
        if self.then == "erase":
            rows = rows.filter(content__isnull=False)
        for column, value in self.columns.items():
            rows = rows.exclude(**{column: value})
        if self.leave_last_of:
            rows = rows.filter(Exists(self._later_ones()))
        return rows.order_by(self.since, "pk")

    def _concerned(self) -> QuerySet[models.Model]:
        return self.model._default_manager.filter(**self.only)

    def _later_ones(self) -> QuerySet[models.Model]:
        same = {self.leave_last_of: OuterRef(self.leave_last_of), "pk__gt": OuterRef("pk")}
        return self._concerned().filter(**same)

    def _wrong(self) -> str:
        if self.then not in ENDS:
            return f"«then» is one of {', '.join(sorted(ENDS))}"
        if self.ends and not (self.days > 0 and self.since):
            return "what ends needs «days» and «since»"
        if (self.then == "blank") != bool(self.columns):
            return "«columns» goes with «blank»"
        if self.personal == NOTHING and (self.about or self.ends):
            return "nothing personal is neither about a person nor ends"
        if self.about and not (self.vi and self.en):
            return "what is exported needs a name in both languages"
        if (self.personal != NOTHING and not self.about) != (self.withheld.keys() == {"vi", "en"}):
            return "what is personal is «about» a person, or says by «withheld», vi and en, why it is not exported"
        return "" if self.personal == NOTHING or self.why else "«why» is missing"


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order of the file. Raises RetentionRuleError."""
    content = yaml.safe_load(reference_file("retention.yaml").read_text(encoding="utf-8"))
    return tuple(Rule(**row | {"about": tuple(row.get("about", ()))}) for row in content["tables"])


def due(now: datetime) -> list[Gone]:
    """What is past its time and has not gone yet, table by table."""
    return [Gone(rule.table, rule.then, rule.due(now).count()) for rule in rules() if rule.ends]


@cache
def tables() -> dict[str, type[models.Model]]:
    """The tables that have a model, by name."""
    return {model._meta.db_table: model for model in apps.get_models()}
