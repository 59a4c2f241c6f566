"""All that is kept about one person: a page that he can read, and the same for programs.

Every table that is about a person by the rules of retention, every row of every record of this human. Who of the staff
did something is told as role and office, not by name; other persons by id alone.
"""

import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from tiemchung.accounts.models import Account
from tiemchung.complaints import photos
from tiemchung.complaints.models import ComplaintPhoto
from tiemchung.ground import clock
from tiemchung.ground.errors import NotFoundError
from tiemchung.people import merges
from tiemchung.people.models import Person
from tiemchung.privacy import summary
from tiemchung.privacy.retention import Rule, rules

OF_STAFF = frozenset({"client", "network"})  # from where an employee worked: his data, not the person's
FOR_PEOPLE, FOR_PROGRAMS = "doc-toi.html", "du-lieu.json"


@dataclass(frozen=True)
class Table:
    """The rows about the person in one table, with its name in both languages and how long they stay."""

    rule: Rule
    rows: list[dict[str, Any]]

    @property
    def is_of_photos(self) -> bool:
        """Whether `content` is a picture, to be shown as one."""
        return self.rule.table == ComplaintPhoto._meta.db_table

    def as_json(self) -> dict[str, Any]:
        said = {"vi": self.rule.vi, "en": self.rule.en, "kept": self.rule.then, "why": self.rule.why}
        return said | ({"days": self.rule.days} if self.rule.ends else {}) | {"rows": self.rows}


@dataclass(frozen=True)
class Export:
    """All that is kept about one person, as it stood at a moment."""

    made_at: datetime
    records: list[UUID]
    tables: list[Table]

    @property
    def count(self) -> int:
        """How many rows."""
        return sum(len(table.rows) for table in self.tables)

    @property
    def withheld_reasons(self) -> list[str]:
        """Why, in the reader's language, each reason once."""
        language = "en" if (get_language() or "").startswith("en") else "vi"
        return list(dict.fromkeys(rule.withheld[language] for rule in self.withheld))

    @property
    def withheld(self) -> list[Rule]:
        """The tables with something personal that is not in it; each says why."""
        return [rule for rule in rules() if rule.withheld]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        withheld = {rule.table: dict(rule.withheld) for rule in self.withheld}
        return {
            "made_at": self.made_at.isoformat(),
            "records": [str(each) for each in self.records],
            "tables": {table.rule.table: table.as_json() for table in self.tables},
            "not_in_it": withheld,
        }

    def page(self) -> str:
        """For people, in the reader's language; a whole page that needs nothing else."""
        return render_to_string("privacy/export.html", {"export": self, "summary": summary.of(self.records[0])})

    def as_zip(self) -> bytes:
        """Both in one file."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr(FOR_PEOPLE, self.page())
            file.writestr(FOR_PROGRAMS, json.dumps(self.as_json(), ensure_ascii=False, indent=1))
        return packed.getvalue()


def collect(person_id: UUID) -> Export:
    """Gather all of it. Raises NotFoundError."""
    if not Person.objects.filter(id=person_id).exists():
        raise NotFoundError(
            "person_unknown",
            field="person_id",
            vi="Không có hồ sơ nào mang mã này. Xem lại mã.",
            en="There is no record with this id. Check the id.",
        )
    records = merges.records_of(person_id)
    found = [
        Table(rule, [_opened(rule, row) for row in rule.about_one_of(records).values()])
        for rule in rules()
        if rule.about
    ]
    offices = _offices(row for table in found for row in table.rows)
    written = [Table(table.rule, [_written(row, offices) for row in table.rows]) for table in found]
    return Export(clock.now(), records, written)


def _opened(rule: Rule, row: dict[str, Any]) -> dict[str, Any]:
    """Photos are kept encrypted as bytes: they are given as JPEG in base64."""
    if rule.table == ComplaintPhoto._meta.db_table:
        row["content"] = b64encode(photos.opened(row["content"])).decode()
    return row


def _written(row: Mapping[str, Any], offices: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        name: offices.get(value, "?") if value and _is_account(name) else _plain(value)
        for name, value in row.items()
        if name not in OF_STAFF
    }


def _is_account(column: str) -> bool:
    return column in {"by", "received_from", "account_id"} or column.endswith("_by")


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, dict | list | int | float | bool | None) else str(value)


def _offices(rows: Iterable[Mapping[str, Any]]) -> dict[UUID, str]:
    """Role and office of every account that the rows name."""
    ids = {value for row in rows for name, value in row.items() if value and _is_account(name)}
    with override("vi"):
        return {account.id: _office(account) for account in _accounts(ids)}


def _accounts(ids: set[Any]) -> "models.QuerySet[Account]":
    return Account.objects.filter(id__in=ids).select_related("facility", "area")


def _office(account: Account) -> str:
    place = account.facility or account.area
    return f"{account.get_role_display()}, {place.name}" if place else str(account.get_role_display())
