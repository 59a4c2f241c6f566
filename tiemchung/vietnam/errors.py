"""What this library says when something written cannot be right."""

from dataclasses import dataclass
from enum import StrEnum


class Cure(StrEnum):
    """The cheapest thing that puts a field right."""

    SCAN_CARD = "scan_card"
    RETYPE = "retype"
    READ_PAPER = "read_paper"
    LEAVE_EMPTY = "leave_empty"
    SWITCH_KEYBOARD = "switch_keyboard"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit, said of one field; what was written stands until a person decides.

    `code` is stable and for machines, `vi` and `en` are for people and end with the cure.
    """

    code: str
    field: str
    vi: str
    en: str
    cure: Cure


class InputError(ValueError):
    """The one kind of error this library raises for what people type, scan or import.

    `suggestion` is set where one reading is near certain (a zero lost in a spreadsheet); it is for a person
    to accept, never to be taken silently.
    """

    def __init__(
        self, code: str, field: str, vi: str, en: str, cure: Cure = Cure.RETYPE, suggestion: str | None = None
    ) -> None:
        super().__init__(f"{field}: {en}")
        self.code = code
        self.field = field
        self.vi = vi
        self.en = en
        self.cure = cure
        self.suggestion = suggestion

    def as_finding(self) -> Finding:
        """Give the same words as a finding, for a report of an act that must be recorded all the same."""
        return Finding(self.code, self.field, self.vi, self.en, self.cure)

    def at(self, field: str) -> "InputError":
        """Give the same error under the name that the caller's form has for the field."""
        return InputError(self.code, field, self.vi, self.en, self.cure, self.suggestion)
