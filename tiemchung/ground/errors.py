"""What do we say when something may not be done? Errors that name field, reason and cure, in two languages.

A door turns them into a status, an exit code or a page: see `HTTP_STATUS` for the doors that speak HTTP.
"""

from datetime import timedelta
from math import ceil
from typing import ClassVar, Protocol


class Said(Protocol):
    """An error of a library that already says field, reason and cure."""

    code: str
    field: str
    vi: str
    en: str


class RefusedError(Exception):
    """Something may not be done. `code` is for machines, `field` names what to mend, `vi` and `en` say why and how."""

    kind: ClassVar[str] = "refused"

    def __init__(self, code: str, *, field: str = "", vi: str, en: str) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.field = field
        self.vi = vi
        self.en = en

    @classmethod
    def of(cls, said: Said, *, field: str = "") -> "RefusedError":
        """Pass on what a library said, under the name that the field has here."""
        return cls(said.code, field=field or said.field, vi=said.vi, en=said.en)

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "field": self.field, "vi": self.vi, "en": self.en}


class InvalidInputError(RefusedError):
    """What was written cannot be read or cannot be true."""

    kind = "invalid"


class NotAllowedError(RefusedError):
    """This account may not do this here."""

    kind = "not_allowed"


class NotFoundError(RefusedError):
    """What is named is not there, or not in this account's scope: the two read alike."""

    kind = "not_found"


class ConflictError(RefusedError):
    """It cannot be done as things stand: a rule or an earlier act is against it."""

    kind = "conflict"


class TooManyError(RefusedError):
    """This was asked for, or tried, too often for now; `retry_after` says for how many seconds (the header of HTTP)."""

    kind = "too_many"

    def __init__(self, code: str, *, field: str = "", vi: str, en: str, wait: timedelta = timedelta(minutes=1)) -> None:
        super().__init__(code, field=field, vi=vi, en=en)
        self.retry_after = max(1, ceil(wait.total_seconds()))


HTTP_STATUS = {"refused": 400, "not_allowed": 403, "not_found": 404, "conflict": 409, "invalid": 422, "too_many": 429}


def http_status(error: RefusedError) -> int:
    """The HTTP status that goes with an error."""
    return HTTP_STATUS[error.kind]
