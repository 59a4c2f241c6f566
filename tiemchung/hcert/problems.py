"""What the library raises when it is given something that it cannot use: which field, why, and the cure."""


class HcertProblem(ValueError):
    """Input that cannot be used: `field` names it, `vi` and `en` say why and what to do; `code` is for machines."""

    code: str = "input"

    def __init__(self, field: str, *, vi: str, en: str) -> None:
        super().__init__(f"{field}: {en}")
        self.field = field
        self.vi = vi
        self.en = en
