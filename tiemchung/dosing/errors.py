"""Errors of this library: each names the field, the cause and the cure, in Vietnamese and English."""

from tiemchung.dosing.text import Text


class DosingError(Exception):
    """Base of all errors here. `field` says where, `text` says what and what to do."""

    def __init__(self, field: str, text: Text) -> None:
        super().__init__(f"{field}: {text.en}")
        self.field = field
        self.text = text


class InputError(DosingError):
    """The question cannot be read: a date, a condition or a line of JSON that is none."""


class RuleFileError(DosingError):
    """A rule file does not fit its schema, names what is not there, or contradicts itself."""


class RuleOverlap(RuleFileError):
    """Two rows decide the same thing on the same day."""


class RuleGap(RuleFileError):
    """Rows of one decision leave days between them that nothing decides."""


class SupersededTwice(RuleFileError):
    """One dispatch is replaced as a whole by two others."""
