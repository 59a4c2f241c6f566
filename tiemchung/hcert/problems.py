"""What the library raises when it is given something that it cannot use: which field, why, and the cure."""

from typing import Any


class HcertProblem(ValueError):
    """Input that cannot be used: `field` names it, `vi` and `en` say why and what to do; `code` is for machines."""

    code: str = "input"

    def __init__(self, field: str, *, vi: str, en: str) -> None:
        super().__init__(f"{field}: {en}")
        self.field = field
        self.vi = vi
        self.en = en

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between the processes of a batch, whatever a subclass's arguments are."""
        return _restored, (type(self), str(self)), self.__dict__


def _restored(kind: type[HcertProblem], text: str) -> HcertProblem:
    return kind.__new__(kind, text)
