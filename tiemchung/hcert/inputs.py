"""What the library raises when it is given something that it cannot use: which field, why, and the cure."""

from typing import ClassVar

from tiemchung.hcert.errors import HcertError


class InputError(HcertError):
    """Input that cannot be used: `field` names it, `vi` and `en` say why and what to do about it."""

    code: ClassVar[str] = "input"

    def __init__(self, field: str, *, vi: str, en: str) -> None:
        super().__init__(vi, en)
        self.field = field
        self.vi = vi
        self.en = en

    def __str__(self) -> str:
        return f"{self.field}: {self.en}"
